package solvers

import (
	"math"
	"testing"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// hand is a step of gradient descent with modifiers, written out: it changes w. The last two weights of the bowl are
// the bias.
type hand func(i int, w, g []float64, eta float64)

func norm(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v * v
	}
	return math.Sqrt(s)
}

// TestModifiers compares each modifier, and some together, with loops written by hand.
func TestModifiers(t *testing.T) {
	shrinking := schedules.Cosine(0.1, 0, 40)
	for _, c := range []struct {
		name    string
		options []Option
		hand    hand
	}{
		{"none", nil, func(_ int, w, g []float64, eta float64) {
			for i := range w {
				w[i] -= eta * g[i]
			}
		}},
		{"clip norm", []Option{ClipNorm(1.5)}, func(_ int, w, g []float64, eta float64) {
			scale := min(1, 1.5/norm(g))
			for i := range w {
				w[i] -= eta * scale * g[i]
			}
		}},
		{"clip value", []Option{ClipValue(0.7)}, func(_ int, w, g []float64, eta float64) {
			for i := range w {
				w[i] -= eta * math.Max(-0.7, math.Min(0.7, g[i]))
			}
		}},
		{"l2 on weights", []Option{L2(0.1, Except("bias"))}, func(_ int, w, g []float64, eta float64) {
			for i := range w {
				if i < 4 {
					g[i] += 0.1 * w[i]
				}
				w[i] -= eta * g[i]
			}
		}},
		{"decay by name", []Option{Decay(0.1, Only("layer.bias"))}, func(_ int, w, g []float64, eta float64) {
			for i := range w {
				if i >= 4 {
					w[i] -= eta * 0.1 * w[i]
				}
				w[i] -= eta * g[i]
			}
		}},
		{"scheduled decay", []Option{Decay(0, Only("*.weight")), Schedule("decay", shrinking)}, func(k int, w, g []float64, eta float64) {
			for i := range w {
				if i < 4 {
					w[i] -= eta * shrinking.At(schedules.Time{Step: int64(k)}) * w[i]
				}
				w[i] -= eta * g[i]
			}
		}},
		{"rate factors", []Option{RateFactor(0, Only("weight")), RateFactor(3, Only("bias"))}, func(_ int, w, g []float64, eta float64) {
			w[4] -= 3 * eta * g[4]
			w[5] -= 3 * eta * g[5]
		}},
		{"scheduled rate factors", []Option{RateFactor(1, Only("weight")), Schedule("rate factor", shrinking, Only("weight")), RateFactor(3, Only("bias"))},
			func(k int, w, g []float64, eta float64) {
				for i := range w {
					factor := 3.0
					if i < 4 {
						factor = shrinking.At(schedules.Time{Step: int64(k)})
					}
					w[i] -= factor * eta * g[i]
				}
			}},
		{"all", []Option{ClipNorm(2), ClipValue(0.9), L2(0.05, Only("layer.*"), Except("bias")), Decay(0.2), RateFactor(0.5, Except("weight"))},
			func(_ int, w, g []float64, eta float64) {
				scale := min(1, 2/norm(g))
				for i := range w {
					x := math.Max(-0.9, math.Min(0.9, scale*g[i]))
					rate := eta / 2
					if i < 4 {
						x += 0.05 * w[i]
						rate = eta
					}
					w[i] -= rate * 0.2 * w[i]
					w[i] -= rate * x
				}
			}},
		{"prox", []Option{Prox(soft(0.3), Only("layer.weight"))}, func(_ int, w, g []float64, eta float64) {
			for i := range w {
				w[i] -= eta * g[i]
				if i < 4 {
					w[i] = math.Copysign(math.Max(math.Abs(w[i])-0.3*eta, 0), w[i])
				}
			}
		}},
	} {
		for _, dt := range []vector.Type{vector.Float64, vector.Float32} {
			t.Run(c.name+"/"+dt.String(), func(t *testing.T) {
				checkModifiers(t, dt, c.options, c.hand)
			})
		}
	}
}

