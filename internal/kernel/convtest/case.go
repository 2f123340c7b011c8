// Package convtest holds what the tests of all convolutions need. Only tests import it.
package convtest

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// Case is a convolution with operands and, between guard values, results of its three passes.
type Case[T kernel.Float] struct {
	S         direct.Shape
	X, W, Dy  []T
	E         gemm.Epilogue[T]
	Y, Dx, Dw *kerneltest.Field[T]
}

// NewCase draws operands that begin offset elements after the start of a cache line, or an odd multiple of that.
func NewCase[T kernel.Float](r *rand.Rand, s direct.Shape, offset int) *Case[T] {
	nx, nw, ny := Sizes(s)
	c := &Case[T]{
		S: s, X: normalsAt[T](r, nx, offset), W: normalsAt[T](r, nw, 3*offset), Dy: normalsAt[T](r, ny, 5*offset),
		Y: kerneltest.NewField[T](ny, 7*offset, 12345), Dx: kerneltest.NewField[T](nx, 9*offset, 12345), Dw: kerneltest.NewField[T](nw, 11*offset, 12345),
	}
	if r.IntN(2) == 0 {
		c.E.Bias = normalsAt[T](r, s.K, offset)
	}
	c.E.ReLU = r.IntN(2) == 0
	return c
}

func normalsAt[T kernel.Float](r *rand.Rand, n, offset int) []T {
	x := kerneltest.NewField[T](n, offset, 0).Slice()
	copy(x, kerneltest.Normals[T](r, n))
	return x
}

// Direct computes the three by direct convolutions.
func (c *Case[T]) Direct() {
	direct.Forward(c.S, c.X, c.W, c.Y.Slice(), c.E)
	direct.BackwardData(c.S, c.Dy, c.W, c.Dx.Slice())
	direct.BackwardWeights(c.S, c.X, c.Dy, c.Dw.Slice())
}

// Results are those of the forward pass, by the input and by the filters.
func (c *Case[T]) Results() [3]*kerneltest.Field[T] {
	return [...]*kerneltest.Field[T]{c.Y, c.Dx, c.Dw}
}

// PassNames are of results.
var PassNames = [...]string{"forward", "data", "weights"}

// Run computes the passes on results that hold NaNs, and wants their guards as they were.
func (c *Case[T]) Run(t *testing.T, passes func()) {
	t.Helper()
	for _, f := range c.Results() {
		pointwise.Fill(T(math.NaN()), f.Slice())
	}
	passes()
	for i, f := range c.Results() {
		if kerneltest.Spoiled(f) {
			t.Fatalf("%+v: %s wrote outside its result", c.S, PassNames[i])
		}
	}
}

// Definition computes the passes by the Definition, in another type if need be.
func Definition[T, U kernel.Float](c *Case[T]) [3][]U {
	x, w, dy, bias := InType[U](c.X), InType[U](c.W), InType[U](c.Dy), InType[U](c.E.Bias)
	y, dx, dw := make([]U, len(c.Dy)), make([]U, len(c.X)), make([]U, len(c.W))
	direct.ForwardDefinition(c.S, x, w, y, gemm.Epilogue[U]{Bias: bias, ReLU: c.E.ReLU})
	direct.BackwardDataDefinition(c.S, dy, w, dx)
	direct.BackwardWeightsDefinition(c.S, x, dy, dw)
	return [...][]U{y, dx, dw}
}

func InType[U, T kernel.Float](x []T) []U {
	if x == nil {
		return nil
	}
	y := make([]U, len(x))
	for i, v := range x {
		y[i] = U(v)
	}
	return y
}

// Products are how many a sum of each pass has at most.
func (c *Case[T]) Products() [3]int {
	return [...]int{c.S.KH * c.S.KW * c.S.C, c.S.KH * c.S.KW * c.S.K, len(c.Dy) / c.S.K}
}

// OnThreads wants the same bits of the passes on any number of threads.
func (c *Case[T]) OnThreads(t *testing.T, counts []int, passes func()) {
	t.Helper()
	var first [3][]T
	kerneltest.WithThreads(t, counts, func(threads int) {
		c.Run(t, passes)
		for i, f := range c.Results() {
			if threads == 1 {
				first[i] = slices.Clone(f.Slice())
			} else if !slices.Equal(f.Slice(), first[i]) {
				t.Errorf("%+v: %s differs between 1 and %d threads", c.S, PassNames[i], threads)
			}
		}
	})
}

// AllocatesNothing runs the passes again and again. Which threads work, and so how many need memory, varies from call
// to call: the first calls warm up all.
func (c *Case[T]) AllocatesNothing(t *testing.T, passes func()) {
	t.Helper()
	kerneltest.WithThreads(t, []int{1, 2}, func(threads int) {
		if allocs := testing.AllocsPerRun(8, passes); allocs != 0 {
			t.Errorf("%+v: %g allocations in the three passes on %d threads", c.S, allocs, threads)
		}
	})
}

// ChannelShapes are small convolutions by 3 by 3 cells with every number of channels up to longest, of the input and of
// the output: of few images, and of enough to be lanes. A short test has one number in five.
func ChannelShapes() (shapes []direct.Shape) {
	step := 1
	if testing.Short() {
		step = 5
	}
	for c := 1; c <= kerneltest.Longest; c += step {
		few := direct.Shape{N: 1, H: 3, W: 5, C: c, K: kerneltest.Longest + 1 - c, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1}
		many := Square(17, 3, c, 1+c%6, 3, 1, 0)
		turned := Square(17, 3, 1+c%5, c, 3, 1, 0)
		shapes = append(shapes, few, many, turned)
	}
	return shapes
}
