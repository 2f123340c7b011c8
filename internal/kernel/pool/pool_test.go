package pool

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

func (s Shape) String() string {
	return fmt.Sprintf("images %d×%d×%d×%d, windows %d×%d, strides %d %d, padding %d %d",
		s.N, s.H, s.W, s.C, s.KH, s.KW, s.StrideH, s.StrideW, s.PadH, s.PadW)
}

// eachPool runs f for poolings of all kinds: windows apart, touching and overlapping, padded or not, of images that
// they cover or don't, with channels for full vectors and the rest.
func eachPool(r *rand.Rand, f func(s Shape)) {
	for _, s := range []Shape{
		{1, 1, 1, 1, 1, 1, 1, 1, 0, 0},
		{2, 4, 6, 20, 2, 2, 2, 2, 0, 0},
		{2, 5, 7, 33, 2, 2, 2, 2, 0, 0},
		{1, 5, 5, 16, 2, 2, 2, 2, 1, 1},
		{1, 6, 5, 17, 2, 2, 1, 1, 0, 0},
		{1, 6, 5, 3, 2, 2, 3, 3, 0, 0},
		{2, 7, 7, 10, 3, 3, 2, 2, 1, 1},
		{1, 3, 4, 9, 5, 5, 1, 1, 2, 2},
		{2, 4, 4, 64, 4, 4, 4, 4, 0, 0},
		{1, 2, 2, 5, 3, 3, 1, 1, 1, 1},
		{1, 4, 4, 2, 2, 3, 2, 1, 0, 2},
		{3, 32, 32, 20, 2, 2, 2, 2, 0, 0},
		{2, 40, 31, 20, 3, 2, 2, 3, 2, 1},
		{2, 7, 5, 10, 2, 2, 2, 2, 0, 0}, // the last row and column are in no window
		{1, 8, 7, 3, 3, 2, 3, 2, 0, 0},
	} {
		f(s)
	}
	for range 150 {
		s := Shape{N: 1 + r.IntN(3), H: 1 + r.IntN(9), W: 1 + r.IntN(9), C: 1 + r.IntN(40), KH: 1 + r.IntN(4), KW: 1 + r.IntN(4),
			StrideH: 1 + r.IntN(3), StrideW: 1 + r.IntN(3)}
		s.PadH, s.PadW = r.IntN(s.KH), r.IntN(s.KW)
		if s.H+2*s.PadH >= s.KH && s.W+2*s.PadW >= s.KW {
			f(s)
		}
	}
}

// eachWindow calls f for each result of a pooling and each cell of its window inside the image.
func (s Shape) eachWindow(f func(result int, cells, numbers []int)) {
	oh, ow := s.Out()
	for result := range s.N * oh * ow * s.C {
		c, ox, oy, n := result%s.C, result/s.C%ow, result/s.C/ow%oh, result/s.C/ow/oh
		var cells, numbers []int
		for number := range s.KH * s.KW {
			y, x := oy*s.StrideH-s.PadH+number/s.KW, ox*s.StrideW-s.PadW+number%s.KW
			if y >= 0 && y < s.H && x >= 0 && x < s.W {
				cells, numbers = append(cells, ((n*s.H+y)*s.W+x)*s.C+c), append(numbers, number)
			}
		}
		f(result, cells, numbers)
	}
}

func TestMaxPool(t *testing.T) {
	kerneltest.Distinct.EachType(t, testMaxPool[float32], testMaxPool[float64])
}

