package linear

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// rowsOf makes n sparse rows of d columns, about one in four nonzero, and the same rows dense.
func rowsOf(n, d int, seed uint64) (CSR, Dense) {
	rng := rand.New(rand.NewPCG(seed, 1))
	s := CSR{Rows: n, Cols: d, Start: []int{0}}
	full := Dense{Rows: n, Cols: d, F64: make([]float64, n*d)}
	for i := range n {
		for c := range d {
			if rng.IntN(4) > 0 {
				continue
			}
			v := float64(float32(rng.NormFloat64()))
			full.F64[i*d+c] = v
			s.Col, s.Val = append(s.Col, int32(c)), append(s.Val, v)
		}
		s.Start = append(s.Start, len(s.Col))
	}
	return s, full
}

// labelsOf makes labels that suit a loss.
func labelsOf(loss Loss, n, k int) []float64 {
	rng := rand.New(rand.NewPCG(9, 9))
	y := make([]float64, n)
	for i := range y {
		switch loss {
		case Logistic:
			y[i] = float64(2*rng.IntN(2) - 1)
		case Squared:
			y[i] = rng.NormFloat64()
		case Softmax:
			y[i] = float64(i % k)
		}
	}
	return y
}

// plainLinear is the loss of one example and its gradient, added to g, straight from the formulas.
func plainLinear(loss Loss, k int, x, w, c []float64, y float64, g, gc []float64) float64 {
	z := make([]float64, k)
	for j := range z {
		if c != nil {
			z[j] = c[j]
		}
		for i, v := range x {
			z[j] += v * w[i*k+j]
		}
	}
	r := make([]float64, k)
	f := 0.0
	switch loss {
	case Logistic:
		f = math.Log(1 + math.Exp(-y*z[0]))
		r[0] = -y / (1 + math.Exp(y*z[0]))
	case Squared:
		f = (z[0] - y) * (z[0] - y) / 2
		r[0] = z[0] - y
	case Softmax:
		sum := 0.0
		for _, v := range z {
			sum += math.Exp(v)
		}
		f = math.Log(sum) - z[int(y)]
		for j, v := range z {
			r[j] = math.Exp(v) / sum
		}
		r[int(y)]--
	}
	for j, v := range r {
		for i, u := range x {
			g[i*k+j] += u * v
		}
		if gc != nil {
			gc[j] += v
		}
	}
	return f
}

var linearLosses = []struct {
	loss Loss
	k    int
}{{Logistic, 1}, {Squared, 1}, {Softmax, 5}}

// eachLinear runs a test for every loss, kind of rows, intercept and type.
func eachLinear(t *testing.T, n, d int, test func(t *testing.T, o *Objective, dense []float64)) {
	sparse, full := rowsOf(n, d, 3)
	narrowed := Dense{Rows: n, Cols: d, F32: make([]float32, n*d)}
	vector.Convert(narrowed.F32, full.F64)
	for _, l := range linearLosses {
		for name, rows := range map[string]Rows{"csr": sparse, "dense": full, "dense32": narrowed} {
			for _, intercept := range []bool{false, true} {
				for _, dt := range []vector.Type{vector.Float32, vector.Float64} {
					t.Run(fmt.Sprintf("%v/%s/%v/%v", l.loss, name, intercept, dt), func(t *testing.T) {
						o := must[*Objective](t)(New(Model{
							Rows: rows, Labels: labelsOf(l.loss, n, l.k), Loss: l.loss, Intercept: intercept, Type: dt,
						}))
						test(t, o, full.F64)
					})
				}
			}
		}
	}
}

// fillNormal sets the parameters to normal numbers.
func fillNormal(v *vector.Vector, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 2))
	for _, r := range v.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			v.Set(i, rng.NormFloat64()/2)
		}
	}
}

