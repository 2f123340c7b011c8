package solvers

import "github.com/fallline/fallline/internal/kernel"

// updater is a Rule for one type of element. workspace is the caller's scratch memory.
type updater[T kernel.Float] interface {
	update(s *Step, w, g []T, state [][]T, d *workspace[T])
}

// updater64 serves float64 models.
func updater64(r Rule) updater[float64] { return direct64{r} }

// updater32 serves float32 models, by conversion where the rule knows float64 only.
func updater32(r Rule) updater[float32] {
	if r32, ok := r.(Rule32); ok {
		return direct32{r32}
	}
	return converted{r}
}

type direct64 struct{ rule Rule }

func (u direct64) update(s *Step, w, g []float64, state [][]float64, _ *workspace[float64]) {
	u.rule.Update(s, w, g, state)
}

type direct32 struct{ rule Rule32 }

func (u direct32) update(s *Step, w, g []float32, state [][]float32, _ *workspace[float32]) {
	u.rule.Update32(s, w, g, state)
}

type converted struct{ rule Rule }

func (u converted) update(s *Step, w, g []float32, state [][]float32, d *workspace[float32]) {
	w64, g64 := widen(d.wide(0, len(w)), w), widen(d.wide(1, len(w)), g)
	for k, a := range state[:d.states] {
		d.state64[k] = widen(d.wide(2+k, len(w)), a)
	}
	if len(state) > d.states {
		d.state64[d.states] = d.wide(2+d.states, len(state[d.states]))
	}
	u.rule.Update(s, w64, g64, d.state64)
	narrow(w, w64)
	for k, a := range state[:d.states] {
		narrow(a, d.state64[k])
	}
}

// widen copies x into y.
func widen[T kernel.Float](y []float64, x []T) []float64 {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// narrow copies y into x, rounding.
func narrow[T kernel.Float](x []T, y []float64) {
	y = y[:len(x)]
	for i := range x {
		x[i] = T(y[i])
	}
}
