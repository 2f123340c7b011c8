package solvers_test

import (
	"fmt"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// TestCheck holds that a value which isn't legal is known before its time, unless it follows a metric.
func TestCheck(t *testing.T) {
	plateau := &schedules.Plateau{Of: schedules.Linear(0.5, 1.5, 10), Factor: 0.5}
	for _, c := range []struct {
		momentum, rate schedules.Schedule
		at             int64
		want           string
	}{
		{schedules.Linear(0.5, 1.5, 10), schedules.Constant(1), 4, "<nil>"},
		{schedules.Linear(0.5, 1.5, 10), schedules.Constant(1), 5, "solvers: momentum 1 outside [0, 1) at iteration 5 (linear(0.5,1.5,10))"},
		{schedules.Constant(0.9), schedules.Linear(1, -3, 4), 2, "solvers: rate -1 outside [0, Inf) at iteration 2 (linear(1,-3,4))"},
		{schedules.Scale(1, plateau), schedules.Constant(1), 8, "<nil>"},
	} {
		s, err := solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(c.rate), solvers.Schedule("momentum", c.momentum))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(s.Check(schedules.Time{Step: c.at})); got != c.want {
			t.Errorf("at iteration %d: %s, want %s", c.at, got, c.want)
		}
	}
}
