package main

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/plot"
)

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		of        plot.Ticker
		low, high float64
		want      []string
	}{
		{rounds{}, 0, 1, []string{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}},
		{rounds{}, -0.9, 1, []string{"−0.5", "0.0", "0.5", "1.0"}},
		{rounds{}, 0.981, 0.9893, []string{"0.982", "0.984", "0.986", "0.988"}},
		{rounds{}, 1, 50, []string{"10", "20", "30", "40", "50"}},
		{decades{}, 0.0005, 0.008, []string{"0.0005", "0.001", "0.002", "0.005"}},
		{decades{}, 0.02, 0.057, []string{"0.02", "0.03", "0.04", "0.05"}},
		{decades{}, 1, 300, []string{"1", "", "", "10", "", "", "100", ""}},
		{decades{}, 1e-12, 1, []string{"10⁻¹²", "", "", "10⁻⁹", "", "", "10⁻⁶", "", "", "0.001", "", "", "1"}},
	} {
		var got []string
		for _, tick := range c.of.Ticks(c.low, c.high) {
			if tick.Value < c.low-1e-9 || tick.Value > c.high+1e-9 {
				t.Errorf("%T from %v to %v: a tick at %v", c.of, c.low, c.high, tick.Value)
			}
			got = append(got, tick.Label)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%T from %v to %v: %q, want %q", c.of, c.low, c.high, got, c.want)
		}
	}
	if got := number(math.Copysign(0, -1)).String(); got != "0" {
		t.Errorf("−0 is written %s", got)
	}
}
