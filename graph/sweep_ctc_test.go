package graph_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// ctc is −ln of the probability of all paths that collapse to a target.
func ctc(logp []float64, T, C int, target []int) float64 {
	path := make([]int, T)
	total := 0.0
	shape := make([]int, T)
	for i := range shape {
		shape[i] = C
	}
	for range tensor.Shape(shape).TotalSize() {
		var out []int
		for i, c := range path {
			if c != 0 && (i == 0 || path[i-1] != c) {
				out = append(out, c)
			}
		}
		if slices.Equal(out, target) {
			s := 0.0
			for i, c := range path {
				s += logp[i*C+c]
			}
			total += math.Exp(s)
		}
		next(path, shape)
	}
	return -math.Log(total)
}

// The gradient is compared through LogSoftMax: that is what Gorgonia's is made for.
func TestSweepCTC(t *testing.T) {
	const steps, classes = 4, 3
	for _, targets := range [][][]int{{{1}}, {{1, 2}}, {{1, 1}}, {{2, 1}, {1, 1}}, {{2, 1}, {1}}, {{2}, {1, 2}, {2, 2}}} {
		for _, mean := range []bool{false, true} {
			n := len(targets)
			reduction := gorgonia.ReductionSum
			if mean {
				reduction = gorgonia.ReductionMean
			}
			var padded, lengths, inputs []int
			for _, l := range targets {
				padded = append(padded, append(slices.Clone(l), 0, 0)[:2]...)
				lengths, inputs = append(lengths, len(l)), append(inputs, steps)
			}
			refused := ""
			if mean {
				refused = "CTCLoss"
			}
			sweep(t, []sweepCase{{
				refused: refused,
				name:    fmt.Sprint("CTCLoss", targets, mean), in: []operand{some(0.2, 1.3, steps, n, classes)},
				build: func(x gorgonia.Nodes) (*gorgonia.Node, error) {
					k := func(name string, v []int, shape ...int) *gorgonia.Node {
						return gorgonia.NewConstant(tensor.New(tensor.WithBacking(v), tensor.WithShape(shape...)), gorgonia.WithName(name))
					}
					return gorgonia.CTCLoss(gorgonia.Must(gorgonia.LogSoftMax(x[0], 2)), k("t", padded, n, 2), k("il", inputs, n), k("tl", lengths, n), reduction)
				},
				want: func(x [][]float64) []float64 {
					logp := along(x[0], []int{steps, n, classes}, 2, logSoftmax)
					loss := 0.0
					for b, l := range targets {
						var own []float64
						for s := range steps {
							own = append(own, logp[(s*n+b)*classes:(s*n+b+1)*classes]...)
						}
						one := ctc(own, steps, classes, l)
						if mean {
							one /= float64(len(l) * n)
						}
						loss += one
					}
					return []float64{loss}
				},
			}})
		}
	}
}
