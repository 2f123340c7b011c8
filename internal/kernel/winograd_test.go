package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// winogradShapes are random convolutions by 3 by 3 filters, and some that earn a place.
func winogradShapes(r *rand.Rand, n int) []Conv {
	shapes := []Conv{
		square(1, 1, 1, 1, 3, 1, 1),
		square(1, 3, 1, 1, 3, 1, 0),
		square(3, 4, 64, 64, 3, 1, 1),
		square(2, 8, 33, 70, 3, 1, 1),
		square(1, 5, 300, 30, 3, 1, 1),   // more channels than are multiplied at once
		square(40, 13, 17, 19, 3, 1, 1),  // more tiles than are transformed at once
		square(1, 6, 8, 300, 3, 1, 4),    // outputs that see padding alone
		square(150, 4, 20, 200, 3, 1, 1), // few tiles, but more than meet a panel at once
		square(40, 7, 10, 150, 3, 1, 1),  // the same with tiles of all kinds
		square(9, 15, 20, 40, 3, 1, 1),
		square(60, 3, 30, 30, 3, 1, 1), // narrow tiles alone
		square(1, 45, 5, 6, 3, 1, 1),   // too many tiles to be of several kinds
		{N: 2, H: 1, W: 30, C: 5, K: 6, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 2, PadW: 0},
	}
	for range n {
		s := Conv{
			N: 1 + r.IntN(4), H: 1 + r.IntN(14), W: 1 + r.IntN(14), C: 1 + r.IntN(70), K: 1 + r.IntN(70),
			KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: r.IntN(4), PadW: r.IntN(4),
		}
		if oh, ow := s.Out(); oh > 0 && ow > 0 {
			shapes = append(shapes, s)
		}
	}
	return shapes
}

// winogradPasses computes the three passes by Winograd's method whatever the shape.
func winogradPasses(s Conv, x, w, dy, y, dx, dw []float32, e Epilogue[float32]) {
	k := winogradSets[active]
	winogradForward(k, s, x, w, y, e, winogradPool{})
	winogradBackwardData(k, s, dy, w, dx, winogradPool{})
	winogradBackwardWeights(k, s, x, dy, dw, winogradPool{})
}

func TestWinogradAgainstDefinition(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		count := 60
		if testing.Short() {
			count = 15
		}
		for _, s := range winogradShapes(r, count) {
			testWinogradAgainstDefinition(t, r, s)
		}
	})
}

func testWinogradAgainstDefinition(t *testing.T, r *rand.Rand, s Conv) {
	nx, nw, ny := convSizes(s)
	x, w, dy := randomSlice[float32](r, nx), randomSlice[float32](r, nw), randomSlice[float32](r, ny)
	var e Epilogue[float32]
	if r.IntN(2) == 0 {
		e.Bias = randomSlice[float32](r, s.K)
	}
	e.ReLU = r.IntN(2) == 0
	y, yOK := guarded[float32](t, "y", ny)
	dx, dxOK := guarded[float32](t, "dx", nx)
	dw, dwOK := guarded[float32](t, "dw", nw)
	winogradPasses(s, x, w, dy, y, dx, dw, e)
	yOK()
	dxOK()
	dwOK()
	wantY, wantX, wantW := make([]float64, ny), make([]float64, nx), make([]float64, nw)
	x64, w64, dy64 := inFloat64(x), inFloat64(w), inFloat64(dy)
	convForwardGeneric(s, x64, w64, wantY, Epilogue[float64]{Bias: inFloat64(e.Bias), ReLU: e.ReLU})
	convBackwardDataGeneric(s, dy64, w64, wantX)
	convBackwardWeightsGeneric(s, x64, dy64, wantW)
	name := fmt.Sprintf("%+v bias %t relu %t", s, e.Bias != nil, e.ReLU)
	closeOnAverage(t, name+" y", y, wantY, 9*s.C)
	closeOnAverage(t, name+" dx", dx, wantX, 9*s.K)
	closeOnAverage(t, name+" dw", dw, wantW, ny/s.K)
}

func inFloat64(x []float32) []float64 {
	if x == nil {
		return nil
	}
	wide := make([]float64, len(x))
	for i, v := range x {
		wide[i] = float64(v)
	}
	return wide
}