// TestLinearGradient compares losses, gradients, residuals and outer products with the formulas, over batches in and
// out of order.
func TestLinearGradient(t *testing.T) {
	const n, d = 300, 37
	batches := map[string][]int32{"all": all(n), "one": {7}, "some": {3, 200, 3, 11, 299}, "run": {20, 21, 22, 23}}
	eachLinear(t, n, d, func(t *testing.T, o *Objective, dense []float64) {
		tol := 1e-12
		if o.model.Type == vector.Float32 {
			tol = 3e-5
		}
		w, g, k := o.NewVector(), o.NewVector(), o.Outputs()
		fillNormal(w, 5)
		flat := values(w)
		var c []float64
		if o.model.Intercept {
			c = flat[d*k:]
		}
		for name, index := range batches {
			want := make([]float64, len(flat))
			var gc []float64
			if c != nil {
				gc = want[d*k:]
			}
			f := 0.0
			for _, i := range index {
				f += plainLinear(o.model.Loss, k, dense[int(i)*d:int(i+1)*d], flat, c, o.model.Labels[i], want, gc)
			}
			size := float64(len(index))
			for j := range want {
				want[j] /= size
			}
			b := batch.Batch{Index: index}
			got := must[float64](t)(o.Gradient(w, g, b))
			alike(t, name+" loss", []float64{got, must[float64](t)(o.Loss(w, b))}, []float64{f / size, f / size}, tol)
			alike(t, name+" gradient", values(g), want, tol)
			r := make([]float64, len(index)*k)
			got = must[float64](t)(o.Residuals(w, b, r))
			alike(t, name+" loss with residuals", []float64{got}, []float64{f / size}, tol)
			g.Zero()
			for range 2 {
				if err := o.AddOuter(g, b, r); err != nil {
					t.Fatal(err)
				}
			}
			g.Scale(0.5 / size)
			alike(t, name+" outer", values(g), want, tol)
		}
	})
}

// TestLinearDifferences compares the gradient with central differences of the loss.
func TestLinearDifferences(t *testing.T) {
	const n, d, h = 40, 9, 1e-5
	b := batch.Batch{Index: all(n)}
	eachLinear(t, n, d, func(t *testing.T, o *Objective, _ []float64) {
		if o.model.Type == vector.Float32 {
			t.Skip("differences want float64")
		}
		w, g := o.NewVector(), o.NewVector()
		fillNormal(w, 6)
		must[float64](t)(o.Gradient(w, g, b))
		for _, r := range w.Ranges {
			for i := r.Lo; i < r.Hi; i++ {
				x := w.At(i)
				w.Set(i, x+h)
				up := must[float64](t)(o.Loss(w, b))
				w.Set(i, x-h)
				down := must[float64](t)(o.Loss(w, b))
				w.Set(i, x)
				if want := (up - down) / (2 * h); math.Abs(g.At(i)-want) > 1e-8 {
					t.Errorf("%s element %d: %v, want %v", r.Name, i-r.Lo, g.At(i), want)
				}
			}
		}
	})
}

// TestLinearThreads holds that bits don't depend on the number of threads, on a batch of several parts, and that the
// kernel sets agree.
func TestLinearThreads(t *testing.T) {
	defer kernel.Use(kernel.Name())
	defer threads.Set(threads.Count())
	const n, d = 20000, 24
	b := batch.Batch{Index: all(n)}
	eachLinear(t, n, d, func(t *testing.T, o *Objective, _ []float64) {
		w := o.NewVector()
		fillNormal(w, 7)
		var sets [][]float64
		for _, set := range kernel.Available() {
			if err := kernel.Use(set); err != nil {
				t.Fatal(err)
			}
			var first []float64
			for _, count := range []int{1, 2, 5} {
				if err := threads.Set(count); err != nil {
					t.Fatal(err)
				}
				g := o.NewVector()
				loss := must[float64](t)(o.Gradient(w, g, b))
				got := append(values(g), loss)
				if first == nil {
					first = got
				}
				alike(t, fmt.Sprint(set, " with threads ", count), got, first, 0)
			}
			sets = append(sets, first)
		}
		tol := 1e-12
		if o.model.Type == vector.Float32 {
			tol = 3e-5
		}
		for i := range sets {
			alike(t, "kernel set "+kernel.Available()[i], sets[i], sets[0], tol)
		}
	})
}

