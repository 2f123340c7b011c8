// Package pool holds maximum and average pooling of images, and their gradients.
package pool

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
)

// Shape is the geometry of a pooling of images (N, H, W, C) with windows of KH × KW cells, with symmetric padding. The
// padding is less than the window, so that no window lies outside the image.
type Shape struct{ N, H, W, C, KH, KW, StrideH, StrideW, PadH, PadW int }

// Out is the height and width of the result.
func (s Shape) Out() (oh, ow int) {
	return (s.H+2*s.PadH-s.KH)/s.StrideH + 1, (s.W+2*s.PadW-s.KW)/s.StrideW + 1
}

// Sizes is how many elements the images and the result have.
func (s Shape) Sizes() (images, result int) {
	oh, ow := s.Out()
	return s.N * s.H * s.W * s.C, s.N * oh * ow * s.C
}

// window is the part of the window of output (oy, ox) that lies inside the image: rows y0 to y1−1 and columns x0 to
// x1−1.
func (s *Shape) window(oy, ox int) (y0, y1, x0, x1 int) {
	y0, x0 = oy*s.StrideH-s.PadH, ox*s.StrideW-s.PadW
	return max(y0, 0), min(y0+s.KH, s.H), max(x0, 0), min(x0+s.KW, s.W)
}

// inside are the outputs ox of a row whose windows no side of the image cuts: from lo to hi−1.
func (s *Shape) inside(ow int) (lo, hi int) {
	lo = min((s.PadW+s.StrideW-1)/s.StrideW, ow)
	if room := s.W + s.PadW - s.KW; room >= 0 {
		hi = min(room/s.StrideW+1, ow)
	}
	return lo, max(lo, hi)
}

// routine is which of the routines a windowJob runs.
type routine int

const (
	poolMax routine = iota
	maxGrad
	pick
	avg
	avgGrad
)

// windowJob pools, forward by rows of the result and backward by images.
type windowJob[T kernel.Float] struct {
	Shape
	routine        routine
	image, results []T
	arg            []uint16
	countPad       bool
	oh, ow         int
	lo, hi         int // of inside
	units, part    int // rows or images, in all and in a part
}

var jobs kernel.Stashes[windowJob[float32], windowJob[float64]]

// runPool runs what job describes, in parts on the threads when there are at least two.
func runPool[T kernel.Float](job *windowJob[T]) {
	job.measure()
	size := job.H * job.W * job.C
	if job.units <= job.part || job.N*size < 2*threads.PartLight {
		job.span(0, job.units)
		return
	}
	s := kernel.StashOf[T, windowJob[T]](&jobs)
	j := s.Get()
	*j = *job
	threads.Parallel((j.units+j.part-1)/j.part, j)
	*j = windowJob[T]{}
	s.Put(j)
}

// measure works out the sizes that follow from the geometry.
func (j *windowJob[T]) measure() {
	j.oh, j.ow = j.Out()
	j.lo, j.hi = j.inside(j.ow)
	j.units, j.part = j.N, max(1, threads.PartLight/max(1, j.H*j.W*j.C))
	if !j.backward() {
		j.units, j.part = j.N*j.oh, max(1, threads.PartLight/max(1, j.StrideH*j.W*j.C))
	}
}

func (j *windowJob[T]) backward() bool { return j.routine == maxGrad || j.routine == avgGrad }

// Run does part i.
func (j *windowJob[T]) Run(i int) { j.span(i*j.part, min((i+1)*j.part, j.units)) }

// span does units from to to−1.
func (j *windowJob[T]) span(from, to int) {
	if !j.backward() {
		for u := from; u < to; u++ {
			j.row(u/j.oh, u%j.oh)
		}
		return
	}
	for n := from; n < to; n++ {
		j.clearRest(n)
		for oy := range j.oh {
			j.row(n, oy)
		}
	}
}

// apart says whether no two windows overlap: the gradients are then written, not added.
func (s *Shape) apart() bool { return s.StrideH >= s.KH && s.StrideW >= s.KW }

// Covered says whether windows apart leave out no cell of an image.
func (s *Shape) Covered() bool {
	return s.SideBySide() && s.H%s.KH == 0 && s.W%s.KW == 0
}

// SideBySide says whether the windows lie next to each other, from the first cell of an image on.
func (s *Shape) SideBySide() bool {
	return s.StrideH == s.KH && s.StrideW == s.KW && s.PadH == 0 && s.PadW == 0
}

