package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

func TestConvAgainstDefinition(t *testing.T) {
	forEachType(t, testConvAgainstDefinition[float32], testConvAgainstDefinition[float64])
}

func testConvAgainstDefinition[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range convShapes(r, 150) {
		s.Direct = true // winograd_test.go has the tests of the other method
		nx, nw, ny := convSizes(s)
		x, w, dy := randomSlice[T](r, nx), randomSlice[T](r, nw), randomSlice[T](r, ny)
		var e Epilogue[T]
		if r.IntN(2) == 0 {
			e.Bias = randomSlice[T](r, s.K)
		}
		e.ReLU = r.IntN(2) == 0
		y, yOK := guarded[T](t, "y", ny)
		dx, dxOK := guarded[T](t, "dx", nx)
		dw, dwOK := guarded[T](t, "dw", nw)
		ConvForward(s, x, w, y, e)
		ConvBackwardData(s, dy, w, dx)
		ConvBackwardWeights(s, x, dy, dw)
		yOK()
		dxOK()
		dwOK()
		wantY, wantX, wantW := make([]T, ny), make([]T, nx), make([]T, nw)
		convForwardGeneric(s, x, w, wantY, e)
		convBackwardDataGeneric(s, dy, w, wantX)
		convBackwardWeightsGeneric(s, x, dy, wantW)
		name := fmt.Sprintf("%+v bias %t relu %t", s, e.Bias != nil, e.ReLU)
		closeSlices(t, name+" y", y, wantY, s.KH*s.KW*s.C)
		closeSlices(t, name+" dx", dx, wantX, s.KH*s.KW*s.K)
		closeSlices(t, name+" dw", dw, wantW, ny/s.K)
	}
}

// TestConvAdjoint holds the gradients to <conv(x, w), dy> = <x, data(dy, w)> = <w, weights(x, dy)>.
func TestConvAdjoint(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, s := range convShapes(r, 40) {
			nx, nw, ny := convSizes(s)
			x, w, dy := randomSlice[float64](r, nx), randomSlice[float64](r, nw), randomSlice[float64](r, ny)
			y, dx, dw := make([]float64, ny), make([]float64, nx), make([]float64, nw)
			ConvForward(s, x, w, y, Epilogue[float64]{})
			ConvBackwardData(s, dy, w, dx)
			ConvBackwardWeights(s, x, dy, dw)
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
	forEachType(t, testConvThreads[float32], testConvThreads[float64])
}

func testConvThreads[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	shapes := append(convShapes(r, 20), square(32, 12, 20, 50, 5, 1, 0), square(20, 9, 40, 70, 3, 2, 1))
	for _, s := range shapes {
		nx, nw, ny := convSizes(s)
		x, w, dy := randomSlice[T](r, nx), randomSlice[T](r, nw), randomSlice[T](r, ny)
		e := Epilogue[T]{Bias: randomSlice[T](r, s.K), ReLU: true}
		var first [3][]T
		withThreads(t, []int{1, 2, 3, 8}, func(threads int) {
			got := [3][]T{make([]T, ny), make([]T, nx), make([]T, nw)}
			ConvForward(s, x, w, got[0], e)
			ConvBackwardData(s, dy, w, got[1])
			ConvBackwardWeights(s, x, dy, got[2])
			if threads == 1 {
				first = got
				return
			}
			for i, pass := range []string{"forward", "data", "weights"} {
				if !slices.Equal(got[i], first[i]) {
					t.Errorf("%+v: %s differs between 1 and %d threads", s, pass, threads)
				}
			}
		})
	}
}

func TestConvAllocatesNothing(t *testing.T) {
	forEachType(t, testConvAllocatesNothing[float32], testConvAllocatesNothing[float64])
}

func testConvAllocatesNothing[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, s := range []Conv{square(32, 12, 3, 5, 5, 1, 0), square(19, 7, 33, 9, 3, 2, 1), square(1, 8, 4, 4, 3, 1, 1)} {
		nx, nw, ny := convSizes(s)
		x, w, y := randomSlice[T](r, nx), randomSlice[T](r, nw), randomSlice[T](r, ny)
		dx, dw := make([]T, nx), make([]T, nw)
		e := Epilogue[T]{Bias: randomSlice[T](r, s.K), ReLU: true}
		allocs := testing.AllocsPerRun(20, func() {
			ConvForward(s, x, w, y, e)
			ConvBackwardData(s, y, w, dx)
			ConvBackwardWeights(s, x, y, dw)
		})
		if allocs != 0 {
			t.Errorf("%+v: %g allocations in the three passes", s, allocs)
		}
	}
}

// TestConvOfNothing has one size zero, or an image smaller than the filter: sums of nothing are zero, and then the bias.
func TestConvOfNothing(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		full := Conv{N: 2, H: 3, W: 3, C: 2, K: 2, KH: 2, KW: 2, StrideH: 1, StrideW: 1}
		for _, cut := range []func(*Conv){
			func(s *Conv) { s.N = 0 }, func(s *Conv) { s.C = 0 }, func(s *Conv) { s.K = 0 }, func(s *Conv) { s.H = 1 }, func(s *Conv) { s.W = 0 },
		} {
			s := full
			cut(&s)
			nx, nw, ny := convSizes(s)
			x, w, y := make([]float32, nx), make([]float32, nw), make([]float32, ny)
			dx, dxOK := guarded[float32](t, "dx", nx)
			dw, dwOK := guarded[float32](t, "dw", nw)
			z, zOK := guarded[float32](t, "z", ny)
			ConvForward(s, x, w, z, Epilogue[float32]{Bias: []float32{3, 3}[:s.K]})
			ConvBackwardData(s, y, w, dx)
			ConvBackwardWeights(s, x, y, dw)
			dxOK()
			dwOK()
			zOK()
			for name, c := range map[string]struct {
				got  []float32
				want float32
			}{"y": {z, 3}, "dx": {dx, 0}, "dw": {dw, 0}} {
				for _, v := range c.got {
					if v != c.want {
						t.Errorf("%+v: %s = %v, want %g everywhere", s, name, c.got, c.want)
						break
					}
				}
			}
		}
	})
}

func TestConvTooShort(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		s := square(2, 4, 3, 5, 3, 1, 1)
		nx, nw, ny := convSizes(s)
		for i := range 3 {
			n := [3]int{nx, nw, ny}
			n[i]--
			x, w, y := make([]float32, n[0]), make([]float32, n[1]), make([]float32, n[2])
			for name, pass := range map[string]func(){
				"forward": func() { ConvForward(s, x, w, y, Epilogue[float32]{}) },
				"data":    func() { ConvBackwardData(s, y, w, x) },
				"weights": func() { ConvBackwardWeights(s, x, y, w) },
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