func checkModifiers(t *testing.T, dt vector.Type, options []Option, step hand) {
	rate := schedules.Cosine(0.3, 0.1, 50)
	run := open(t, solver(t, SGD{}, append([]Option{Rate(rate)}, options...)...), bowl(dt), bowlStart, nil)
	w, g := append([]float64(nil), bowlStart...), make([]float64, len(bowlStart))
	limit := 1e-12
	if dt == vector.Float32 {
		limit = 2e-6
	}
	f := bowl(vector.Float64).f
	for i := range 50 {
		f(w, g)
		step(i, w, g, rate.At(schedules.Time{Step: int64(i)}))
		next(t, run, 1)
		if d := distance(values(run.Weights()), w); !(d <= limit) {
			t.Fatalf("step %d: off by %v", i, d)
		}
	}
}

// soft is the proximal operator of a multiple of the 1-norm.
type soft float64

func (s soft) Prox(step float64, w []float64) {
	for i, x := range w {
		w[i] = math.Copysign(math.Max(math.Abs(x)-float64(s)*step, 0), x)
	}
}

func (s soft) String() string { return "soft" }

// TestProxGivesExactZeros holds what a proximal operator is for, in both types.
func TestProxGivesExactZeros(t *testing.T) {
	for _, dt := range []vector.Type{vector.Float64, vector.Float32} {
		run := open(t, solver(t, SGD{}, Rate(schedules.Constant(0.4)), Prox(soft(1.6))), bowl(dt), bowlStart, nil)
		next(t, run, 300)
		// |aᵢ cᵢ| is above 1.6 for the weight 3 alone, which comes to rest at c − 1.6/a.
		for i, x := range values(run.Weights()) {
			if want := []float64{0, 0, 0, 1.4, 0, 0}[i]; math.Abs(x-want) > 1e-6 || want == 0 && x != 0 {
				t.Errorf("%v: weight %d is %v, want %v", dt, i, x, want)
			}
		}
	}
}

// TestL2AndDecay holds where the two are one and where not: the same for SGD, apart with momentum.
func TestL2AndDecay(t *testing.T) {
	apart := func(r Rule) float64 {
		rate := Rate(schedules.Constant(0.1))
		a := open(t, solver(t, r, rate, L2(0.1)), bowl(vector.Float64), bowlStart, nil)
		b := open(t, solver(t, r, rate, Decay(0.1)), bowl(vector.Float64), bowlStart, nil)
		next(t, a, 30)
		next(t, b, 30)
		return distance(values(a.Weights()), values(b.Weights()))
	}
	if d := apart(SGD{}); !(d < 1e-14) {
		t.Errorf("under SGD, L2 and Decay are apart by %v", d)
	}
	if d := apart(Momentum{Momentum: 0.9}); d < 1e-2 {
		t.Errorf("under momentum, L2 and Decay are apart by %v only", d)
	}
}

// TestClippedNormOverflows holds that gradients whose squares overflow are scaled as any others, and are no error.
func TestClippedNormOverflows(t *testing.T) {
	obj := bowl(vector.Float64)
	obj.f = func(w, g []float64) float64 {
		for i := range g {
			g[i] = 1e200
		}
		return 0
	}
	run := open(t, solver(t, SGD{}, Rate(schedules.Constant(1)), ClipNorm(6)), obj, make([]float64, 6), nil)
	info := next(t, run, 1)
	if want := 1e200 * math.Sqrt(6); math.Abs(info.Norm/want-1) > 1e-14 {
		t.Errorf("norm %v, want %v", info.Norm, want)
	}
	if x, want := values(run.Weights())[2], -6/math.Sqrt(6); math.Abs(x-want) > 1e-14 {
		t.Errorf("weight %v, want %v", x, want)
	}
}
