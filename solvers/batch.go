package solvers

import "github.com/fallline/fallline/batch"

// Batch is batch.Batch, what a Sampler draws, under the name that it had here when each package had one of its own.
type Batch = batch.Batch