// TestLinearExtreme holds that losses and residuals stay finite where exponentials overflow.
func TestLinearExtreme(t *testing.T) {
	for _, l := range linearLosses {
		rows := Dense{Rows: 2, Cols: 1, F64: []float64{1e4, -1e4}}
		o := must[*Objective](t)(New(Model{Rows: rows, Labels: []float64{1, 1}, Loss: l.loss, Type: vector.Float64}))
		w, g := o.NewVector(), o.NewVector()
		w.Set(w.Ranges[0].Lo, 3)
		loss := must[float64](t)(o.Gradient(w, g, batch.Batch{Index: []int32{0, 1}}))
		if math.IsNaN(loss+g.At(0)) || math.IsInf(loss+g.At(0), 0) {
			t.Errorf("%v: loss %v, gradient %v", l.loss, loss, g.At(0))
		}
	}
}

// TestLinearSmoothness compares the constants with ones known by construction.
func TestLinearSmoothness(t *testing.T) {
	rows := Dense{Rows: 4, Cols: 2, F64: []float64{2, 0, 0, 1, 2, 0, 0, 1}} // XᵀX/n = diag(2, 1/2)
	for _, l := range linearLosses {
		y := []float64{1, 1, 1, 1}
		c := map[Loss]float64{Logistic: 0.25, Squared: 1, Softmax: 0.5}[l.loss]
		o := must[*Objective](t)(New(Model{Rows: rows, Labels: y, Loss: l.loss, Type: vector.Float64}))
		largest, mean := o.Smoothness()
		full := must[float64](t)(o.FullSmoothness(100))
		alike(t, fmt.Sprint(l.loss), []float64{largest, mean, full}, []float64{4 * c, 2.5 * c, 2 * c}, 2e-3)
		o = must[*Objective](t)(New(Model{Rows: rows, Labels: y, Loss: l.loss, Intercept: true, Type: vector.Float64}))
		largest, mean = o.Smoothness()
		alike(t, fmt.Sprint(l.loss, " with intercept"), []float64{largest, mean}, []float64{5 * c, 3.5 * c}, 1e-12)
		if _, err := o.FullSmoothness(0); err == nil {
			t.Error("no error for 0 iterations")
		}
	}
}

func TestLinearBad(t *testing.T) {
	good := Model{Rows: Dense{Rows: 2, Cols: 2, F64: []float64{1, 2, 3, 4}}, Labels: []float64{1, -1}, Type: vector.Float64}
	csr := CSR{Rows: 2, Cols: 2, Start: []int{0, 1, 2}, Col: []int32{0, 1}, Val: []float64{1, 2}}
	for name, c := range map[string]struct {
		edit func(m *Model)
		want string
	}{
		"no rows":   {func(m *Model) { m.Rows = nil }, "without rows"},
		"n = 0":     {func(m *Model) { m.Rows = Dense{Cols: 2, F64: []float64{}} }, "0 examples"},
		"d = 0":     {func(m *Model) { m.Rows = Dense{Rows: 2, F64: []float64{}} }, "0 columns"},
		"short":     {func(m *Model) { m.Rows = Dense{Rows: 2, Cols: 2, F64: []float64{1, 2, 3}} }, "3 numbers for 2×2"},
		"two types": {func(m *Model) { m.Rows = Dense{2, 2, make([]float32, 4), make([]float64, 4)} }, "both or none"},
		"NaN":       {func(m *Model) { m.Rows = Dense{Rows: 2, Cols: 2, F64: []float64{1, 2, math.NaN(), 4}} }, "row 1 column 0"},
		"Inf": {func(m *Model) {
			m.Rows = Dense{Rows: 2, Cols: 2, F32: []float32{1, float32(math.Inf(-1)), 1, 4}}
		}, "row 0 column 1"},
		"labels":        {func(m *Model) { m.Labels = []float64{1} }, "1 labels for 2 rows"},
		"label":         {func(m *Model) { m.Labels = []float64{1, 0} }, "label 0 of example 1"},
		"class":         {func(m *Model) { m.Loss = Softmax }, "label -1 of example 1"},
		"class range":   {func(m *Model) { m.Loss, m.Labels, m.Classes = Softmax, []float64{0, 3}, 3 }, "label 3 of example 1"},
		"one class":     {func(m *Model) { m.Loss, m.Labels = Softmax, []float64{0, 0} }, "one class"},
		"classes":       {func(m *Model) { m.Classes = 3 }, "3 classes"},
		"target":        {func(m *Model) { m.Loss, m.Labels = Squared, []float64{1, math.Inf(1)} }, "example 1 is not finite"},
		"loss":          {func(m *Model) { m.Loss = 7 }, "loss 7"},
		"type":          {func(m *Model) { m.Type = 0 }, "type Type(0)"},
		"csr":           {func(m *Model) { c := csr; c.Val = c.Val[:1]; m.Rows = c }, "don't fit"},
		"csr start":     {func(m *Model) { c := csr; c.Start = []int{0, 5, 2}; m.Rows = c }, "row 0 begins"},
		"csr column":    {func(m *Model) { c := csr; c.Col = []int32{0, 2}; m.Rows = c }, "row 1: column 2"},
		"csr ascending": {func(m *Model) { c := csr; c.Start, c.Col = []int{0, 2, 2}, []int32{1, 1}; m.Rows = c }, "column 1 after 1"},
		"over float32": {func(m *Model) {
			m.Type, m.Rows = vector.Float32, Dense{Rows: 2, Cols: 2, F64: []float64{1, 2, 3, 1e39}}
		}, "row 1 column 1 is 1e+39, not finite in float32"},
		"csr over float32": {func(m *Model) {
			m.Type, m.Rows = vector.Float32, CSR{Rows: 2, Cols: 2, Start: csr.Start, Col: csr.Col, Val: []float64{1, -1e39}}
		}, "row 1 column 1 is -1e+39, not finite in float32"},
		"target over float32": {func(m *Model) {
			m.Type, m.Loss, m.Labels = vector.Float32, Squared, []float64{1, 1e39}
		}, "label 1e+39 of example 1 is not finite in float32"},
		"csr NaN": {func(m *Model) { c := csr; c.Val = []float64{1, math.NaN()}; m.Rows = c }, "row 1 column 1"},
	} {
		m := good
		c.edit(&m)
		if _, err := New(m); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "linear: ") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	o := must[*Objective](t)(New(good))
	w := o.NewVector()
	for _, index := range [][]int32{nil, {2}, {-1}} {
		b := batch.Batch{Index: index}
		_, loss := o.Loss(w, b)
		_, gradient := o.Gradient(w, o.NewVector(), b)
		_, residuals := o.Residuals(w, b, make([]float64, 1))
		outer := o.AddOuter(w, b, make([]float64, 1))
		if loss == nil || gradient == nil || residuals == nil || outer == nil {
			t.Errorf("%v: %v, %v, %v, %v, want errors", index, loss, gradient, residuals, outer)
		}
	}
}

