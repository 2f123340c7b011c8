package conv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// passes computes the three by the functions that choose how.
func passes[T kernel.Float](c *convtest.Case[T]) {
	Forward(c.S, c.X, c.W, c.Y.Slice(), c.E)
	BackwardData(c.S, c.Dy, c.W, c.Dx.Slice())
	BackwardWeights(c.S, c.X, c.Dy, c.Dw.Slice())
}

func TestConvAgainstDefinition(t *testing.T) {
	var of32 kerneltest.Memo[[3][]float32]
	var of64 kerneltest.Memo[[3][]float64]
	kerneltest.Distinct.EachType(t, func(t *testing.T) { testConvAgainstDefinition(t, &of32) }, func(t *testing.T) { testConvAgainstDefinition(t, &of64) })
}

func testConvAgainstDefinition[T kernel.Float](t *testing.T, definitions *kerneltest.Memo[[3][]T]) {
	r := rand.New(rand.NewPCG(1, 2))
	for i, s := range append(convtest.Shapes(r, 150), convtest.ChannelShapes()...) {
		s.Direct = true // winograd_test.go has the tests of the other method
		c := convtest.NewCase[T](r, s, i%kerneltest.Alignments[T]())
		c.Run(t, func() { passes(c) })
		products := c.Products()
		definition := definitions.At(i, func() [3][]T { return convtest.Definition[T, T](c) })
		for i, want := range definition {
			name := fmt.Sprintf("%+v bias %t relu %t: %s", s, c.E.Bias != nil, c.E.ReLU, convtest.PassNames[i])
			convtest.Close(t, name, c.Results()[i].Slice(), want, products[i])
		}
	}
}

// TestConvAdjoint holds the gradients to <conv(x, w), dy> = <x, data(dy, w)> = <w, weights(x, dy)>.
func TestConvAdjoint(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, s := range convtest.Shapes(r, 40) {
			nx, nw, ny := convtest.Sizes(s)
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
	kerneltest.Distinct.EachType(t, testConvThreads[float32], testConvThreads[float64])
}

func testConvThreads[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, s := range append(convtest.Shapes(r, 20), convtest.Square(32, 12, 20, 50, 5, 1, 0), convtest.Square(20, 9, 40, 70, 3, 2, 1)) {
		c := convtest.NewCase[T](r, s, 0)
		c.OnThreads(t, []int{1, 2, 3, 8}, func() { passes(c) })
	}
}

func TestConvAllocatesNothing(t *testing.T) {
	kerneltest.Distinct.EachType(t, testConvAllocatesNothing[float32], testConvAllocatesNothing[float64])
}

func testConvAllocatesNothing[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, s := range []direct.Shape{convtest.Square(32, 12, 3, 5, 5, 1, 0), convtest.Square(19, 7, 33, 9, 3, 2, 1), convtest.Square(1, 8, 4, 4, 3, 1, 1)} {
		c := convtest.NewCase[T](r, s, 0)
		c.AllocatesNothing(t, func() { passes(c) })
	}
}

// TestConvOfNothing has one size zero, or an image smaller than the filter: sums of nothing are zero, and then the
// bias.
func TestConvOfNothing(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		full := direct.Shape{N: 2, H: 3, W: 3, C: 2, K: 2, KH: 2, KW: 2, StrideH: 1, StrideW: 1}
		for _, cut := range []func(*direct.Shape){
			func(s *direct.Shape) { s.N = 0 }, func(s *direct.Shape) { s.C = 0 }, func(s *direct.Shape) { s.K = 0 }, func(s *direct.Shape) { s.H = 1 }, func(s *direct.Shape) { s.W = 0 },
		} {
			s := full
			cut(&s)
			c := convtest.NewCase[float32](rand.New(rand.NewPCG(21, 22)), s, 0)
			c.E = gemm.Epilogue[float32]{Bias: []float32{3, 3}[:s.K]}
			c.Run(t, func() { passes(c) })
			for i, f := range c.Results() {
				for _, v := range f.Slice() {
					if want := [...]float32{3, 0, 0}[i]; v != want {
						t.Errorf("%+v: %s is %v, want %g everywhere", s, convtest.PassNames[i], f.Slice(), want)
						break
					}
				}
			}
		}
	})
}

func TestConvTooShort(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		s := convtest.Square(2, 4, 3, 5, 3, 1, 1)
		nx, nw, ny := convtest.Sizes(s)
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
