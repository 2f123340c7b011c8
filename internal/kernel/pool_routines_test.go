package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestPoolRoutinesEqualDefinitions(t *testing.T) {
	forEachType(t, testPoolRoutines[float32], testPoolRoutines[float64])
}

// windowCase is some windows side by side, stride cells apart, in an image of cols columns. The number of a window's first cell is first,
// and from row to row it grows by width.
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

// poolFields are what the routines read and write: x and dx have a cell for each place of the image, y and z a result for each window.
type poolFields[T Float] struct {
	x, dx, y, z *field[T]
	arg         *field[uint16]
}

func newPoolFields[T Float](r *rand.Rand, w windowCase, channels, offset int) poolFields[T] {
	cells, results := ((w.kh-1)*w.cols+(w.count-1)*w.stride+w.kw)*channels, w.count*channels
	f := poolFields[T]{
		x: values[T](r, cells, offset, false), dx: values[T](r, cells, 3*offset+1, true),
		y: values[T](r, results, 5*offset+2, true), z: newField[T](results, 7*offset+3, 9), arg: newField[uint16](results, offset, 999),
	}
	for i := range f.arg.slice() {
		f.arg.slice()[i] = uint16(w.first + r.IntN(w.kh)*w.width + r.IntN(w.kw))
	}
	return f
}

func (f poolFields[T]) twin() poolFields[T] {
	return poolFields[T]{twin(f.x), twin(f.dx), twin(f.y), twin(f.z), twin(f.arg)}
}

// poolRoutines are calls of each routine that is for such windows.
func poolRoutines[T Float](w windowCase, c int) map[string]func(k *routines[T], f poolFields[T]) {
	step, row := w.stride*c, w.cols*c
	all := map[string]func(k *routines[T], f poolFields[T]){
		"maxPool": func(k *routines[T], f poolFields[T]) {
			k.maxPool(w.count, c, w.kh, w.kw, step, c, row, w.first, w.width, f.x.slice(), f.z.slice(), f.arg.slice())
		},
		"maxPoolGrad": func(k *routines[T], f poolFields[T]) {
			k.maxPoolGrad(w.count, c, w.kh, w.kw, step, c, row, w.first, w.width, f.y.slice(), f.arg.slice(), f.dx.slice())
		},
		"poolPick": func(k *routines[T], f poolFields[T]) {
			k.poolPick(w.count, c, w.kh, w.kw, step, c, row, w.first, w.width, f.x.slice(), f.arg.slice(), f.z.slice())
		},
		"avgPool": func(k *routines[T], f poolFields[T]) {
			k.avgPool(w.count, c, w.kh, w.kw, step, c, row, 0.3, f.x.slice(), f.z.slice())
		},
		"avgPoolGrad": func(k *routines[T], f poolFields[T]) {
			k.avgPoolGrad(w.count, c, w.kh, w.kw, step, c, row, 0.3, f.y.slice(), f.dx.slice())
		},
	}
	if w.stride < w.kw && w.count > 1 {
		return all
	}
	all["maxPoolGradApart"] = func(k *routines[T], f poolFields[T]) {
		k.maxPoolGradApart(w.count, c, w.kh, w.kw, step, c, row, w.first, w.width, f.y.slice(), f.arg.slice(), f.dx.slice())
	}
	all["avgPoolGradApart"] = func(k *routines[T], f poolFields[T]) {
		k.avgPoolGradApart(w.count, c, w.kh, w.kw, step, c, row, 0.3, f.y.slice(), f.dx.slice())
	}
	if w.kh != 2 || w.kw != 2 {
		return all
	}
	all["maxPool2"] = func(k *routines[T], f poolFields[T]) {
		k.maxPool2(w.count, c, step, c, row, f.x.slice(), f.z.slice(), f.arg.slice())
	}
	all["maxPoolGrad2"] = func(k *routines[T], f poolFields[T]) {
		k.maxPoolGrad2(w.count, c, step, c, row, f.y.slice(), f.arg.slice(), f.dx.slice())
	}
	all["poolPick2"] = func(k *routines[T], f poolFields[T]) {
		k.poolPick2(w.count, c, step, c, row, f.x.slice(), f.arg.slice(), f.z.slice())
	}
	return all
}

func testPoolRoutines[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(27, 28))
	for channels := 1; channels <= longest; channels++ {
		everyAlignment[T](channels, func(offset int) {
			testPoolRoutinesOn[T](t, r, squareWindows[offset%len(squareWindows)], channels, offset)
			testPoolRoutinesOn[T](t, r, otherWindows[offset%len(otherWindows)], channels, offset)
		})
	}
}

func testPoolRoutinesOn[T Float](t *testing.T, r *rand.Rand, w windowCase, channels, offset int) {
	t.Helper()
	definition := genericRoutines[T]()
	fields := newPoolFields[T](r, w, channels, offset)
	for name, run := range poolRoutines[T](w, channels) {
		got, want := fields.twin(), fields.twin()
		run(&definition, want)
		run(routinesOf[T](), got)
		what := fmt.Sprintf("%s of %+v, %d channels at %d", name, w, channels, offset)
		for _, p := range [][2]*field[T]{{got.x, want.x}, {got.dx, want.dx}, {got.y, want.y}, {got.z, want.z}} {
			compare(t, what, p[0], p[1])
		}
		if !slices.Equal(got.arg.all, want.arg.all) {
			t.Fatalf("%s: other cells than by definition", what)
		}
	}
}
