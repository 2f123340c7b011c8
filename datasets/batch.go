package datasets

import "github.com/fallline/fallline/batch"

// Batch is batch.Batch, what a Dataset fills, under the name that it had here when each package had one of its own.
type Batch = batch.Batch
