package graph

import (
	"sync"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestConcurrent runs two programs over one vector of weights at once, with ops of Gorgonia that transpose their
// arguments in place.
func TestConcurrent(t *testing.T) {
	for _, noFusion := range []bool{false, true} {
		var opts []Option
		if noFusion {
			opts = append(opts, NoFusion())
		}
		var programs []*Program
		x, y := random(tensor.Float32, "x", 6, 9), random(tensor.Float32, "y", 6, 4)
		constant := random(tensor.Float32, "k", 3, 4)
		for range 3 {
			r := newRig(tensor.Float32, 6)
			aside := must(gorgonia.Mul(must(gorgonia.Mul(r.input("z", 2, 2), r.param("v", 2, 3))), gorgonia.NewConstant(constant)))
			cost := must(gorgonia.Add(network(r, 9, 8, 4), must(gorgonia.Mean(aside))))
			if len(programs) > 0 {
				opts = append(opts[:len(opts):len(opts)], Weights(programs[0].Weights()))
			}
			p := compiled(t, r, cost, opts...)
			if err := p.Let(r.feeds[0], x); err != nil {
				t.Fatal(err)
			}
			if err := p.Let(r.feeds[1], y); err != nil {
				t.Fatal(err)
			}
			programs = append(programs, p)
		}
		if err := programs[0].RunAll(); err != nil {
			t.Fatal(err)
		}
		want, elsewhere := programs[0].Cost(), programs[0].Weights().Clone()
		var wg sync.WaitGroup
		for k, p := range programs {
			wg.Go(func() {
				g := p.Weights().Like()
				for range 50 {
					var err error
					if k == 1 {
						_, err = p.Evaluate(elsewhere, g)
					} else {
						err = p.RunAll()
					}
					if err != nil || p.Cost() != want {
						t.Errorf("cost %v, want %v (%v)", p.Cost(), want, err)
						return
					}
				}
			})
		}
		wg.Wait()
	}
}

// TestBuildConcurrently builds and compiles graphs on several goroutines under the lock.
func TestBuildConcurrently(t *testing.T) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				Lock()
				r := newRig(tensor.Float64, 3)
				cost := network(r, 4, 3, 2)
				Unlock()
				p, err := Compile(cost, Params(r.params...))
				if err == nil {
					err = p.RunAll()
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
