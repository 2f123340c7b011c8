// Command threads generates the instruction that a polling thread executes between two looks.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

func main() {
	ConstraintExpr("amd64,!purego")
	TEXT("pause", NOSPLIT, "func()")
	Doc("pause tells the processor that the thread polls: it leaves the core's resources to others for some cycles.")
	PAUSE()
	RET()
	Generate()
}
