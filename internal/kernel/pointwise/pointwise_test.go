package pointwise

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/threads"
)

func TestPointwise(t *testing.T) {
	kerneltest.All.EachType(t, testPointwise[float32], testPointwise[float64])
}

// testPointwise holds every function to its formula, on slices of one part and of several.
func testPointwise[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(61, 62))
	nan := T(math.NaN())
	for _, n := range []int{0, 1, 100, 2*threads.PartLight + 77} {
		x, y := kerneltest.Normals[T](r, n), kerneltest.Normals[T](r, n)
		for _, z := range [][]T{x, y} {
			for i := 0; i < n; i += 50 {
				z[i] = []T{0, nan, 1, -1}[i/50%4]
			}
		}
		const a = 0.7
		for _, f := range []struct {
			name string
			run  func(z []T)
			want func(x, y, z T) T
		}{
			{"Add", func(z []T) { Add(x, y, z) }, func(x, y, _ T) T { return x + y }},
			{"AddRelu", func(z []T) { AddRelu(x, y, z) }, func(x, y, _ T) T { return max(x+y, 0) }},
			{"Mul", func(z []T) { Mul(x, y, z) }, func(x, y, _ T) T { return x * y }},
			{"Scale", func(z []T) { Scale(a, z) }, func(_, _, z T) T { return a * z }},
			{"ScaleTo", func(z []T) { ScaleTo(a, x, z) }, func(x, _, _ T) T { return a * x }},
			{"Axpy", func(z []T) { Axpy(a, x, z) }, func(x, _, z T) T { return z + T(a*x) }},
			{"Fill", func(z []T) { Fill(a, z) }, func(_, _, _ T) T { return a }},
			{"Shrink", func(z []T) { Shrink(a, z) }, func(_, _, z T) T {
				if z > a {
					return z - a
				} else if z < -a {
					return z + a
				}
				return z - z // NaN of a NaN
			}},
			{"Relu", func(z []T) { Relu(x, z) }, func(x, _, _ T) T { return max(x, 0) }},
			{"ReluGrad", func(z []T) { ReluGrad(x, y, z) }, func(x, y, _ T) T {
				if x > 0 {
					return y
				}
				return 0
			}},
			{"SigmoidGrad", func(z []T) { SigmoidGrad(x, y, z) }, func(x, y, _ T) T { return y * T(x*(1-x)) }},
			{"TanhGrad", func(z []T) { TanhGrad(x, y, z) }, func(x, y, _ T) T { return y * (1 - T(x*x)) }},
		} {
			z := kerneltest.Normals[T](r, n)
			before := append([]T(nil), z...)
			f.run(z)
			for i := range z {
				if want := f.want(x[i], y[i], before[i]); !kerneltest.Same(z[i], want) {
					t.Fatalf("%s: element %d of %d is %v, want %v", f.name, i, n, z[i], want)
				}
			}
		}
	}
}

// TestActivationGradients compares with differences of the functions.
func TestActivationGradients(t *testing.T) {
	kerneltest.All.Each(t, func(t *testing.T) {
		const h = 1e-5
		for _, f := range []struct {
			name string
			f    func(x, y []float64)
			grad func(y, dy, dx []float64)
		}{
			{"Relu", Relu[float64], ReluGrad[float64]},
			{"Sigmoid", Sigmoid[float64], SigmoidGrad[float64]},
			{"Tanh", Tanh[float64], TanhGrad[float64]},
		} {
			x := kerneltest.Normals[float64](rand.New(rand.NewPCG(63, 64)), 50)
			up, down, y, dy := make([]float64, 50), make([]float64, 50), make([]float64, 50), make([]float64, 50)
			for i, v := range x {
				up[i], down[i], dy[i] = v+h, v-h, 2
			}
			f.f(up, up)
			f.f(down, down)
			f.f(x, y)
			f.grad(y, dy, dy)
			for i, d := range dy {
				if want := 2 * (up[i] - down[i]) / (2 * h); math.Abs(d-want) > 1e-8 {
					t.Errorf("%s at %v: gradient %v, differences say %v", f.name, x[i], d, want)
				}
			}
		}
	})
}

func TestReductions(t *testing.T) { kerneltest.All.EachType(t, testSums[float32], testSums[float64]) }

func testSums[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(65, 66))
	for _, n := range []int{0, 1, 31, 33, 100, threads.PartLight, threads.PartLight + 1, 2 * threads.PartLight, 5*threads.PartLight + 7} {
		x, y := make([]T, n), make([]T, n)
		wantSum, wantDot := 0.0, 0.0
		for i := range x {
			x[i], y[i] = T(r.IntN(2001)-1000), T(r.IntN(2001)-1000) // sums are exact
			wantSum += float64(x[i])
			wantDot += float64(x[i]) * float64(y[i])
		}
		if got := Sum(x); got != wantSum {
			t.Errorf("Sum of %d is %v, want %v", n, got, wantSum)
		}
		if got := Dot(x, y); got != wantDot {
			t.Errorf("Dot of %d is %v, want %v", n, got, wantDot)
		}
	}
}

// TestSumsAreInFloat64 adds what float32 would lose.
func TestSumsAreInFloat64(t *testing.T) {
	kerneltest.All.Each(t, func(t *testing.T) {
		x := make([]float32, 1000)
		Fill(1, x)
		x[0] = 1 << 30
		ones := make([]float32, len(x))
		Fill(1, ones)
		if got, want := Sum(x), float64(1<<30+999); got != want || Dot(x, ones) != want {
			t.Errorf("Sum %v, Dot %v, want %v", got, Dot(x, ones), want)
		}
	})
}
