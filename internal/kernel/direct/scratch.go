package direct

import "github.com/fallline/fallline/internal/kernel"

// scratch is memory that one thread works in during a convolution. It grows to what was ever needed.
type scratch struct {
	source, stage, zeros, winners kernel.Buffer
	offsets                       [2][16]int
	spans                         []span
	runs                          []cellRuns
	window                        []int
}

var scratches kernel.Stash[scratch]
