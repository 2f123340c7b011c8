package training

import (
	"fmt"
	"io"

	"github.com/fallline/fallline/schedules"
)

// Usage explains what the flags' values may be.
func Usage(w io.Writer) {
	fmt.Fprint(w, "\nA schedule is one of these; lengths are in iterations, as 500, or in epochs, as 2.5ep:\n\n")
	for _, form := range schedules.Forms() {
		fmt.Fprintf(w, "  %s\n", form)
	}
	fmt.Fprint(w, "\nplateau follows the mean training loss of each epoch; plateauhigh, for what should rise, has nothing to follow here.\n")
	fmt.Fprint(w, "\nThe rules that scale each weight's steps have a rate of their own:\n\n")
	for _, name := range Solvers {
		if rate, ok := adaptiveRates[name]; ok {
			fmt.Fprintf(w, "  -solver %s -lr %v\n", name, rate)
		}
	}
}

// String is the plan as flags.
func (p Plan) String() string {
	return fmt.Sprintf("-solver %s -schedule %s -lr %v -batch %d -epochs %d", p.Solver, p.Schedule, p.Rate, p.Batch, p.Epochs)
}