// TestFiniteSum holds that a sum given as code, here a regression with two parameters, is the linear model of the same
// data.
func TestFiniteSum(t *testing.T) {
	const n, d = 30, 5
	_, rows := rowsOf(n, d, 4)
	y := labelsOf(Squared, n, 1)
	linear := must[*Objective](t)(New(Model{Rows: rows, Labels: y, Loss: Squared, Intercept: true, Type: vector.Float64}))
	code := func(w, g []float64, i int) float64 {
		var to, toBias []float64
		if to = g; g != nil {
			to, toBias = g[:d], g[d:]
		} else {
			to = make([]float64, d)
		}
		return plainLinear(Squared, 1, rows.F64[i*d:(i+1)*d], w[:d], w[d:], y[i], to, toBias)
	}
	sum := must[*solvers.FiniteSum](t)(solvers.NewFiniteSum(n, code,
		vector.Param{Name: "weight", Shape: []int{d, 1}, Group: "weight"}, vector.Param{Name: "intercept", Shape: []int{1}, Group: "bias"}))
	start := []float64{1, 2, 3, 4, 5, 6}
	for _, e := range []solvers.Estimator{solvers.MiniBatch{}, solvers.FullBatch{}, solvers.SVRG{Passes: 1}} {
		var ends [2][]float64
		for i, obj := range []solvers.Objective{linear, sum} {
			run := open(t, solver(t, solvers.NAG{Momentum: 0.5}, solvers.From(e), solvers.Rate(schedules.Constant(0.02))), obj, start, must[solvers.Sampler](t)(solvers.Reshuffled(n, 4, 1)))
			next(t, run, 20)
			ends[i] = append(values(run.Weights()), must[float64](t)(obj.Loss(run.Weights(), batch.Batch{Index: []int32{1, 2, 3}})))
		}
		alike(t, fmt.Sprintf("%T", e), ends[1], ends[0], 1e-12)
	}
}
