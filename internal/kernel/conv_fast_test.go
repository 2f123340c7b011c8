package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// eachSet runs f once for each kernel set that the machine has, and names those that it lacks.
func eachConvSet(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	before := Name()
	defer Use(before)
	for _, name := range setNames {
		t.Run(name, func(t *testing.T) {
			if err := Use(name); err != nil {
				t.Skipf("not tested: %v", err)
			}
			f(t)
		})
	}
}

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

func randomConv(r *rand.Rand) Conv {
	for {
		s := Conv{
			N: 1 + r.IntN(5), H: 1 + r.IntN(13), W: 1 + r.IntN(13), C: 1 + r.IntN(40), K: 1 + r.IntN(40),
			KH: 1 + r.IntN(7), KW: 1 + r.IntN(7), StrideH: 1 + r.IntN(3), StrideW: 1 + r.IntN(3), PadH: r.IntN(4), PadW: r.IntN(4),
		}
		switch r.IntN(6) {
		case 0:
			s.N += 10 + r.IntN(60)
			s.C = 1 + s.C/4
		case 1:
			s.C = 1
		case 2:
			s.K += 20
		}
		if oh, ow := s.Out(); oh > 0 && ow > 0 {
			return s
		}
	}
}

func TestConvAgainstDefinition(t *testing.T) {
	eachConvSet(t, func(t *testing.T) {
		t.Run("float32", testConvAgainstDefinition[float32])
		t.Run("float64", testConvAgainstDefinition[float64])
	})
}

func testConvAgainstDefinition[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		s := randomConv(r)
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