func testMaxPool[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	eachPool(r, func(s Shape) {
		in, out := s.Sizes()
		x := kerneltest.Values[T](r, in, 1, false)
		for i := range x.Slice() {
			if r.IntN(3) == 0 {
				x.Slice()[i] = T(r.IntN(3)) // ties
			}
		}
		y, wantY := kerneltest.NewField[T](out, 2, 77), kerneltest.NewField[T](out, 2, 77)
		arg, wantArg := kerneltest.NewField[uint16](out, 3, 777), make([]uint16, out)
		s.eachWindow(func(result int, cells, numbers []int) {
			best := 0
			for i, cell := range cells {
				v, b := x.Slice()[cell], x.Slice()[cells[best]]
				if v > b || v != v && b == b {
					best = i
				}
			}
			wantY.Slice()[result], wantArg[result] = x.Slice()[cells[best]], uint16(numbers[best])
		})
		Max(s, x.Slice(), y.Slice(), arg.Slice())
		kerneltest.Compare(t, y, wantY, "%v", s)
		for i, w := range wantArg {
			if g := arg.Slice()[i]; g != w {
				t.Fatalf("%v: maximum %d is in cell %d, want %d", s, i, g, w)
			}
		}
		if kerneltest.Spoiled(arg) {
			t.Fatalf("%v: cells were written outside their slice", s)
		}
		picked := kerneltest.NewField[T](out, 4, 77)
		runPool(&windowJob[T]{Shape: s, routine: pick, image: x.Slice(), results: picked.Slice(), arg: wantArg})
		kerneltest.Compare(t, picked, wantY, "%v: elements at the maxima", s)
	})
}

func TestMaxPoolGrad(t *testing.T) {
	kerneltest.Distinct.EachType(t, testMaxPoolGrad[float32], testMaxPoolGrad[float64])
}

func testMaxPoolGrad[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	eachPool(r, func(s Shape) {
		in, out := s.Sizes()
		x, y, arg := kerneltest.Values[T](r, in, 0, true).Slice(), make([]T, out), make([]uint16, out)
		Max(s, x, y, arg)
		dy, dx, want := kerneltest.NewField[T](out, 1, 5), kerneltest.NewField[T](in, 3, 9), kerneltest.NewField[T](in, 3, 9)
		clear(want.Slice())
		for i := range dy.Slice() {
			dy.Slice()[i] = T(r.IntN(2001) - 1000) // sums are exact
		}
		s.eachWindow(func(result int, cells, numbers []int) {
			for i, cell := range cells {
				if numbers[i] == int(arg[result]) {
					want.Slice()[cell] += dy.Slice()[result]
				}
			}
		})
		MaxGrad(s, dy.Slice(), arg, dx.Slice())
		kerneltest.Compare(t, dx, want, "%v", s)
	})
}

func TestAvgPool(t *testing.T) {
	kerneltest.Distinct.EachType(t, testAvgPool[float32], testAvgPool[float64])
}

func testAvgPool[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	eachPool(r, func(s Shape) {
		in, out := s.Sizes()
		x, dy := kerneltest.NewField[T](in, 1, 5), kerneltest.NewField[T](out, 1, 5)
		for _, f := range []*kerneltest.Field[T]{x, dy} {
			for i := range f.Slice() {
				f.Slice()[i] = T(r.IntN(2001) - 1000) // sums are exact
			}
		}
		for _, countPad := range []bool{false, true} {
			y, want := kerneltest.NewField[T](out, 2, 77), kerneltest.NewField[T](out, 2, 77)
			dx, wantDX := kerneltest.NewField[T](in, 3, 9), kerneltest.NewField[T](in, 3, 9)
			clear(wantDX.Slice())
			s.eachWindow(func(result int, cells, _ []int) {
				scale := 1 / T(len(cells))
				if countPad {
					scale = 1 / T(s.KH*s.KW)
				}
				var sum T
				for _, cell := range cells {
					sum += x.Slice()[cell]
					wantDX.Slice()[cell] += T(dy.Slice()[result] * scale)
				}
				want.Slice()[result] = sum * scale
			})
			Avg(s, x.Slice(), y.Slice(), countPad)
			kerneltest.Compare(t, y, want, "%v, padding counts: %t", s, countPad)
			AvgGrad(s, dy.Slice(), dx.Slice(), countPad)
			compareClose(t, fmt.Sprintf("%v, padding counts: %t, gradient", s, countPad), dx, wantDX)
		}
	})
}

// compareClose is compare for sums in another order.
func compareClose[T kernel.Float](t *testing.T, what string, got, want *kerneltest.Field[T]) {
	t.Helper()
	tolerance := 1e-12
	if kernel.Is32[T]() {
		tolerance = 1e-5
	}
	if kerneltest.Spoiled(got) {
		t.Fatalf("%s: wrote outside its slice", what)
	}
	for i, w := range want.Slice() {
		if g := got.Slice()[i]; math.Abs(float64(g-w)) > tolerance*(1000+math.Abs(float64(w))) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, g, w)
		}
	}
}
