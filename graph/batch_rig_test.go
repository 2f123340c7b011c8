package graph

import (
	"io"
	"log"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The tests of batch_*_test.go build one graph for two batches, run the one at the other's batch, and want what the
// other gives or a refusal by name.

// rows is a value (n, 4) that depends on a parameter.
func (r *rig) rows() *gorgonia.Node {
	return must(gorgonia.Mul(r.feed("x", 3), r.param("w", 3, 4)))
}

// positive is a value (n, 4) above 0.
func (r *rig) positive() *gorgonia.Node {
	return must(gorgonia.Add(must(gorgonia.Square(r.rows())), r.constant(0.5)))
}

// column is a value (n) that depends on a parameter.
func (r *rig) column() *gorgonia.Node {
	return must(gorgonia.Mul(r.feed("xv", 3), r.param("wv", 3)))
}

// cubes is a value (n, 4, 3) that depends on a parameter.
func (r *rig) cubes() *gorgonia.Node {
	return must(gorgonia.HadamardProd(r.feed("cube", 4, 3), r.param("sc")))
}

// images is a value (n, 2, 4, 4) that depends on a parameter.
func (r *rig) images() *gorgonia.Node {
	return must(gorgonia.HadamardProd(r.feed("image", 2, 4, 4), r.param("si")))
}

// twin is one graph at one batch, compiled.
type twin struct {
	r    *rig
	p    *Program
	out  *gorgonia.Node
	cost *gorgonia.Node // nil if Gorgonia can't make one of out
	flat bool           // no gradient
}

// newTwin builds and compiles a graph for a batch of n. Gorgonia may not be able to.
func newTwin(build func(r *rig) *gorgonia.Node, n int, opts ...Option) (w *twin, err error) {
	for _, want := range []struct{ cost, gradient bool }{{true, true}, {true, false}, {false, false}} {
		err = gate.Protect(func() (err error) {
			w = &twin{r: newRig(tensor.Float64, n), flat: !want.gradient}
			w.out = build(w.r)
			switch {
			case !want.cost:
			case w.out.IsScalar():
				w.cost = w.out
			default:
				w.cost = must(gorgonia.Add(must(gorgonia.Mean(must(gorgonia.Square(w.out)))), must(gorgonia.Sum(w.out))))
			}
			params := Params()
			if want.gradient {
				params = Params(w.r.params...)
			}
			all := append(slices.Clone(opts), Outputs(w.out))
			if want.cost {
				all = append(all, params)
			}
			w.p, err = Compile(w.cost, all...)
			return err
		})
		if err == nil {
			return w, nil
		}
	}
	return w, err
}

// run runs the twin at a batch of n and returns what it computes.
func (w *twin) run(n int) (results map[string][]float64, err error) {
	for _, x := range w.r.feeds {
		shape := shapeOf(x)
		shape[0] = n
		if err := w.p.Let(x, random(w.r.dt, x.Name(), shape...)); err != nil {
			return nil, err
		}
	}
	if err := w.p.RunAll(); err != nil {
		return nil, err
	}
	results = map[string][]float64{"cost": {w.p.Cost()}, "output": floats(w.out.Value())}
	if !w.flat {
		for _, x := range w.r.params {
			g, err := x.Grad()
			if err != nil {
				return nil, err
			}
			results["gradient of "+x.Name()] = floats(g)
		}
	}
	return results, nil
}

// verdict is what became of a graph at another batch.
type verdict int

const (
	unbuilt verdict = iota // Gorgonia can't make or run the graph at one of the batches
	equal
	refused
	wrong
)

// atAnother builds a graph for one batch and runs it at another.
func atAnother(build func(r *rig) *gorgonia.Node, built, batch int, opts ...Option) (verdict, error) {
	p, err := newTwin(build, built, opts...)
	if err != nil {
		return unbuilt, err
	}
	if _, err := p.run(built); err != nil {
		return unbuilt, err
	}
	got, refusedBy := p.run(batch)
	ref, err := newTwin(build, batch, opts...)
	if err != nil {
		return unbuilt, err
	}
	want, err := ref.run(batch)
	if err != nil {
		return unbuilt, err
	}
	if refusedBy != nil {
		return refusal(refusedBy)
	}
	for name, w := range want {
		g, ok := got[name]
		if !ok {
			continue
		}
		if len(g) != len(w) {
			return wrong, errors.Errorf("%s has %d elements, want %d", name, len(g), len(w))
		}
		for i := range w {
			if d := math.Abs(g[i] - w[i]); !(d <= 1e-12*max(1, math.Abs(w[i]))) && !(math.IsNaN(g[i]) && math.IsNaN(w[i])) && g[i] != w[i] {
				return wrong, errors.Errorf("%s: element %d is %v, want %v", name, i, g[i], w[i])
			}
		}
	}
	if _, err := p.run(built); err != nil {
		return wrong, errors.Wrap(err, "back at its own batch")
	}
	return equal, nil
}

// refusal checks that an error is a refusal before anything ran, and names a node.
func refusal(err error) (verdict, error) {
	text := err.Error()
	if strings.Contains(text, "panic") || strings.Contains(text, "out of range") {
		return wrong, errors.Wrap(err, "an error of the run")
	}
	for _, part := range []string{"graph: node ", "graph: input ", "graph: the gradient of parameter ", "graph: Let of "} {
		if strings.HasPrefix(text, part) {
			return refused, err
		}
	}
	return wrong, errors.Wrap(err, "an error that names no node")
}

// quiet drops what Gorgonia logs: the gradient of its GroupNorm prints.
func quiet(t *testing.T) {
	t.Helper()
	log.SetOutput(io.Discard)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
}

// batches are the sizes that graphs are built for and run at: 1, those of other axes, and primes.
var batches = []int{1, 2, 3, 4, 5, 7}

// eachPair calls f for pairs of batches: all, or a few in short mode.
func eachPair(f func(built, batch int)) {
	if testing.Short() {
		for _, p := range [][2]int{{1, 3}, {4, 2}, {2, 4}, {5, 1}, {5, 7}, {4, 4}} {
			f(p[0], p[1])
		}
		return
	}
	for _, built := range batches {
		for _, batch := range batches {
			f(built, batch)
		}
	}
}
