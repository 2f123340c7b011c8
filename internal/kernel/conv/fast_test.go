package conv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

func TestConvAgainstDefinition(t *testing.T) {
	kerneltest.ForEachType(t, testConvAgainstDefinition[float32], testConvAgainstDefinition[float64])
}

func testConvAgainstDefinition[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i, s := range append(shapes(r, 150), channelShapes()...) {
		s.Direct = true // winograd_test.go has the tests of the other method
		c := newConvCase[T](r, s, i%kerneltest.Alignments[T]())
		c.run(t, c.passes)
		products := c.products()
		for i, want := range definition[T, T](c) {
			name := fmt.Sprintf("%+v bias %t relu %t: %s", s, c.e.Bias != nil, c.e.ReLU, passNames[i])
			closeSlices(t, name, c.results()[i].Slice(), want, products[i])
		}
	}
}

// TestConvAdjoint holds the gradients to <conv(x, w), dy> = <x, data(dy, w)> = <w, weights(x, dy)>.
func TestConvAdjoint(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, s := range shapes(r, 40) {
			nx, nw, ny := sizes(s)
			x, w, dy := kerneltest.Normals[float64](r, nx), kerneltest.Normals[float64](r, nw), kerneltest.Normals[float64](r, ny)
			y, dx, dw := make([]float64, ny), make([]float64, nx), make([]float64, nw)
			Forward(s, x, w, y, gemm.Epilogue[float64]{})
			BackwardData(s, dy, w, dx)
			BackwardWeights(s, x, dy, dw)
			a, b, c := dot(y, dy), dot(x, dx), dot(w, dw)
			tol := 1e-12 * math.Sqrt(dot(y, y)*dot(dy, dy))
			if math.Abs(a-b) > tol || math.Abs(a-c) > tol {
				t.Errorf("%+v: <y,dy> %g, <x,dx> %g, <w,dw> %g", s, a, b, c)
			}
		}
	})
}

func dot(x, y []float64) (sum float64) {
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}

// TestConvThreads runs each pass on 1, 2, 3 and 8 threads and wants the same bits.
func TestConvThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	kerneltest.ForEachType(t, testConvThreads[float32], testConvThreads[float64])
}

func testConvThreads[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, s := range append(shapes(r, 20), square(32, 12, 20, 50, 5, 1, 0), square(20, 9, 40, 70, 3, 2, 1)) {
		c := newConvCase[T](r, s, 0)
		c.onThreads(t, []int{1, 2, 3, 8}, c.passes)
	}
}

func TestConvAllocatesNothing(t *testing.T) {
	kerneltest.ForEachType(t, testConvAllocatesNothing[float32], testConvAllocatesNothing[float64])
}

func testConvAllocatesNothing[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, s := range []Shape{square(32, 12, 3, 5, 5, 1, 0), square(19, 7, 33, 9, 3, 2, 1), square(1, 8, 4, 4, 3, 1, 1)} {
		c := newConvCase[T](r, s, 0)
		c.allocatesNothing(t, c.passes)
	}
}

// TestConvOfNothing has one size zero, or an image smaller than the filter: sums of nothing are zero, and then the bias.
func TestConvOfNothing(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		full := Shape{N: 2, H: 3, W: 3, C: 2, K: 2, KH: 2, KW: 2, StrideH: 1, StrideW: 1}
		for _, cut := range []func(*Shape){
			func(s *Shape) { s.N = 0 }, func(s *Shape) { s.C = 0 }, func(s *Shape) { s.K = 0 }, func(s *Shape) { s.H = 1 }, func(s *Shape) { s.W = 0 },
		} {
			s := full
			cut(&s)
			c := newConvCase[float32](rand.New(rand.NewPCG(21, 22)), s, 0)
			c.e = gemm.Epilogue[float32]{Bias: []float32{3, 3}[:s.K]}
			c.run(t, c.passes)
			for i, f := range c.results() {
				for _, v := range f.Slice() {
					if want := [...]float32{3, 0, 0}[i]; v != want {
						t.Errorf("%+v: %s is %v, want %g everywhere", s, passNames[i], f.Slice(), want)
						break
					}
				}
			}
		}
	})
}

func TestConvTooShort(t *testing.T) {
	kerneltest.ForEachSet(t, func(t *testing.T) {
		s := square(2, 4, 3, 5, 3, 1, 1)
		nx, nw, ny := sizes(s)
		for i := range 3 {
			n := [3]int{nx, nw, ny}
			n[i]--
			x, w, y := make([]float32, n[0]), make([]float32, n[1]), make([]float32, n[2])
			for name, pass := range map[string]func(){
				"forward": func() { Forward(s, x, w, y, gemm.Epilogue[float32]{}) },
				"data":    func() { BackwardData(s, y, w, x) },
				"weights": func() { BackwardWeights(s, x, y, w) },
			} {
				func() {
					defer func() {
						if recover() == nil {
							t.Errorf("%s: no panic for operand %d one short", name, i)
						}
					}()
					pass()
				}()
			}
		}
	})
}
