package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel/threads"
)

// normals makes n normally distributed numbers.
func normals[T Float](r *rand.Rand, n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(r.NormFloat64())
	}
	return x
}

func TestPointwise(t *testing.T) { forEachType(t, testPointwise[float32], testPointwise[float64]) }

// testPointwise holds every function to its formula, on slices of one part and of several.
func testPointwise[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(61, 62))
	nan := T(math.NaN())
	for _, n := range []int{0, 1, 100, 2*threads.PartLight + 77} {
		x, y := normals[T](r, n), normals[T](r, n)
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
			z := normals[T](r, n)
			before := append([]T(nil), z...)
			f.run(z)
			for i := range z {
				if want := f.want(x[i], y[i], before[i]); !same(z[i], want) {
					t.Fatalf("%s: element %d of %d is %v, want %v", f.name, i, n, z[i], want)
				}
			}
		}
	}
}

// TestActivationGradients compares with differences of the functions.
func TestActivationGradients(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
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
			x := normals[float64](rand.New(rand.NewPCG(63, 64)), 50)
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

func TestReductions(t *testing.T) { forEachType(t, testSums[float32], testSums[float64]) }

func testSums[T Float](t *testing.T) {
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
	forEachSet(t, func(t *testing.T) {
		x := make([]float32, 1000)
		Fill(1, x)
		x[0] = 1 << 30
		ones := make([]float32, len(x))
		Fill(1, ones)
		sum := make([]float32, 1)
		ColSum(len(x), 1, x, sum)
		if got, want := Sum(x), float64(1<<30+999); got != want || Dot(x, ones) != want || sum[0] != float32(want) {
			t.Errorf("Sum %v, Dot %v, ColSum %v, want %v", got, Dot(x, ones), sum[0], want)
		}
	})
}

func TestColSum(t *testing.T) {
	forEachType(t, testColSum[float32], testColSum[float64])
}

func testColSum[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(67, 68))
	for _, shape := range [][2]int{{0, 3}, {1, 1}, {3, 5}, {128, 10}, {5000, 20}, {100, 700}, {3, 20000}, {70000, 1}} {
		rows, cols := shape[0], shape[1]
		x := make([]T, rows*cols)
		want := make([]float64, cols)
		for i := range x {
			x[i] = T(r.IntN(201) - 100) // sums are exact
			want[i%cols] += float64(x[i])
		}
		sum := normals[T](r, cols)
		ColSum(rows, cols, x, sum)
		for j, w := range want {
			if float64(sum[j]) != w {
				t.Fatalf("ColSum of %v: column %d is %v, want %v", shape, j, sum[j], w)
			}
		}
	}
}

func TestSteps(t *testing.T) { forEachType(t, testStepFormulas[float32], testStepFormulas[float64]) }

// testStepFormulas takes three steps by each rule and by its formula in float64.
func testStepFormulas[T Float](t *testing.T) {
	const rate, mu, damp, muNext = 0.1, 0.9, 0.25, 0.95
	tolerance := 1e-15
	if is32[T]() {
		tolerance = 1e-6
	}
	for _, f := range []struct {
		name string
		run  func(w, g, v []T)
		want func(w, g, v float64) (float64, float64)
	}{
		{"StepSGD", func(w, g, _ []T) { StepSGD(w, g, rate) },
			func(w, g, v float64) (float64, float64) { return w - rate*g, v }},
		{"StepMomentum", func(w, g, v []T) { StepMomentum(w, g, v, rate, mu, damp) },
			func(w, g, v float64) (float64, float64) { v = mu*v + (1-damp)*g; return w - rate*v, v }},
		{"StepMomentumTextbook", func(w, g, v []T) { StepMomentumTextbook(w, g, v, rate, mu) },
			func(w, g, v float64) (float64, float64) { v = mu*v - rate*g; return w + v, v }},
		{"StepNesterov", func(w, g, v []T) { StepNesterov(w, g, v, rate, mu) },
			func(w, g, v float64) (float64, float64) { v = mu*v + g; return w - rate*(g+mu*v), v }},
		{"StepNesterovTextbook", func(w, g, v []T) { StepNesterovTextbook(w, g, v, rate, mu, muNext) },
			func(w, g, v float64) (float64, float64) { v = mu*v - rate*g; return w + muNext*v - rate*g, v }},
	} {
		r := rand.New(rand.NewPCG(69, 70))
		w, g, v := normals[T](r, 41), normals[T](r, 41), normals[T](r, 41)
		for range 3 {
			before := [2][]T{append([]T(nil), w...), append([]T(nil), v...)}
			f.run(w, g, v)
			for i := range w {
				wantW, wantV := f.want(float64(before[0][i]), float64(g[i]), float64(before[1][i]))
				if math.Abs(float64(w[i])-wantW) > tolerance*4 || math.Abs(float64(v[i])-wantV) > tolerance*4 {
					t.Fatalf("%s: element %d is %v with velocity %v, want %v and %v", f.name, i, w[i], v[i], wantW, wantV)
				}
			}
		}
	}
}
