package op

import (
	"math"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// drop runs the dropouts of a new graph on ones, for the examples of s.Index, and returns a row of each result for each
// example.
func drop(t *testing.T, s *Stream, p float64, rows, ops int) [][][]float64 {
	t.Helper()
	g := gorgonia.NewGraph()
	x := tensor.Ones(tensor.Float64, rows, 40, 5)
	var out [][][]float64
	for range ops {
		n, err := Dropout(node(g, tensor.Float64, rows, 40, 5), p, s)
		if err != nil {
			t.Fatal(err)
		}
		v, err := n.Op().Do(x)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, slices.Collect(slices.Chunk(floats(v), 200)))
	}
	return out
}

// TestDropoutMask checks what a mask depends on: the example, not its place in the batch.
func TestDropoutMask(t *testing.T) {
	base := drop(t, &Stream{Seed: 1, Draw: 2, Index: []int32{7, 8, 9}}, 0.5, 3, 2)
	moved := drop(t, &Stream{Seed: 1, Draw: 2, Index: []int32{9, 5, 6, 4, 7}}, 0.5, 5, 2)
	for k := range base {
		if !slices.Equal(base[k][0], moved[k][4]) || !slices.Equal(base[k][2], moved[k][0]) {
			t.Errorf("operation %d: the mask depends on the place in the batch", k)
		}
	}
	rows := drop(t, &Stream{Seed: 1, Draw: 2}, 0.5, 3, 1)
	if counted := drop(t, &Stream{Seed: 1, Draw: 2, Index: []int32{0, 1, 2}}, 0.5, 3, 1); !slices.Equal(rows[0][2], counted[0][2]) {
		t.Error("without Index, rows are not numbered from 0")
	}
	different := map[string][]float64{
		"example":   base[0][1],
		"operation": base[1][0],
		"seed":      drop(t, &Stream{Seed: 2, Draw: 2, Index: []int32{7}}, 0.5, 1, 1)[0][0],
		"draw":      drop(t, &Stream{Seed: 1, Draw: 3, Index: []int32{7}}, 0.5, 1, 1)[0][0],
		// The same numbers in another place.
		"order": drop(t, &Stream{Seed: 2, Draw: 1, Index: []int32{7}}, 0.5, 1, 1)[0][0],
	}
	for what, row := range different {
		if n := agreement(row, base[0][0]); n < 60 || n > 140 {
			t.Errorf("another %s: %d of 200 elements agree, want about half", what, n)
		}
	}
}

func agreement(a, b []float64) (n int) {
	for i := range a {
		if a[i] == b[i] {
			n++
		}
	}
	return n
}

// TestDropoutRate checks the share of zeros and the scale of the rest.
func TestDropoutRate(t *testing.T) {
	for _, p := range []float64{0, 0.1, 0.5, 0.9} {
		zeros := 0
		for _, row := range drop(t, &Stream{Seed: 3}, p, 100, 1)[0] {
			for _, v := range row {
				switch {
				case v == 0:
					zeros++
				case math.Abs(v-1/(1-p)) > 1e-15/(1-p):
					t.Fatalf("p %v: an element is %v, want 0 or %v", p, v, 1/(1-p))
				}
			}
		}
		// Five standard deviations of a binomial.
		if share := float64(zeros) / 20000; math.Abs(share-p) > 5*math.Sqrt(p*(1-p)/20000) {
			t.Errorf("p %v: a share of %v is zero", p, share)
		}
	}
}

// TestDropoutVar checks that a changed probability holds from the next run on, for the gradient too.
func TestDropoutVar(t *testing.T) {
	p := 0.0
	c := opCase{shapes: [][]int{{4, 50}}, build: func(in gorgonia.Nodes) (*gorgonia.Node, error) {
		return DropoutVar(in[0], &p, &Stream{Seed: 5})
	}}
	n := build(t, tensor.Float64, c)
	n.bind(t, c, 4, 1)
	for _, p = range []float64{0, 0.8, 0.25} {
		r := n.results(t)
		x, w := floats(n.m.values[n.in[0]]), floats(n.m.values[n.weights])
		zeros := 0
		for i, y := range r[0] {
			scale := 1 / (1 - p)
			if y == 0 {
				scale = 0
				zeros++
			}
			if math.Abs(y-scale*x[i]) > 1e-12 || math.Abs(r[2][i]-scale*w[i]) > 1e-12 {
				t.Fatalf("p %v: x %v, y %v, dy %v, dx %v", p, x[i], y, w[i], r[2][i])
			}
		}
		if want := 200 * p; math.Abs(float64(zeros)-want) > 5*math.Sqrt(want)+1e-9 {
			t.Errorf("p %v: %d of 200 elements dropped", p, zeros)
		}
	}
}
