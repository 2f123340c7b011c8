package solvers

import (
	"math"
	"slices"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// naive is an estimator written out from its formula, in float64: the gradient at w, and the component gradients that
// it takes. draw draws a batch.
type naive func(draw func() batch.Batch, w []float64) (g []float64, used int)

// naiveLoop makes one for an objective of n examples and batches of b.
type naiveLoop func(o *squares, b int) naive

// opaque hides that an objective is linear.
type opaque struct{ Objective }

// plus is x + a y.
func plus(x []float64, a float64, y []float64) []float64 {
	z := slices.Clone(x)
	for j := range z {
		z[j] += a * y[j]
	}
	return z
}

func naiveMiniBatch(o *squares, _ int) naive {
	return func(draw func() batch.Batch, w []float64) ([]float64, int) {
		b := draw()
		g, _ := o.meanGradient(w, b.Index, b.Draw)
		return g, len(b.Index)
	}
}

func naiveFullBatch(o *squares, _ int) naive {
	k := uint64(0)
	return func(_ func() batch.Batch, w []float64) ([]float64, int) {
		g, _ := o.meanGradient(w, everything(o.Len()), k)
		k++
		return g, o.Len()
	}
}

// naiveSVRG has periods of given lengths, and a coefficient as a function of the iteration.
func naiveSVRG(length func(period int) int, alpha func(k int) float64) naiveLoop {
	return func(o *squares, _ int) naive {
		var anchor, mean []float64
		k, period, left := 0, -1, 0
		return func(draw func() batch.Batch, w []float64) ([]float64, int) {
			b, used := draw(), 0
			if left == 0 {
				period++
				left = length(period)
				anchor = slices.Clone(w)
				mean, _ = o.meanGradient(anchor, everything(o.Len()), uint64(period))
				used = o.Len()
			}
			g, _ := o.meanGradient(w, b.Index, uint64(period))
			old, _ := o.meanGradient(anchor, b.Index, uint64(period))
			a := alpha(k)
			k++
			left--
			return plus(plus(g, -a, old), a, mean), used + 2*len(b.Index)
		}
	}
}

func always(m int) func(int) int { return func(int) int { return m } }

func one(int) float64 { return 1 }

// naiveOptimalSVRG keeps the moments of the batches since the snapshot.
func naiveOptimalSVRG(m int, decay float64) naiveLoop {
	return func(o *squares, _ int) naive {
		var anchor, mean, covariance, variance []float64
		k := 0
		return func(draw func() batch.Batch, w []float64) ([]float64, int) {
			b, used, period := draw(), 0, uint64(k/m)
			if k%m == 0 {
				anchor = slices.Clone(w)
				mean, _ = o.meanGradient(anchor, everything(o.Len()), period)
				covariance, variance = make([]float64, len(w)), make([]float64, len(w))
				used = o.Len()
			}
			k++
			x, _ := o.meanGradient(w, b.Index, period)
			y, _ := o.meanGradient(anchor, b.Index, period)
			g := make([]float64, len(w))
			for j := range g {
				alpha := 1.0
				if variance[j] != 0 {
					alpha = math.Max(0, math.Min(1, covariance[j]/variance[j]))
				}
				d := y[j] - mean[j]
				g[j] = x[j] - alpha*d
				covariance[j] = decay*covariance[j] + (1-decay)*(x[j]-mean[j])*d
				variance[j] = decay*variance[j] + (1-decay)*d*d
			}
			return g, used + 2*len(b.Index)
		}
	}
}

func naiveLSVRG(p float64, seed uint64) naiveLoop {
	return func(o *squares, _ int) naive {
		var anchor, mean []float64
		k, period := 0, uint64(0)
		return func(draw func() batch.Batch, w []float64) ([]float64, int) {
			b := draw()
			used := 2 * len(b.Index)
			if k == 0 {
				anchor = slices.Clone(w)
				mean, _ = o.meanGradient(anchor, everything(o.Len()), period)
				used += o.Len()
			}
			x, _ := o.meanGradient(w, b.Index, period)
			y, _ := o.meanGradient(anchor, b.Index, period)
			g := plus(plus(x, -1, y), 1, mean)
			if chance(seed, int64(k)) < p {
				period++
				anchor = slices.Clone(w)
				mean, _ = o.meanGradient(anchor, everything(o.Len()), period)
				used += o.Len()
			}
			k++
			return g, used
		}
	}
}

// naiveTable keeps a gradient for each block of a partition: SAGA, and SAG where average is set.
func naiveTable(fill, average bool) naiveLoop {
	return func(o *squares, size int) naive {
		n := o.Len()
		parts := newPartition(n, size, 1, 0)
		var blocks [][]int32
		for lo := 0; lo < n; lo += size {
			blocks = append(blocks, parts.order[lo:min(lo+size, n)])
		}
		var table [][]float64
		return func(draw func() batch.Batch, w []float64) ([]float64, int) {
			used := 0
			if table == nil {
				for _, block := range blocks {
					t := make([]float64, len(w))
					if fill {
						t, _ = o.meanGradient(w, block, 0)
						used += len(block)
					}
					table = append(table, t)
				}
			}
			first := draw().Index[0]
			j := slices.IndexFunc(blocks, func(b []int32) bool { return slices.Contains(b, first) })
			mean := func() []float64 {
				m := make([]float64, len(w))
				for i, t := range table {
					m = plus(m, float64(len(blocks[i]))/float64(n), t)
				}
				return m
			}
			g, _ := o.meanGradient(w, blocks[j], 0)
			estimate := plus(plus(g, -1, table[j]), 1, mean())
			table[j] = g
			if average {
				estimate = mean()
			}
			return estimate, used + len(blocks[j])
		}
	}
}

// naiveExamples keeps a gradient for each example: SAGA and SAG on a linear objective.
func naiveExamples(fill, average bool) naiveLoop {
	return func(o *squares, _ int) naive {
		n := o.Len()
		var table [][]float64
		return func(draw func() batch.Batch, w []float64) ([]float64, int) {
			used := 0
			if table == nil {
				for i := range n {
					t := make([]float64, len(w))
					if fill {
						t, _ = o.meanGradient(w, []int32{int32(i)}, 0)
						used++
					}
					table = append(table, t)
				}
			}
			mean := func() []float64 {
				m := make([]float64, len(w))
				for _, t := range table {
					m = plus(m, 1/float64(n), t)
				}
				return m
			}
			b := draw()
			estimate := mean()
			for _, i := range b.Index {
				g, _ := o.meanGradient(w, []int32{i}, 0)
				estimate = plus(estimate, 1/float64(len(b.Index)), plus(g, -1, table[i]))
			}
			for _, i := range b.Index {
				table[i], _ = o.meanGradient(w, []int32{i}, 0)
			}
			if average {
				estimate = mean()
			}
			return estimate, used + len(b.Index)
		}
	}
}

func naiveSARAH(m int, stop float64) naiveLoop {
	return func(o *squares, _ int) naive {
		var v, last []float64
		var first float64
		left, period := 0, uint64(0)
		return func(draw func() batch.Batch, w []float64) (g []float64, used int) {
			if left == 0 || stop > 0 && norm(v)*norm(v) <= stop*first {
				g, _ = o.meanGradient(w, everything(o.Len()), period)
				period++
				left, first, used = m, norm(g)*norm(g), o.Len()
			} else {
				b := draw()
				x, _ := o.meanGradient(w, b.Index, period-1)
				y, _ := o.meanGradient(last, b.Index, period-1)
				g = plus(plus(x, -1, y), 1, v)
				left--
				used = 2 * len(b.Index)
			}
			v, last = g, slices.Clone(w)
			return g, used
		}
	}
}

func naivePAGE(p float64, seed uint64) naiveLoop {
	return func(o *squares, _ int) naive {
		var v, last []float64
		k, period := 0, uint64(0)
		return func(draw func() batch.Batch, w []float64) (g []float64, used int) {
			if k == 0 || chance(seed, int64(k)) < p {
				g, _ = o.meanGradient(w, everything(o.Len()), period)
				period++
				used = o.Len()
			} else {
				b := draw()
				x, _ := o.meanGradient(w, b.Index, period-1)
				y, _ := o.meanGradient(last, b.Index, period-1)
				g, used = plus(plus(x, -1, y), 1, v), 2*len(b.Index)
			}
			k++
			v, last = g, slices.Clone(w)
			return g, used
		}
	}
}

// naiveSTORM returns the estimate times the paper's step, so that a loop with a step of 1 takes it; a, where it is
// given, takes the place of the paper's rules.
func naiveSTORM(set STORM) naiveLoop {
	return func(o *squares, _ int) naive {
		var d, last []float64
		k, sum, eta := 0, 0.0, set.K/math.Cbrt(set.W)
		return func(draw func() batch.Batch, w []float64) ([]float64, int) {
			b := draw()
			x, _ := o.meanGradient(w, b.Index, b.Draw)
			used := len(b.Index)
			a := set.C * eta * eta
			if set.A != 0 {
				a = fadeAt(k)
			}
			if k == 0 {
				d = x
			} else {
				y, _ := o.meanGradient(last, b.Index, b.Draw)
				d = plus(x, 1-a, plus(d, -1, y))
				used *= 2
			}
			sum += norm(x) * norm(x)
			eta = set.K / math.Cbrt(set.W+sum)
			k++
			last = slices.Clone(w)
			return d, used
		}
	}
}

// TestEstimatorsEqualNaiveLoops compares each estimator with a loop from its formula, given the same batches and coins,
// over 200 steps.
func TestEstimatorsEqualNaiveLoops(t *testing.T) {
	const n, batch, rate = 45, 7, 0.02
	for _, e := range estimators {
		for _, replace := range []bool{false, true} {
			name := e.name
			if replace {
				name += " with replacement"
			}
			t.Run(name, func(t *testing.T) {
				obj := newSquares(vector.Float64, n, 6)
				obj.jitter = 0.3
				sampler := func() Sampler {
					if replace {
						return must[Sampler](t)(WithReplacement(n, batch, 8))
					}
					return must[Sampler](t)(Reshuffled(n, batch, 8))
				}
				w := []float64{1, -1, 1, -1, 1, -1, 0}
				run := open(t, solver(t, SGD{}, Rate(schedules.Constant(rate)), e.from()), e.hide(obj), w, sampler())
				batches, loop := sampler(), e.naive(obj, batch)
				w = slices.Clone(w)
				for k := range 200 {
					g, used := loop(batches.Next, w)
					info := next(t, run, 1)
					if d := distance(values(run.Gradient()), g); !(d <= 1e-12) {
						t.Fatalf("step %d: gradient off by %v", k, d)
					}
					w = plus(w, -info.Rate, g)
					if d := distance(values(run.Weights()), w); !(d <= 1e-12) {
						t.Fatalf("step %d: weights off by %v", k, d)
					}
					if info.Gradients != int64(used) {
						t.Fatalf("step %d: %d component gradients, want %d", k, info.Gradients, used)
					}
					if _, paced := e.estimator.(STORM); !paced && info.Rate != rate {
						t.Fatalf("step %d: rate %v, want %v", k, info.Rate, rate)
					}
				}
			})
		}
	}
}

// TestSTORMFollowsItsStepRule holds ηₜ = K/(W + ΣG²)^⅓ against a loop of its own.
func TestSTORMFollowsItsStepRule(t *testing.T) {
	obj := newSquares(vector.Float64, 45, 6)
	w := []float64{1, -1, 1, -1, 1, -1, 0}
	s := solver(t, SGD{}, Rate(schedules.Constant(2)), From(STORM{K: 0.1, W: 3, C: 5}))
	run := open(t, s, obj, w, must[Sampler](t)(Reshuffled(45, 7, 8)))
	batches, sum := must[Sampler](t)(Reshuffled(45, 7, 8)), 0.0
	for k := range 50 {
		g, _ := obj.meanGradient(values(run.Weights()), batches.Next().Index, 0)
		sum += norm(g) * norm(g)
		if info, want := next(t, run, 1), 2*0.1/math.Cbrt(3+sum); math.Abs(info.Rate-want) > 1e-12*want {
			t.Fatalf("step %d: %v, want %v", k, info.Rate, want)
		}
	}
}
