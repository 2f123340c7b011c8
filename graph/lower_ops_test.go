package graph

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestLoweredOps compares single ops with what Gorgonia's own ops give, on shapes that the models don't have.
func TestLoweredOps(t *testing.T) {
	in := func(r *rig, shape ...int) *gorgonia.Node {
		return r.input(fmt.Sprint("x", len(r.feeds), shape), shape...)
	}
	type unary = func(r *rig) (*gorgonia.Node, error)
	tests := map[string]unary{
		"transpose 2":         func(r *rig) (*gorgonia.Node, error) { return gorgonia.Transpose(in(r, 3, 5)) },
		"transpose 3":         func(r *rig) (*gorgonia.Node, error) { return gorgonia.Transpose(in(r, 2, 3, 4), 2, 0, 1) },
		"transpose the last":  func(r *rig) (*gorgonia.Node, error) { return gorgonia.Transpose(in(r, 2, 3, 4), 0, 2, 1) },
		"transpose the first": func(r *rig) (*gorgonia.Node, error) { return gorgonia.Transpose(in(r, 2, 3, 4), 1, 0, 2) },
		"transpose 4":         func(r *rig) (*gorgonia.Node, error) { return gorgonia.Transpose(in(r, 2, 3, 4, 5), 0, 3, 1, 2) },
		"slice axis 0":        func(r *rig) (*gorgonia.Node, error) { return gorgonia.Slice(in(r, 5, 3, 2), gorgonia.S(1, 4)) },
		"slice axis 1":        func(r *rig) (*gorgonia.Node, error) { return gorgonia.Slice(in(r, 2, 5, 3), nil, gorgonia.S(2, 4)) },
		"slice axis 2": func(r *rig) (*gorgonia.Node, error) {
			return gorgonia.Slice(in(r, 2, 3, 5), nil, nil, gorgonia.S(1, 3))
		},
		"slice to a row":      func(r *rig) (*gorgonia.Node, error) { return gorgonia.Slice(in(r, 5, 3), gorgonia.S(2)) },
		"slice to an element": func(r *rig) (*gorgonia.Node, error) { return gorgonia.Slice(in(r, 5), gorgonia.S(3)) },
		"slice by steps":      func(r *rig) (*gorgonia.Node, error) { return gorgonia.Slice(in(r, 6), gorgonia.S(0, 6, 2)) },
		"concat axis 0":       func(r *rig) (*gorgonia.Node, error) { return gorgonia.Concat(0, in(r, 2, 3), in(r, 4, 3)) },
		"concat axis 2":       func(r *rig) (*gorgonia.Node, error) { return gorgonia.Concat(2, in(r, 2, 3, 1), in(r, 2, 3, 4)) },
		"softmax axis 0":      func(r *rig) (*gorgonia.Node, error) { return gorgonia.SoftMax(in(r, 4, 3), 0) },
		"softmax of a vector": func(r *rig) (*gorgonia.Node, error) { return gorgonia.SoftMax(in(r, 5)) },
		"logsoftmax of 3":     func(r *rig) (*gorgonia.Node, error) { return gorgonia.LogSoftMax(in(r, 2, 3, 4), 1) },
		"sum axis 1 of 3":     func(r *rig) (*gorgonia.Node, error) { return gorgonia.Sum(in(r, 2, 3, 4), 1) },
		"sum axis 2 of 3":     func(r *rig) (*gorgonia.Node, error) { return gorgonia.Sum(in(r, 2, 3, 4), 2) },
		"sum of all":          func(r *rig) (*gorgonia.Node, error) { return gorgonia.Sum(in(r, 2, 3, 4)) },
		"matrix products": func(r *rig) (*gorgonia.Node, error) {
			return gorgonia.Mul(in(r, 4, 1), in(r, 1, 6))
		},
		"vector times matrix": func(r *rig) (*gorgonia.Node, error) { return gorgonia.Mul(in(r, 4), in(r, 4, 3)) },
		"scalar product":      func(r *rig) (*gorgonia.Node, error) { return gorgonia.Mul(in(r, 6), in(r, 6)) },
		"outer product":       func(r *rig) (*gorgonia.Node, error) { return gorgonia.OuterProd(in(r, 3), in(r, 5)) },
		"stack of products":   func(r *rig) (*gorgonia.Node, error) { return gorgonia.BatchedMatMul(in(r, 2, 3, 4), in(r, 2, 4, 5)) },
		"stack, left turned": func(r *rig) (*gorgonia.Node, error) {
			return gorgonia.BatchedMatMul(in(r, 2, 4, 3), in(r, 2, 4, 5), true)
		},
		"stack, right turned": func(r *rig) (*gorgonia.Node, error) {
			return gorgonia.BatchedMatMul(in(r, 2, 3, 4), in(r, 2, 5, 4), false, true)
		},
		"scalar minus tensor": func(r *rig) (*gorgonia.Node, error) { return gorgonia.Sub(in(r), in(r, 2, 3)) },
		"scalar plus tensor":  func(r *rig) (*gorgonia.Node, error) { return gorgonia.Add(in(r), in(r, 2, 3)) },
		"scalar times tensor": func(r *rig) (*gorgonia.Node, error) { return gorgonia.HadamardProd(in(r), in(r, 2, 3)) },
		"scalar over tensor":  func(r *rig) (*gorgonia.Node, error) { return gorgonia.HadamardDiv(in(r), in(r, 2, 3)) },
		"tensor over tensor":  func(r *rig) (*gorgonia.Node, error) { return gorgonia.HadamardDiv(in(r, 2, 3), in(r, 2, 3)) },
		"tensor above scalar": func(r *rig) (*gorgonia.Node, error) { return gorgonia.Gt(in(r, 2, 3), in(r), true) },
		"scalar below tensor": func(r *rig) (*gorgonia.Node, error) { return gorgonia.Lt(in(r), in(r, 2, 3), true) },
		"scalar with scalar":  func(r *rig) (*gorgonia.Node, error) { return gorgonia.Lte(in(r), in(r), true) },
		"broadcast of 4": func(r *rig) (*gorgonia.Node, error) {
			return gorgonia.BroadcastAdd(in(r, 2, 3, 4, 5), in(r, 1, 3, 1, 1), nil, []byte{0, 2, 3})
		},
		"broadcast of a scalar": func(r *rig) (*gorgonia.Node, error) {
			return gorgonia.BroadcastHadamardProd(in(r, 2, 3), in(r, 1, 1), nil, []byte{0, 1})
		},
	}
	for name, build := range tests {
		t.Run(name, func(t *testing.T) {
			eachType(t, func(t *testing.T, dt tensor.Dtype) {
				value := func(opts ...Option) gorgonia.Value {
					r := newRig(dt, 1)
					n := must(build(r))
					p, err := Compile(nil, append(opts, Outputs(n))...)
					if err != nil {
						t.Fatal(err)
					}
					if err := p.RunAll(); err != nil {
						t.Fatal(err)
					}
					return n.Value()
				}
				got, want := value(), value(NoFusion())
				if !got.Shape().Eq(want.Shape()) {
					t.Errorf("shape %v, want %v", got.Shape(), want.Shape())
				}
				tolerance := 1e-14
				if dt == tensor.Float32 {
					tolerance = 1e-6
				}
				near(t, "value", got, want, tolerance)
			})
		})
	}
}
