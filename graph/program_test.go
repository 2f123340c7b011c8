package graph

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// network is an mlp of stock ops.
func network(r *rig, sizes ...int) *gorgonia.Node {
	h := r.feed("x", sizes[0])
	for i, n := range sizes[1:] {
		id := string(rune('0' + i))
		h = must(gorgonia.Mul(h, r.param("w"+id, sizes[i], n)))
		h = must(gorgonia.BroadcastAdd(h, r.param("b"+id, 1, n), nil, []byte{0}))
		if i+2 < len(sizes) {
			h = must(gorgonia.Rectify(h))
		}
	}
	p := must(gorgonia.Log(must(gorgonia.SoftMax(h))))
	return must(gorgonia.Neg(must(gorgonia.Mean(must(gorgonia.HadamardProd(p, r.feed("y", sizes[len(sizes)-1])))))))
}

func compiled(t testing.TB, r *rig, cost *gorgonia.Node, opts ...Option) *Program {
	t.Helper()
	p, err := Compile(cost, append([]Option{Params(r.params...)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestAllocations checks that steps, evaluations elsewhere and changes of the batch size allocate nothing once each size has been seen.
func TestAllocations(t *testing.T) {
	eachType(t, func(t *testing.T, dt tensor.Dtype) {
		r := newRig(dt, 32)
		p := compiled(t, r, network(r, 20, 16, 5))
		w, g := p.Weights().Clone(), p.Weights().Like()
		feeds := map[int][]*tensor.Dense{}
		for _, n := range []int{32, 7, 50} {
			feeds[n] = []*tensor.Dense{random(dt, "x", n, 20), random(dt, "y", n, 5)}
		}
		step := func() {
			for _, n := range []int{32, 7, 50, 7} {
				for i, x := range r.feeds {
					if err := p.Let(x, feeds[n][i]); err != nil {
						t.Fatal(err)
					}
				}
				if err := p.RunAll(); err != nil {
					t.Fatal(err)
				}
				if err := p.Forward(); err != nil {
					t.Fatal(err)
				}
				if _, err := p.Evaluate(w, g); err != nil {
					t.Fatal(err)
				}
				if _, err := p.Evaluate(w, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		step()
		if n := testing.AllocsPerRun(20, step); n != 0 {
			t.Errorf("%v allocations, want none", n)
		}
	})
}

// TestAllocationsOfModels counts for every model of stock ops that runs on kernels only.
func TestAllocationsOfModels(t *testing.T) {
	for _, m := range models {
		t.Run(m.name, func(t *testing.T) {
			r := newRig(tensor.Float32, 5)
			p := compiled(t, r, m.build(r), Frozen(r.frozen...), Outputs(r.outs...))
			for i := range p.slots {
				if s := &p.slots[i]; s.kind == fromOp && !s.dead && s.mode != lowered && s.mode != view {
					t.Skipf("op %v runs as it is", s.node.Op())
				}
			}
			step := func() {
				if err := p.RunAll(); err != nil {
					t.Fatal(err)
				}
			}
			step()
			if n := testing.AllocsPerRun(10, step); n != 0 {
				t.Errorf("%v allocations, want none", n)
			}
		})
	}
}

// TestPlans checks that the number of plans is bounded, that their memory is that of the largest, and that old sizes still work.
func TestPlans(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	p := compiled(t, r, network(r, 6, 5, 3))
	run := func(n int) {
		t.Helper()
		feedAs(t, p, r, n)
		poison(p)
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		ref, want := reference(t, model{build: func(r *rig) *gorgonia.Node { return network(r, 6, 5, 3) }}, r.dt, n)
		if d := math.Abs(p.Cost() - floats(want.Value())[0]); d > 1e-12 {
			t.Errorf("batch %d: cost off by %v", n, d)
		}
		for i, w := range r.params {
			g, _ := w.Grad()
			wg, _ := ref.params[i].Grad()
			near(t, w.Name(), g, wg, 1e-10)
		}
	}
	for n := 1; n <= 2*maxPlans; n++ {
		run(n)
	}
	if len(p.plans) != maxPlans {
		t.Errorf("%d plans, want %d", len(p.plans), maxPlans)
	}
	size := len(p.memory.bytes)
	if p.current.bytes != size {
		t.Errorf("%d bytes for plans of at most %d", size, p.current.bytes)
	}
	for _, n := range []int{1, 2 * maxPlans, 3, 17, 1} {
		run(n)
	}
	if len(p.memory.bytes) != size {
		t.Errorf("memory went from %d to %d bytes for sizes seen before", size, len(p.memory.bytes))
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	run(5)
}

// TestLayout checks at random that places in use don't overlap, are aligned and are used again.
func TestLayout(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var l layout
	live := map[int]span{}
	most, total := 0, 0
	for i := range 5000 {
		if len(live) > 0 && rng.IntN(5) < 2 || len(live) > 20 {
			for k, s := range live {
				l.release(s)
				delete(live, k)
				break
			}
			continue
		}
		s := l.take(1 + rng.IntN(1000))
		if s.lo%alignment != 0 || s.hi > l.size || s.lo >= s.hi {
			t.Fatalf("place %v of %d", s, l.size)
		}
		for _, o := range live {
			if s.lo < o.hi && o.lo < s.hi {
				t.Fatalf("%v overlaps %v", s, o)
			}
		}
		live[i] = s
		sum := 0
		for _, o := range live {
			sum += o.hi - o.lo
		}
		most, total = max(most, sum), total+s.hi-s.lo
	}
	if l.size > 2*most || l.size < most {
		t.Errorf("%d bytes for at most %d in use at once", l.size, most)
	}
	for _, s := range live {
		l.release(s)
	}
	if len(l.free) != 1 || l.free[0] != (span{0, l.size}) {
		t.Errorf("free at the end: %v of %d", l.free, l.size)
	}
}

// TestMemory checks that buffers are aligned and shared between values that don't live at the same time.
func TestMemory(t *testing.T) {
	r := newRig(tensor.Float64, 100)
	x := r.feed("x", 10)
	h := must(gorgonia.Mul(x, r.input("w", 10, 10)))
	for range 20 {
		h = must(gorgonia.Tanh(h))
	}
	p, err := Compile(must(gorgonia.Sum(h)))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	if one := 100 * 10 * 8; len(p.memory.bytes) > 2*one+alignment {
		t.Errorf("%d bytes for a chain that needs two buffers of %d", len(p.memory.bytes), one)
	}
	for _, b := range p.current.buffers {
		if b.dense.Uintptr()%alignment != 0 {
			t.Error("a buffer off the alignment")
		}
	}
}

// TestConcurrent runs two programs over one vector of weights at once, with ops of Gorgonia that transpose their arguments in place.
func TestConcurrent(t *testing.T) {
	for _, noFusion := range []bool{false, true} {
		var opts []Option
		if noFusion {
			opts = append(opts, NoFusion())
		}
		var programs []*Program
		x, y := random(tensor.Float32, "x", 6, 9), random(tensor.Float32, "y", 6, 4)
		for range 3 {
			r := newRig(tensor.Float32, 6)
			cost := network(r, 9, 8, 4)
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

// TestSolvers trains with Gorgonia's solvers, which change weights and gradients in place through the nodes, and compares with a TapeMachine.
func TestSolvers(t *testing.T) {
	solvers := map[string]func() gorgonia.Solver{
		"vanilla": func() gorgonia.Solver { return gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(0.05)) },
		"adam":    func() gorgonia.Solver { return gorgonia.NewAdamSolver(gorgonia.WithLearnRate(0.01)) },
	}
	graphs := map[string]func(r *rig) *gorgonia.Node{
		"network": func(r *rig) *gorgonia.Node { return network(r, 4, 6, 3) },
		"scalars": func(r *rig) *gorgonia.Node {
			h := must(gorgonia.Add(must(gorgonia.Mul(r.feed("x", 3), r.param("w", 3))), r.param("b")))
			return must(gorgonia.Add(must(gorgonia.Mean(must(gorgonia.Square(h)))), must(gorgonia.Square(r.param("c")))))
		},
	}
	for gname, build := range graphs {
		for sname, solver := range solvers {
			for _, dual := range []bool{false, true} {
				ref := newRig(tensor.Float64, 5)
				if _, err := gorgonia.Grad(build(ref), ref.params...); err != nil {
					t.Fatal(err)
				}
				vm := gorgonia.NewTapeMachine(ref.g)
				r := newRig(tensor.Float64, 5)
				cost := build(r)
				var p *Program
				var err error
				if dual { // a machine that binds dual values ran on the graph before
					if _, err := gorgonia.Grad(cost, r.params...); err != nil {
						t.Fatal(err)
					}
					if err := gorgonia.NewTapeMachine(r.g, gorgonia.BindDualValues(r.params...)).RunAll(); err != nil {
						t.Fatal(err)
					}
					p, err = Compile(cost, NoFusion())
				} else {
					p, err = Compile(cost, Params(r.params...), NoFusion())
				}
				if err != nil {
					t.Fatal(err)
				}
				a, b := solver(), solver()
				for range 5 {
					if err := vm.RunAll(); err != nil {
						t.Fatal(err)
					}
					if err := a.Step(gorgonia.NodesToValueGrads(ref.params)); err != nil {
						t.Fatal(err)
					}
					vm.Reset()
					if err := p.RunAll(); err != nil {
						t.Fatal(err)
					}
					if err := b.Step(gorgonia.NodesToValueGrads(r.params)); err != nil {
						t.Fatal(err)
					}
				}
				for i, w := range r.params {
					near(t, gname+" by "+sname+": "+w.Name(), w.Value(), ref.params[i].Value(), 1e-13)
					rg, _ := p.Weights().Find(w.Name())
					if floats(w.Value())[0] != p.Weights().At(rg.Lo) {
						t.Errorf("%s by %s: the solver left the vector", gname, sname)
					}
				}
			}
		}
	}
}

// TestSharedGradient checks that two parameters with one gradient node have a gradient each, so that a solver that clears the one leaves the other.
func TestSharedGradient(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	x := r.feed("x", 3)
	h := must(gorgonia.Add(must(gorgonia.Mul(x, r.param("w0", 3, 2))), must(gorgonia.Mul(x, r.param("w1", 3, 2)))))
	p := compiled(t, r, must(gorgonia.Mean(must(gorgonia.Square(h)))))
	if r.params[0].Deriv() != r.params[1].Deriv() {
		t.Skip("Gorgonia made two nodes")
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	want := p.Weights().Clone()
	want.Axpy(-0.1, p.Gradient())
	if err := gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(0.1)).Step(gorgonia.NodesToValueGrads(r.params)); err != nil {
		t.Fatal(err)
	}
	for i, v := range want.F64 {
		if math.Abs(p.Weights().F64[i]-v) > 1e-15 {
			t.Errorf("weight %d is %v, want %v", i, p.Weights().F64[i], v)
		}
	}
}

// TestReads checks gorgonia.Read, of the cost, of a value on the way, and of a branch of its own.
func TestReads(t *testing.T) {
	for _, opts := range [][]Option{nil, {NoFusion()}} {
		r := newRig(tensor.Float64, 3)
		h := must(gorgonia.Tanh(must(gorgonia.Mul(r.feed("x", 2), r.param("w", 2, 2)))))
		cost := must(gorgonia.Mean(h))
		aside := must(gorgonia.Exp(h))
		var c, v, a gorgonia.Value
		gorgonia.Read(cost, &c)
		gorgonia.Read(h, &v)
		gorgonia.Read(aside, &a)
		p := compiled(t, r, cost, opts...)
		for k := range 3 {
			feedAs(t, p, r, 3+k)
			if err := p.RunAll(); err != nil {
				t.Fatal(err)
			}
			if floats(c)[0] != p.Cost() {
				t.Errorf("read %v, the cost is %v", c, p.Cost())
			}
			sum := 0.0
			for i, x := range floats(v) {
				sum += x
				if e := math.Exp(x); math.Abs(floats(a)[i]-e) > 1e-15*e {
					t.Errorf("read %v aside, want %v", floats(a)[i], e)
				}
			}
			if math.Abs(sum/float64(len(floats(v)))-p.Cost()) > 1e-15 {
				t.Errorf("read %v, whose mean isn't the cost %v", v, p.Cost())
			}
		}
		before := floats(v)
		if err := p.Let(r.feeds[0], full(0, 5, 2)); err != nil {
			t.Fatal(err)
		}
		held := v
		if err := p.RunAll(); err != nil {
			t.Fatal(err)
		}
		if held != v || floats(v)[0] != 0 || before[0] == 0 {
			t.Error("a read of the same shape isn't copied into the first one's value")
		}
	}
}

// TestDefaultParams checks that without Params the gradient is by what gorgonia.Grad was called with.
func TestDefaultParams(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	cost := network(r, 5, 4, 3)
	if _, err := gorgonia.Grad(cost, r.params[:3]...); err != nil {
		t.Fatal(err)
	}
	p, err := Compile(cost, Frozen(r.params[3]))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.Weights().Ranges); n != 4 {
		t.Fatalf("%d ranges, want 4", n)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	q := newRig(tensor.Float64, 4)
	full := compiled(t, q, network(q, 5, 4, 3))
	if err := full.RunAll(); err != nil {
		t.Fatal(err)
	}
	for i, w := range r.params[:3] {
		g, _ := w.Grad()
		wg, _ := q.params[i].Grad()
		near(t, w.Name(), g, wg, 1e-12)
	}
	again, err := Compile(cost, Params(r.params[:3]...), Frozen(r.params[3]))
	if err != nil {
		t.Fatalf("a second program of the same derivatives: %v", err)
	}
	if err := again.RunAll(); err != nil || again.Cost() != p.Cost() {
		t.Errorf("a second program: %v, cost %v and %v", err, again.Cost(), p.Cost())
	}
}

// TestNoGradientOfData checks that what only the data's gradient needs is left out.
func TestNoGradientOfData(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	p := compiled(t, r, network(r, 5, 4, 3), NoFusion())
	for i := range p.slots {
		s := &p.slots[i]
		if s.kind == fromOp && sameShape(s.shape, []int{4, 5}) {
			t.Errorf("op %v computes a value of the data's shape", s.node.Op())
		}
	}
	n := 0
	for _, op := range p.ops() {
		if op == "A × Bᵀ" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d gradients by a layer's input, want 1 of 2", n)
	}
}

// TestEvaluationOnly checks programs without parameters, and without a cost.
func TestEvaluationOnly(t *testing.T) {
	r := newRig(tensor.Float64, 4)
	cost := network(r, 5, 4, 3)
	p, err := Compile(cost)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	want := p.Cost()
	s := newRig(tensor.Float64, 4)
	c := network(s, 5, 4, 3)
	q, err := Compile(nil, Outputs(c), Frozen(s.params...))
	if err != nil {
		t.Fatal(err)
	}
	if err := q.RunAll(); err != nil {
		t.Fatal(err)
	}
	if got := floats(c.Value())[0]; got != want {
		t.Errorf("output %v, cost %v", got, want)
	}
	if _, err := q.Evaluate(q.Weights(), q.Gradient()); err != nil {
		t.Fatal(err)
	}
	if q.Gradient().Norm() != 0 {
		t.Error("a gradient without parameters")
	}
}
