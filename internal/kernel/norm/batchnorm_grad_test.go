package norm

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

func TestBatchNormGrad(t *testing.T) {
	kerneltest.Distinct.EachType(t, testNormGrad[float32], testNormGrad[float64])
}

// testNormGrad compares with the formulas of the gradient, written out in float64.
func testNormGrad[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(55, 56))
	tolerance := 1e-11
	if kernel.Is32[T]() {
		tolerance = 2e-5
	}
	for _, shape := range shapes {
		for _, then := range []Activation{NoActivation, ThenRelu, ThenGelu} {
			for _, frozen := range []bool{false, true} {
				rows, c := shape[0], shape[1]
				n := newNormCase[T](r, rows, c)
				n.Then, n.Frozen = then, frozen
				got := newNormGradient[T](rows, c)
				BatchNormGrad(n.Norm, n.x, n.dy, got.dx, got.dgamma, got.dbeta)
				n.check(t, got, tolerance)
				in := append([]T(nil), n.dy...)
				BatchNormGrad(n.Norm, n.x, in, in, got.dgamma, got.dbeta)
				if !kerneltest.SameBits(in, got.dx) {
					t.Fatalf("%v then %d: other bits in place", shape, then)
				}
			}
		}
	}
}

// normCase is a batch with its statistics.
type normCase[T kernel.Float] struct {
	Norm[T]
	x, dy, beta []T
}

// gradient is what BatchNormGrad writes.
type gradient[T kernel.Float] struct{ dx, dgamma, dbeta []T }

func newNormGradient[T kernel.Float](rows, c int) gradient[T] {
	return gradient[T]{make([]T, rows*c), make([]T, c), make([]T, c)}
}

func newNormCase[T kernel.Float](r *rand.Rand, rows, c int) *normCase[T] {
	n := &normCase[T]{x: kerneltest.Normals[T](r, rows*c), dy: kerneltest.Normals[T](r, rows*c), beta: kerneltest.Normals[T](r, c)}
	n.Norm = Norm[T]{Rows: rows, C: c, Gamma: kerneltest.Normals[T](r, c),
		Mean: make([]T, c), InvStd: make([]T, c), Scale: make([]T, c), Shift: make([]T, c)}
	mean, variance := make([]float64, c), make([]float64, c)
	BatchNormStats(rows, c, n.x, mean, variance)
	for j := range c {
		n.Mean[j], n.InvStd[j] = T(mean[j]), T(1/math.Sqrt(variance[j]+1e-5))
		n.Scale[j] = n.Gamma[j] * n.InvStd[j]
		n.Shift[j] = n.beta[j] - n.Mean[j]*n.Scale[j]
	}
	return n
}

// terms are, for each element, x̂ and the derivative by Scale x + Shift.
func (n *normCase[T]) terms() (normal, slope []float64) {
	u, d := make([]T, len(n.x)), append([]T(nil), n.dy...)
	for i, v := range n.x {
		j := i % n.C
		u[i] = T(v*n.Scale[j]) + n.Shift[j]
		normal = append(normal, (float64(v)-float64(n.Mean[j]))*float64(n.InvStd[j]))
	}
	switch n.Then {
	case ThenRelu:
		pointwise.ReluGrad(u, d, d)
	case ThenGelu:
		pointwise.GeluGrad(u, d, d)
	}
	for _, v := range d {
		slope = append(slope, float64(v))
	}
	return normal, slope
}

// check holds a gradient to the formulas.
func (n *normCase[T]) check(t *testing.T, got gradient[T], tolerance float64) {
	t.Helper()
	rows, c := n.Rows, n.C
	normal, slope := n.terms()
	for j := range c {
		s0, s1, size := 0.0, 0.0, 0.0
		for i := j; i < rows*c; i += c {
			s0 += slope[i]
			s1 += slope[i] * normal[i]
			size += math.Abs(slope[i]) * (1 + math.Abs(normal[i]))
		}
		dbeta, dgamma := float64(got.dbeta[j]), float64(got.dgamma[j])
		if math.Abs(dbeta-s0) > tolerance*size || math.Abs(dgamma-s1) > tolerance*size {
			t.Fatalf("%d × %d then %d, channel %d: dbeta %v and dgamma %v, want %v and %v", rows, c, n.Then, j, dbeta, dgamma, s0, s1)
		}
		a := float64(n.Gamma[j]) * float64(n.InvStd[j])
		for i := j; i < rows*c; i += c {
			want := a * slope[i]
			if !n.Frozen {
				want = a * (slope[i] - s0/float64(rows) - normal[i]*s1/float64(rows))
			}
			if math.Abs(float64(got.dx[i])-want) > tolerance*(1+math.Abs(a)*(1+math.Abs(slope[i]))) {
				t.Fatalf("%d × %d then %d, frozen %t: dx[%d] = %v, want %v", rows, c, n.Then, n.Frozen, i, got.dx[i], want)
			}
		}
	}
}

// TestBatchNormGradIsTheDerivative compares with differences of Σ dy · y, through the statistics too.
func TestBatchNormGradIsTheDerivative(t *testing.T) {
	r := rand.New(rand.NewPCG(57, 58))
	const rows, c, h = 6, 5, 1e-5
	n := newNormCase[float64](r, rows, c)
	value := func() float64 {
		mean, variance := make([]float64, c), make([]float64, c)
		BatchNormStats(rows, c, n.x, mean, variance)
		y := make([]float64, rows*c)
		for i, v := range n.x {
			j := i % c
			y[i] = (v-mean[j])/math.Sqrt(variance[j]+1e-5)*n.Gamma[j] + n.beta[j]
		}
		activate(n.Then, y)
		return pointwise.Dot(n.dy, y)
	}
	for n.Then = range ThenGelu + 1 {
		got := newNormGradient[float64](rows, c)
		BatchNormGrad(n.Norm, n.x, n.dy, got.dx, got.dgamma, got.dbeta)
		check := func(name string, x, grad []float64) {
			for i, v := range x {
				x[i] = v + h
				up := value()
				x[i] = v - h
				slope := (up - value()) / (2 * h)
				x[i] = v
				if math.Abs(slope-grad[i]) > 1e-6*(1+math.Abs(slope)) {
					t.Errorf("then %d: %s[%d] is %v, differences say %v", n.Then, name, i, grad[i], slope)
				}
			}
		}
		check("dx", n.x, got.dx)
		check("dgamma", n.Gamma, got.dgamma)
		check("dbeta", n.beta, got.dbeta)
	}
}
