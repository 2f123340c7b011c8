package main

import (
	"bytes"
	"math"
	"regexp"
	"testing"

	"gorgonia.org/tensor"
)

func TestLines(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out, 8, 0); err != nil {
		t.Fatal(err)
	}
	if want := regexp.MustCompile(`(?s)^a training step.*\n(Gorgonia.* +\d+\.\d{3} ms +\d+\.\dx\n){3}$`); !want.MatchString(out.String()) {
		t.Errorf("got %q", out.String())
	}
}

// TestSameSteps checks that the three ways take the same steps from the same weights.
func TestSameSteps(t *testing.T) {
	var start, end [][]float32
	for _, way := range ways {
		n, err := newNetwork(16)
		if err != nil {
			t.Fatal(err)
		}
		inputs := append(n.graph.Inputs()[:0:0], n.graph.Inputs()...)
		if start == nil {
			for _, in := range inputs {
				start = append(start, append([]float32{}, in.Value().(*tensor.Dense).Float32s()...))
			}
		}
		for i, in := range inputs {
			copy(in.Value().(*tensor.Dense).Float32s(), start[i])
		}
		machine, solver, err := way.open(n)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if err := step(machine, solver, n.params); err != nil {
				t.Fatal(err)
			}
		}
		for i, p := range n.params {
			w := p.Value().(*tensor.Dense).Float32s()
			if way.name == ways[0].name {
				end = append(end, append([]float32{}, w...))
				continue
			}
			for j := range w {
				if d := math.Abs(float64(w[j] - end[i][j])); !(d < 1e-5) {
					t.Fatalf("%s: %s[%d] is %v after five steps, %v with Gorgonia alone", way.name, p.Name(), j, w[j], end[i][j])
				}
			}
		}
		if err := machine.Close(); err != nil {
			t.Error(err)
		}
	}
}
