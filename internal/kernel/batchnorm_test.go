package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// normShapes are rows and channels, those of several tiles in both directions among them.
var normShapes = [][2]int{{1, 1}, {2, 3}, {7, 20}, {128, 10}, {64, 64}, {1000, 5}, {300, 300}, {3000, 33}}

func TestBatchNormStats(t *testing.T) { forEachType(t, testNormStats[float32], testNormStats[float64]) }

func testNormStats[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	for _, far := range []float64{0, 1, 1e4, -1e6} {
		for _, shape := range normShapes {
			rows, c := shape[0], shape[1]
			x := make([]T, rows*c)
			for i := range x {
				x[i] = T(far + r.NormFloat64())
			}
			x[0] += 10 // the first sample is an outlier
			mean, variance := make([]float64, c), make([]float64, c)
			BatchNormStats(rows, c, x, mean, variance)
			for j := range c {
				m, v := 0.0, 0.0
				for i := range rows {
					m += (float64(x[i*c+j]) - far) / float64(rows)
				}
				m += far
				for i := range rows {
					v += (float64(x[i*c+j]) - m) * (float64(x[i*c+j]) - m) / float64(rows)
				}
				if math.Abs(mean[j]-m) > 1e-12*(1+math.Abs(m)) || math.Abs(variance[j]-v) > 1e-9*(v+1e-20*far*far) {
					t.Fatalf("%v far %v, channel %d: mean %v and variance %v, want %v and %v", shape, far, j, mean[j], variance[j], m, v)
				}
			}
		}
	}
}

func TestBatchNormApply(t *testing.T) { forEachType(t, testNormApply[float32], testNormApply[float64]) }

func testNormApply[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(53, 54))
	for _, shape := range normShapes {
		rows, c := shape[0], shape[1]
		x, y := values[T](r, rows*c, 0, false).slice(), make([]T, rows*c)
		scale, shift := values[T](r, c, 0, true).slice(), values[T](r, c, 0, true).slice()
		for _, relu := range []bool{false, true} {
			BatchNormApply(rows, c, x, scale, shift, y, relu)
			for i, v := range x {
				want := T(v*scale[i%c]) + shift[i%c]
				if relu {
					want = max(want, 0)
				}
				if !same(y[i], want) {
					t.Fatalf("%v relu %t: y[%d] = %v, want %v", shape, relu, i, y[i], want)
				}
			}
		}
	}
}

func TestBatchNormGrad(t *testing.T) { forEachType(t, testNormGrad[float32], testNormGrad[float64]) }

// testNormGrad compares with the formulas of the gradient, written out in float64.
func testNormGrad[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(55, 56))
	tolerance := 1e-11
	if is32[T]() {
		tolerance = 2e-5
	}
	for _, shape := range normShapes {
		for _, relu := range []bool{false, true} {
			rows, c := shape[0], shape[1]
			n := newNormCase[T](r, rows, c)
			dx, dgamma, dbeta := make([]T, rows*c), make([]T, c), make([]T, c)
			if relu {
				BatchNormReluGrad(rows, c, n.x, n.dy, n.scale, n.shift, n.mean, n.invStd, n.gamma, dx, dgamma, dbeta)
			} else {
				BatchNormGrad(rows, c, n.x, n.dy, n.mean, n.invStd, n.gamma, dx, dgamma, dbeta)
			}
			for j := range c {
				s0, s1, size := 0.0, 0.0, 0.0
				for i := range rows {
					s0 += n.slope(i*c+j, j, relu)
					s1 += n.slope(i*c+j, j, relu) * n.normal(i*c+j, j)
					size += math.Abs(n.slope(i*c+j, j, relu)) * (1 + math.Abs(n.normal(i*c+j, j)))
				}
				if math.Abs(float64(dbeta[j])-s0) > tolerance*size || math.Abs(float64(dgamma[j])-s1) > tolerance*size {
					t.Fatalf("%v relu %t, channel %d: dbeta %v and dgamma %v, want %v and %v", shape, relu, j, dbeta[j], dgamma[j], s0, s1)
				}
				a := float64(n.gamma[j]) * float64(n.invStd[j])
				for i := j; i < rows*c; i += c {
					want := a * (n.slope(i, j, relu) - s0/float64(rows) - n.normal(i, j)*s1/float64(rows))
					if math.Abs(float64(dx[i])-want) > tolerance*(1+math.Abs(a)*(1+math.Abs(n.slope(i, j, relu)))) {
						t.Fatalf("%v relu %t: dx[%d] = %v, want %v", shape, relu, i, dx[i], want)
					}
				}
			}
		}
	}
}