// closeOnAverage wants a root mean square error of 1e-5 relative to that of sums of n products of standard normal numbers, and
// no error of more than ten times that.
func closeOnAverage(t *testing.T, name string, got []float32, want []float64, n int) {
	t.Helper()
	var sum float64
	scale := math.Sqrt(float64(n))
	for i, v := range got {
		d := math.Abs(float64(v)-want[i]) / scale
		if !(d <= 1e-4) {
			t.Fatalf("%s: [%d] = %g, want %g", name, i, v, want[i])
		}
		sum += d * d
	}
	if rms := math.Sqrt(sum / float64(len(got))); rms > 1e-5 {
		t.Errorf("%s: error %g on average", name, rms)
	}
}

// TestWinogradAccuracy compares convolutions of ResNet-9's sizes, on activations that are clipped at zero and filters as they
// are initialised, with float64.
func TestWinogradAccuracy(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(3, 4))
		for _, s := range []Conv{square(2, 16, 64, 64, 3, 1, 1), square(8, 4, 512, 512, 3, 1, 1), square(128, 8, 48, 16, 3, 1, 1), square(64, 7, 64, 64, 3, 1, 1), square(128, 3, 64, 64, 3, 1, 1)} {
			if active == setGeneric && (s.C > 100 || testing.Short()) {
				continue // other tests say as much about the definition, and sooner
			}
			nx, nw, ny := convSizes(s)
			x, w, dy := randomSlice[float32](r, nx), randomSlice[float32](r, nw), randomSlice[float32](r, ny)
			Relu(x, x)
			Scale(float32(math.Sqrt(2/float64(9*s.C))), w)
			y, dx, dw := make([]float32, ny), make([]float32, nx), make([]float32, nw)
			winogradPasses(s, x, w, dy, y, dx, dw, Epilogue[float32]{})
			wantY, wantX, wantW := make([]float64, ny), make([]float64, nx), make([]float64, nw)
			x64, w64, dy64 := inFloat64(x), inFloat64(w), inFloat64(dy)
			ConvForward(s, x64, w64, wantY, Epilogue[float64]{})
			ConvBackwardData(s, dy64, w64, wantX)
			ConvBackwardWeights(s, x64, dy64, wantW)
			for name, e := range map[string]float64{"y": relativeError(y, wantY), "dx": relativeError(dx, wantX), "dw": relativeError(dw, wantW)} {
				t.Logf("%+v %s: %.2g", s, name, e)
				if !(e <= 1e-5) {
					t.Errorf("%+v: %s has a relative error of %g", s, name, e)
				}
			}
		}
	})
}

// relativeError is the norm of the error relative to that of the result.
func relativeError(got []float32, want []float64) float64 {
	var d, n float64
	for i, v := range want {
		d += (float64(got[i]) - v) * (float64(got[i]) - v)
		n += v * v
	}
	return math.Sqrt(d / n)
}

func TestWinogradThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	forEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		for _, s := range winogradShapes(r, 8) {
			nx, nw, ny := convSizes(s)
			x, w, dy := randomSlice[float32](r, nx), randomSlice[float32](r, nw), randomSlice[float32](r, ny)
			e := Epilogue[float32]{Bias: randomSlice[float32](r, s.K), ReLU: true}
			var first [3][]float32
			counts := []int{1, 2, 3, 8}
			if active == setGeneric && testing.Short() {
				counts = []int{1, 8}
			}
			withThreads(t, counts, func(threads int) {
				got := [3][]float32{make([]float32, ny), make([]float32, nx), make([]float32, nw)}
				winogradPasses(s, x, w, dy, got[0], got[1], got[2], e)
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
	})
}

func TestWinogradAllocatesNothing(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(7, 8))
		for _, s := range []Conv{square(3, 4, 20, 70, 3, 1, 1), square(30, 12, 9, 17, 3, 1, 1)} {
			nx, nw, ny := convSizes(s)
			x, w, dy := randomSlice[float32](r, nx), randomSlice[float32](r, nw), randomSlice[float32](r, ny)
			y, dx, dw := make([]float32, ny), make([]float32, nx), make([]float32, nw)
			e := Epilogue[float32]{Bias: randomSlice[float32](r, s.K), ReLU: true}
			// Which threads work, and so how many need memory, varies from call to call: warm up all.
			withThreads(t, []int{1, 2}, func(int) {
				allocs := testing.AllocsPerRun(20, func() { winogradPasses(s, x, w, dy, y, dx, dw, e) })
				if allocs != 0 {
					t.Errorf("%+v: %g allocations in the three passes", s, allocs)
				}
			})
		}
	})
}

