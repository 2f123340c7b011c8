package conv

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// convCase is a convolution with operands and, between guard values, results of its three passes.
type convCase[T kernel.Float] struct {
	s         Shape
	x, w, dy  []T
	e         gemm.Epilogue[T]
	y, dx, dw *kerneltest.Field[T]
}

// newConvCase draws operands that begin offset elements after the start of a cache line, or an odd multiple of that.
func newConvCase[T kernel.Float](r *rand.Rand, s Shape, offset int) *convCase[T] {
	nx, nw, ny := sizes(s)
	c := &convCase[T]{
		s: s, x: normalsAt[T](r, nx, offset), w: normalsAt[T](r, nw, 3*offset), dy: normalsAt[T](r, ny, 5*offset),
		y: kerneltest.NewField[T](ny, 7*offset, 12345), dx: kerneltest.NewField[T](nx, 9*offset, 12345), dw: kerneltest.NewField[T](nw, 11*offset, 12345),
	}
	if r.IntN(2) == 0 {
		c.e.Bias = normalsAt[T](r, s.K, offset)
	}
	c.e.ReLU = r.IntN(2) == 0
	return c
}

func normalsAt[T kernel.Float](r *rand.Rand, n, offset int) []T {
	x := kerneltest.NewField[T](n, offset, 0).Slice()
	copy(x, kerneltest.Normals[T](r, n))
	return x
}

// passes computes the three by the functions that choose how.
func (c *convCase[T]) passes() {
	Forward(c.s, c.x, c.w, c.y.Slice(), c.e)
	BackwardData(c.s, c.dy, c.w, c.dx.Slice())
	BackwardWeights(c.s, c.x, c.dy, c.dw.Slice())
}

// results are those of the forward pass, by the input and by the filters.
func (c *convCase[T]) results() [3]*kerneltest.Field[T] {
	return [...]*kerneltest.Field[T]{c.y, c.dx, c.dw}
}

// passNames are of results.
var passNames = [...]string{"forward", "data", "weights"}

// run computes the passes on results that hold NaNs, and wants their guards as they were.
func (c *convCase[T]) run(t *testing.T, passes func()) {
	t.Helper()
	for _, f := range c.results() {
		pointwise.Fill(T(math.NaN()), f.Slice())
	}
	passes()
	for i, f := range c.results() {
		if kerneltest.Spoiled(f) {
			t.Fatalf("%+v: %s wrote outside its result", c.s, passNames[i])
		}
	}
}

// definition computes the passes by the definition, in another type if need be.
func definition[T, U kernel.Float](c *convCase[T]) [3][]U {
	x, w, dy, bias := inType[U](c.x), inType[U](c.w), inType[U](c.dy), inType[U](c.e.Bias)
	y, dx, dw := make([]U, len(c.dy)), make([]U, len(c.x)), make([]U, len(c.w))
	forwardGeneric(c.s, x, w, y, gemm.Epilogue[U]{Bias: bias, ReLU: c.e.ReLU})
	backwardDataGeneric(c.s, dy, w, dx)
	backwardWeightsGeneric(c.s, x, dy, dw)
	return [...][]U{y, dx, dw}
}

func inType[U, T kernel.Float](x []T) []U {
	if x == nil {
		return nil
	}
	y := make([]U, len(x))
	for i, v := range x {
		y[i] = U(v)
	}
	return y
}

// products are how many a sum of each pass has at most.
func (c *convCase[T]) products() [3]int {
	return [...]int{c.s.KH * c.s.KW * c.s.C, c.s.KH * c.s.KW * c.s.K, len(c.dy) / c.s.K}
}

// onThreads wants the same bits of the passes on any number of threads.
func (c *convCase[T]) onThreads(t *testing.T, counts []int, passes func()) {
	t.Helper()
	var first [3][]T
	kerneltest.WithThreads(t, counts, func(threads int) {
		c.run(t, passes)
		for i, f := range c.results() {
			if threads == 1 {
				first[i] = slices.Clone(f.Slice())
			} else if !slices.Equal(f.Slice(), first[i]) {
				t.Errorf("%+v: %s differs between 1 and %d threads", c.s, passNames[i], threads)
			}
		}
	})
}

// allocatesNothing runs the passes again and again. Which threads work, and so how many need memory, varies from call to call: the first
// calls warm up all.
func (c *convCase[T]) allocatesNothing(t *testing.T, passes func()) {
	t.Helper()
	kerneltest.WithThreads(t, []int{1, 2}, func(threads int) {
		if allocs := testing.AllocsPerRun(20, passes); allocs != 0 {
			t.Errorf("%+v: %g allocations in the three passes on %d threads", c.s, allocs, threads)
		}
	})
}

// channelShapes are small convolutions by 3 by 3 cells with every number of channels up to longest, of the input and of the output: of
// few images, and of enough to be lanes. A short test has one number in five.
func channelShapes() (shapes []Shape) {
	step := 1
	if testing.Short() {
		step = 5
	}
	for c := 1; c <= kerneltest.Longest; c += step {
		few := Shape{N: 1, H: 3, W: 5, C: c, K: kerneltest.Longest + 1 - c, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1}
		many := square(17, 3, c, 1+c%6, 3, 1, 0)
		turned := square(17, 3, 1+c%5, c, 3, 1, 0)
		shapes = append(shapes, few, many, turned)
	}
	return shapes
}