// normCase is a batch with its statistics.
type normCase[T Float] struct {
	x, dy, mean, invStd, gamma, beta, scale, shift []T
}

func newNormCase[T Float](r *rand.Rand, rows, c int) *normCase[T] {
	random := func(n int) []T {
		x := make([]T, n)
		for i := range x {
			x[i] = T(r.NormFloat64())
		}
		return x
	}
	n := &normCase[T]{x: random(rows * c), dy: random(rows * c), gamma: random(c), beta: random(c),
		mean: make([]T, c), invStd: make([]T, c), scale: make([]T, c), shift: make([]T, c)}
	mean, variance := make([]float64, c), make([]float64, c)
	BatchNormStats(rows, c, n.x, mean, variance)
	for j := range c {
		n.mean[j], n.invStd[j] = T(mean[j]), T(1/math.Sqrt(variance[j]+1e-5))
		n.scale[j] = n.gamma[j] * n.invStd[j]
		n.shift[j] = n.beta[j] - n.mean[j]*n.scale[j]
	}
	return n
}

// normal is x̂ of element i, of channel j.
func (n *normCase[T]) normal(i, j int) float64 {
	return (float64(n.x[i]) - float64(n.mean[j])) * float64(n.invStd[j])
}

// slope is dy of element i, behind the relu if there is one.
func (n *normCase[T]) slope(i, j int, relu bool) float64 {
	if relu && !(T(n.x[i]*n.scale[j])+n.shift[j] > 0) {
		return 0
	}
	return float64(n.dy[i])
}

// TestBatchNormGradIsTheDerivative compares with differences of Σ dy · y, through the statistics too.
func TestBatchNormGradIsTheDerivative(t *testing.T) {
	r := rand.New(rand.NewPCG(57, 58))
	const rows, c, h = 6, 5, 1e-5
	n := newNormCase[float64](r, rows, c)
	value := func(relu bool) float64 {
		mean, variance := make([]float64, c), make([]float64, c)
		BatchNormStats(rows, c, n.x, mean, variance)
		total := 0.0
		for i, v := range n.x {
			j := i % c
			y := (v-mean[j])/math.Sqrt(variance[j]+1e-5)*n.gamma[j] + n.beta[j]
			if relu {
				y = max(y, 0)
			}
			total += n.dy[i] * y
		}
		return total
	}
	for _, relu := range []bool{false, true} {
		dx, dgamma, dbeta := make([]float64, rows*c), make([]float64, c), make([]float64, c)
		if relu {
			BatchNormReluGrad(rows, c, n.x, n.dy, n.scale, n.shift, n.mean, n.invStd, n.gamma, dx, dgamma, dbeta)
		} else {
			BatchNormGrad(rows, c, n.x, n.dy, n.mean, n.invStd, n.gamma, dx, dgamma, dbeta)
		}
		check := func(name string, x, grad []float64) {
			for i, v := range x {
				x[i] = v + h
				up := value(relu)
				x[i] = v - h
				slope := (up - value(relu)) / (2 * h)
				x[i] = v
				if math.Abs(slope-grad[i]) > 1e-6*(1+math.Abs(slope)) {
					t.Errorf("relu %t: %s[%d] is %v, differences say %v", relu, name, i, grad[i], slope)
				}
			}
		}
		check("dx", n.x, dx)
		check("dgamma", n.gamma, dgamma)
		check("dbeta", n.beta, dbeta)
	}
}