// clearRest clears the cells of image n that the windows don't write: none or, on windows side by side, the last rows
// and columns, or else all cells.
func (j *windowJob[T]) clearRest(n int) {
	row := j.W * j.C
	image := j.image[n*j.H*row : (n+1)*j.H*row]
	if !j.SideBySide() {
		clear(image)
		return
	}
	down, across := j.oh*j.KH, j.ow*j.KW*j.C
	for y := range down {
		clear(image[y*row+across : (y+1)*row])
	}
	clear(image[down*row:])
}

// row does row oy of image n: windows that the image's sides cut one by one, and all between them together.
func (j *windowJob[T]) row(n, oy int) {
	for ox := range j.lo {
		j.windows(n, oy, ox, 1)
	}
	if j.hi > j.lo {
		j.windows(n, oy, j.lo, j.hi-j.lo)
	}
	for ox := j.hi; ox < j.ow; ox++ {
		j.windows(n, oy, ox, 1)
	}
}

// windows does count windows of one shape that lie side by side, the first at (oy, ox).
func (j *windowJob[T]) windows(n, oy, ox, count int) {
	y0, y1, x0, x1 := j.window(oy, ox)
	kh, kw, c := y1-y0, x1-x0, j.C
	image := j.image[((n*j.H+y0)*j.W+x0)*c:]
	at := ((n*j.oh+oy)*j.ow + ox) * c
	results := j.results[at : at+count*c]
	if j.routine == avg || j.routine == avgGrad {
		cells := kh * kw
		if j.countPad {
			cells = j.KH * j.KW
		}
		j.average(count, kh, kw, 1/T(cells), image, results)
		return
	}
	first := (y0-oy*j.StrideH+j.PadH)*j.KW + x0 - ox*j.StrideW + j.PadW
	j.maximum(count, kh, kw, first, image, results, j.arg[at:at+count*c])
}

// average runs the routine for windows of kh × kw cells.
func (j *windowJob[T]) average(count, kh, kw int, scale T, image, results []T) {
	c, step, row := j.C, j.StrideW*j.C, j.W*j.C
	k := inUse[T]()
	switch {
	case j.routine == avg:
		k.avgPool(count, c, kh, kw, step, c, row, scale, image, results)
	case j.apart():
		k.avgPoolGradApart(count, c, kh, kw, step, c, row, scale, results, image)
	default:
		k.avgPoolGrad(count, c, kh, kw, step, c, row, scale, results, image)
	}
}

// maximum runs the routine for windows of kh × kw cells, of which first is the number of the first one.
func (j *windowJob[T]) maximum(count, kh, kw, first int, image, results []T, arg []uint16) {
	c, step, row := j.C, j.StrideW*j.C, j.W*j.C
	k := inUse[T]()
	square := j.KH == 2 && j.KW == 2 && kh == 2 && kw == 2
	switch {
	case j.routine == pick && square:
		k.poolPick2(count, c, step, c, row, image, arg, results)
	case j.routine == pick:
		k.poolPick(count, c, kh, kw, step, c, row, first, j.KW, image, arg, results)
	case j.routine == poolMax && square:
		k.maxPool2(count, c, step, c, row, image, results, arg)
	case j.routine == poolMax:
		k.maxPool(count, c, kh, kw, step, c, row, first, j.KW, image, results, arg)
	case j.apart() && square:
		k.maxPoolGrad2(count, c, step, c, row, results, arg, image)
	case j.apart():
		k.maxPoolGradApart(count, c, kh, kw, step, c, row, first, j.KW, results, arg, image)
	default:
		k.maxPoolGrad(count, c, kh, kw, step, c, row, first, j.KW, results, arg, image)
	}
}

// runUnits runs a routine on all of s in the caller's thread.
func runUnits[T kernel.Float](s Shape, routine routine, image, results []T, arg []uint16) {
	j := windowJob[T]{Shape: s, routine: routine, image: image, results: results, arg: arg}
	j.measure()
	j.span(0, j.units)
}

// MaxHere is Max in the caller's thread.
func MaxHere[T kernel.Float](s Shape, x, y []T, arg []uint16) { runUnits(s, poolMax, x, y, arg) }

// MaxGradHere is MaxGrad in the caller's thread.
func MaxGradHere[T kernel.Float](s Shape, dy []T, arg []uint16, dx []T) {
	runUnits(s, maxGrad, dx, dy, arg)
}

// PickHere writes into z what the images x hold where arg says that the maxima were, in the caller's thread.
func PickHere[T kernel.Float](s Shape, x []T, arg []uint16, z []T) { runUnits(s, pick, x, z, arg) }