// TestWinogradKeepsNaN wants a NaN in the input in every output that it reaches, past the ReLU.
func TestWinogradKeepsNaN(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		s := square(1, 5, 3, 20, 3, 1, 1)
		nx, nw, ny := convSizes(s)
		x, w, y := make([]float32, nx), make([]float32, nw), make([]float32, ny)
		x[(2*5+2)*3+1] = float32(math.NaN())
		winogradForward(winogradSets[active], s, x, w, y, Epilogue[float32]{ReLU: true}, winogradPool{})
		for i := 1; i <= 3; i++ {
			for k := range s.K {
				if v := y[(i*5+2)*s.K+k]; v == v {
					t.Fatalf("row %d channel %d is %g", i, k, v)
				}
			}
		}
	})
}

// TestWinogradChoice checks where the method is used at all, and that the options and types that forbid it do.
func TestWinogradChoice(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		fast := active != setGeneric
		strided, long := square(32, 16, 64, 64, 3, 2, 1), square(32, 16, 64, 64, 5, 1, 2)
		direct := square(32, 16, 64, 64, 3, 1, 1)
		direct.Direct = true
		for _, c := range []struct {
			s    Conv
			want bool
		}{
			{square(128, 32, 64, 128, 3, 1, 1), fast},
			{square(128, 8, 256, 512, 3, 1, 1), fast},
			{square(32, 4, 512, 512, 3, 1, 1), fast},
			{square(1, 28, 64, 64, 3, 1, 1), fast},
			{square(128, 32, 3, 64, 3, 1, 1), false}, // transforms of three channels cost as much as those of a vector
			{square(1, 4, 512, 512, 3, 1, 1), false}, // the transform of the filters serves one tile alone
			{square(128, 2, 64, 64, 3, 1, 1), false}, // more than half of a tile is empty, and of the filter on the padding
			{square(512, 3, 256, 256, 3, 1, 1), fast},
			{strided, false},
			{long, false},
			{direct, false},
		} {
			for pass := passForward; pass <= passWeights; pass++ {
				if got := c.s.byWinograd(true, pass); got != c.want {
					t.Errorf("%+v, pass %d: byWinograd = %t", c.s, pass, got)
				}
				if c.s.byWinograd(false, pass) {
					t.Errorf("%+v, pass %d: byWinograd in float64", c.s, pass)
				}
			}
		}
	})
}

// TestWinogradIsUsed wants the bits of the method from the functions that choose it, and others where it is forbidden.
func TestWinogradIsUsed(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		if active == setGeneric {
			t.Skip("the generic set never chooses the method")
		}
		r := rand.New(rand.NewPCG(11, 12))
		s := square(3, 16, 64, 48, 3, 1, 1)
		nx, nw, ny := convSizes(s)
		x, w, dy := randomSlice[float32](r, nx), randomSlice[float32](r, nw), randomSlice[float32](r, ny)
		e := Epilogue[float32]{Bias: randomSlice[float32](r, s.K), ReLU: true}
		want := [3][]float32{make([]float32, ny), make([]float32, nx), make([]float32, nw)}
		winogradPasses(s, x, w, dy, want[0], want[1], want[2], e)
		for _, forbid := range []bool{false, true} {
			s.Direct = forbid
			got := [3][]float32{make([]float32, ny), make([]float32, nx), make([]float32, nw)}
			ConvForward(s, x, w, got[0], e)
			ConvBackwardData(s, dy, w, got[1])
			ConvBackwardWeights(s, x, dy, got[2])
			for i := range got {
				if slices.Equal(got[i], want[i]) == forbid {
					t.Errorf("Direct %t: result %d of Winograd's method: %t", forbid, i, !forbid)
				}
			}
		}
	})
}

// TestWinogradPool pools by more than one strip of images and wants the bits of the two steps.
func TestWinogradPool(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(13, 14))
		for _, s := range []Conv{square(140, 8, 32, 32, 3, 1, 1), square(33, 4, 32, 32, 3, 1, 1)} {
			p := Pool{N: s.N, H: s.H, W: s.W, C: s.K, KH: 2, KW: 2, StrideH: 2, StrideW: 2}
			nx, nw, ny := convSizes(s)
			x, w := randomSlice[float32](r, nx), randomSlice[float32](r, nw)
			e := Epilogue[float32]{Bias: randomSlice[float32](r, s.K), ReLU: true}
			full, want, wantArg := make([]float32, ny), make([]float32, ny/4), make([]uint16, ny/4)
			ConvForward(s, x, w, full, e)
			MaxPool(p, full, want, wantArg)
			y, arg := make([]float32, ny/4), make([]uint16, ny/4)
			ConvPoolForward(s, p, x, w, y, arg, e)
			if !slices.Equal(y, want) || !slices.Equal(arg, wantArg) {
				t.Errorf("%+v: differs from convolution and pool", s)
			}
		}
	})
}
