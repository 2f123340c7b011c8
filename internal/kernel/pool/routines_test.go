package pool

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

func TestPoolRoutinesEqualDefinitions(t *testing.T) {
	kerneltest.Vectors.EachType(t, testPoolRoutines[float32], testPoolRoutines[float64])
}

// windowCase is some windows side by side, stride cells apart, in an image of cols columns. The number of a window's
// first cell is first, and from row to row it grows by width.
type windowCase struct{ count, kh, kw, stride, cols, first, width int }

var (
	squareWindows = []windowCase{ // which there are more routines for
		{1, 2, 2, 2, 2, 0, 2},
		{3, 2, 2, 2, 7, 0, 2},
		{3, 2, 2, 3, 8, 0, 2},
	}
	otherWindows = []windowCase{
		{2, 3, 2, 1, 4, 0, 2},
		{2, 2, 3, 3, 6, 5, 4}, // a window that the sides of the image cut
		{1, 4, 4, 1, 4, 0, 4},
	}
)

// fields are what the routines read and write: x and dx have a cell for each place of the image, y and z a result for
// each window.
type fields[T kernel.Float] struct {
	x, dx, y, z *kerneltest.Field[T]
	arg         *kerneltest.Field[uint16]
}

func newPoolFields[T kernel.Float](r *rand.Rand, w windowCase, channels, offset int) fields[T] {
	cells, results := ((w.kh-1)*w.cols+(w.count-1)*w.stride+w.kw)*channels, w.count*channels
	f := fields[T]{
		x: kerneltest.Values[T](r, cells, offset, false), dx: kerneltest.Values[T](r, cells, 3*offset+1, true),
		y: kerneltest.Values[T](r, results, 5*offset+2, true), z: kerneltest.NewField[T](results, 7*offset+3, 9), arg: kerneltest.NewField[uint16](results, offset, 999),
	}
	for i := range f.arg.Slice() {
		f.arg.Slice()[i] = uint16(w.first + r.IntN(w.kh)*w.width + r.IntN(w.kw))
	}
	return f
}

func (f fields[T]) twin() fields[T] {
	return fields[T]{kerneltest.Twin(f.x), kerneltest.Twin(f.dx), kerneltest.Twin(f.y), kerneltest.Twin(f.z), kerneltest.Twin(f.arg)}
}

// calls are calls of each routine that is for such windows.
func calls[T kernel.Float](w windowCase, c int) map[string]func(k *routines[T], f fields[T]) {
	step, row := w.stride*c, w.cols*c
	all := map[string]func(k *routines[T], f fields[T]){
		"maxPool": func(k *routines[T], f fields[T]) {
			k.maxPool(w.count, c, w.kh, w.kw, step, c, row, w.first, w.width, f.x.Slice(), f.z.Slice(), f.arg.Slice())
		},
		"maxPoolGrad": func(k *routines[T], f fields[T]) {
			k.maxPoolGrad(w.count, c, w.kh, w.kw, step, c, row, w.first, w.width, f.y.Slice(), f.arg.Slice(), f.dx.Slice())
		},
		"poolPick": func(k *routines[T], f fields[T]) {
			k.poolPick(w.count, c, w.kh, w.kw, step, c, row, w.first, w.width, f.x.Slice(), f.arg.Slice(), f.z.Slice())
		},
		"avgPool": func(k *routines[T], f fields[T]) {
			k.avgPool(w.count, c, w.kh, w.kw, step, c, row, 0.3, f.x.Slice(), f.z.Slice())
		},
		"avgPoolGrad": func(k *routines[T], f fields[T]) {
			k.avgPoolGrad(w.count, c, w.kh, w.kw, step, c, row, 0.3, f.y.Slice(), f.dx.Slice())
		},
	}
	if w.stride < w.kw && w.count > 1 {
		return all
	}
	all["maxPoolGradApart"] = func(k *routines[T], f fields[T]) {
		k.maxPoolGradApart(w.count, c, w.kh, w.kw, step, c, row, w.first, w.width, f.y.Slice(), f.arg.Slice(), f.dx.Slice())
	}
	all["avgPoolGradApart"] = func(k *routines[T], f fields[T]) {
		k.avgPoolGradApart(w.count, c, w.kh, w.kw, step, c, row, 0.3, f.y.Slice(), f.dx.Slice())
	}
	if w.kh != 2 || w.kw != 2 {
		return all
	}
	all["maxPool2"] = func(k *routines[T], f fields[T]) {
		k.maxPool2(w.count, c, step, c, row, f.x.Slice(), f.z.Slice(), f.arg.Slice())
	}
	all["maxPoolGrad2"] = func(k *routines[T], f fields[T]) {
		k.maxPoolGrad2(w.count, c, step, c, row, f.y.Slice(), f.arg.Slice(), f.dx.Slice())
	}
	all["poolPick2"] = func(k *routines[T], f fields[T]) {
		k.poolPick2(w.count, c, step, c, row, f.x.Slice(), f.arg.Slice(), f.z.Slice())
	}
	return all
}

func testPoolRoutines[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(27, 28))
	for channels := 1; channels <= kerneltest.Longest; channels++ {
		kerneltest.EveryAlignment[T](channels, func(offset int) {
			testPoolRoutinesOn[T](t, r, squareWindows[offset%len(squareWindows)], channels, offset)
			testPoolRoutinesOn[T](t, r, otherWindows[offset%len(otherWindows)], channels, offset)
		})
	}
}

func testPoolRoutinesOn[T kernel.Float](t *testing.T, r *rand.Rand, w windowCase, channels, offset int) {
	t.Helper()
	definition := definitions[T]()
	fields := newPoolFields[T](r, w, channels, offset)
	for name, run := range calls[T](w, channels) {
		got, want := fields.twin(), fields.twin()
		run(&definition, want)
		run(inUse[T](), got)
		for _, p := range [][2]*kerneltest.Field[T]{{got.x, want.x}, {got.dx, want.dx}, {got.y, want.y}, {got.z, want.z}} {
			kerneltest.Compare(t, p[0], p[1], "%s of %+v, %d channels at %d", name, w, channels, offset)
		}
		if !slices.Equal(got.arg.All, want.arg.All) {
			t.Fatalf("%s of %+v, %d channels at %d: other cells than by definition", name, w, channels, offset)
		}
	}
}
