package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

func randomSlice[T Float](r *rand.Rand, n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(r.NormFloat64())
	}
	return x
}

// guarded returns a slice of n NaNs with room around it, and a check that the room is untouched.
func guarded[T Float](t *testing.T, name string, n int) (x []T, check func()) {
	const room = 40
	nan := T(math.NaN())
	all := make([]T, n+2*room)
	for i := range all {
		all[i] = nan
		if i < room || i >= n+room {
			all[i] = T(i) + 0.5
		}
	}
	return all[room : room+n : room+n], func() {
		t.Helper()
		for i, v := range all {
			if (i < room || i >= n+room) && v != T(i)+0.5 {
				t.Fatalf("%s: wrote at %d of [0, %d)", name, i-room, n)
			}
		}
	}
}

func convSizes(s Conv) (x, w, y int) {
	oh, ow := s.Out()
	return s.N * s.H * s.W * s.C, s.KH * s.KW * s.C * s.K, s.N * oh * ow * s.K
}

// convShapes are random shapes and some that earn a place.
func convShapes(r *rand.Rand, n int) []Conv {
	shapes := []Conv{
		{N: 1, H: 1, W: 1, C: 1, K: 1, KH: 1, KW: 1, StrideH: 1, StrideW: 1},
		{N: 1, H: 1, W: 1, C: 3, K: 2, KH: 1, KW: 1, StrideH: 2, StrideW: 3, PadH: 3, PadW: 3},   // most outputs see padding alone
		{N: 2, H: 2, W: 9, C: 5, K: 3, KH: 1, KW: 2, StrideH: 3, StrideW: 3},                     // some inputs reach no output
		{N: 33, H: 3, W: 4, C: 2, K: 29, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1}, // one image more than lanes
		{N: 2, H: 5, W: 1, C: 40, K: 17, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 2, PadW: 2},
		{N: 17, H: 6, W: 6, C: 64, K: 33, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1}, // whole panels in a filter cell
		{N: 3, H: 6, W: 150, C: 1, K: 20, KH: 5, KW: 5, StrideH: 1, StrideW: 1},                   // rows longer than a block
		{N: 3, H: 4, W: 5, C: 16, K: 32, KH: 1, KW: 1, StrideH: 1, StrideW: 1},                    // matrix products
		{N: 18, H: 3, W: 3, C: 33, K: 15, KH: 1, KW: 1, StrideH: 1, StrideW: 1},
		{N: 2, H: 4, W: 7, C: 150, K: 10, KH: 1, KW: 1, StrideH: 1, StrideW: 1},
	}
	for range n {
		shapes = append(shapes, randomConv(r))
	}
	return shapes
}

func randomConv(r *rand.Rand) Conv {
	for {
		s := Conv{
			N: 1 + r.IntN(5), H: 1 + r.IntN(13), W: 1 + r.IntN(13), C: 1 + r.IntN(40), K: 1 + r.IntN(40),
			KH: 1 + r.IntN(7), KW: 1 + r.IntN(7), StrideH: 1 + r.IntN(3), StrideW: 1 + r.IntN(3), PadH: r.IntN(4), PadW: r.IntN(4),
		}
		switch r.IntN(6) {
		case 0, 1: // images as lanes
			s.N += 3 + r.IntN(60)
			s.C, s.K = 1+s.C/4, 1+s.K/2
		case 2:
			s.C = 1
		case 3:
			s.K = 1
		}
		if oh, ow := s.Out(); oh > 0 && ow > 0 {
			return s
		}
	}
}

func TestConvAgainstDefinition(t *testing.T) {
	forEachType(t, testConvAgainstDefinition[float32], testConvAgainstDefinition[float64])
}

func testConvAgainstDefinition[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range convShapes(r, 150) {
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

// closeSlices compares sums of n products of standard normal numbers.
func closeSlices[T Float](t *testing.T, name string, got, want []T, n int) {
	t.Helper()
	eps := 0x1p-52
	if is32[T]() {
		eps = 0x1p-23
	}
	tol := 4 * eps * float64(n+8)
	for i := range want {
		if d := math.Abs(float64(got[i] - want[i])); !(d <= tol) {
			t.Fatalf("%s: [%d] = %g, want %g, off by %g > %g", name, i, got[i], want[i], d, tol)
		}
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
