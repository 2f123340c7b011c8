package gemm

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

func TestGemmSmallSizes(t *testing.T) {
	kerneltest.All.EachType(t, testGemmSmallSizes[float32], testGemmSmallSizes[float64])
}

func testGemmSmallSizes[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	depths := []int{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 31, 33, 63, 64, 65, 79, 100, 130}
	limit := 43
	if testing.Short() || kernel.Active() < kernel.AVX2 { // whose tiles are small
		limit = 17
	}
	for m := 1; m <= limit; m++ {
		for n := 1; n <= limit; n++ {
			everyTranspose(m+n, func(ta, tb bool) {
				c := gemmCase{ta: ta, tb: tb, m: m, n: n, k: depths[r.IntN(len(depths))], alpha: 1, pad: r.IntN(4)}
				if r.IntN(2) == 0 {
					c.beta = []float64{1, 0.5, -2}[r.IntN(3)]
				}
				if r.IntN(3) == 0 {
					c.alpha = []float64{-1, 0.25}[r.IntN(2)]
				}
				if c.alpha == 1 && c.beta == 0 {
					c.bias, c.relu = r.IntN(2) == 0, r.IntN(2) == 0
				}
				o := newOperands[T](c, r)
				o.check(t, c, o.run(c))
			})
		}
	}
}

// shapes are shapes that reach every path: several blocks in each dimension, few rows, few columns, k divided. The
// first ones are enough for short tests.
var shapes = [][3]int{
	{1, 1, 1}, {1, 70, 3}, {70, 1, 30}, {1, 129, 64}, {5, 130, 90}, {14, 33, 50}, {40, 10, 78}, {78, 10, 40}, {65, 33, 60},
	{3, 2, 9001}, {30, 100, 20}, {33, 49, 600},
	{1, 1, 5000}, {1, 700, 3}, {700, 1, 300}, {1, 300, 700}, {3, 200, 100}, {14, 333, 50}, {15, 64, 129}, {28, 100, 70},
	{32, 512, 300}, {128, 10, 200}, {100, 13, 65}, {130, 20, 64}, {784, 10, 128}, {300, 33, 100}, {260, 35, 330},
	{520, 40, 30}, {20, 1100, 40}, {25, 20, 8200}, {10, 9, 20000}, {20, 33, 4200}, {200, 130, 150}, {180, 66, 700},
}

// shapesToTest returns shapes, or its beginning in short tests.
func shapesToTest() [][3]int {
	if testing.Short() {
		return shapes[:12]
	}
	return shapes
}

func TestGemmShapes(t *testing.T) {
	kerneltest.All.EachType(t, testGemmShapes[float32], testGemmShapes[float64])
}

func testGemmShapes[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i, shape := range shapesToTest() {
		everyTranspose(i, func(ta, tb bool) {
			base := gemmCase{ta: ta, tb: tb, m: shape[0], n: shape[1], k: shape[2], alpha: 1}
			cases := []gemmCase{base, base}
			cases[0].bias, cases[0].relu, cases[0].pad = true, true, 5
			cases[1].alpha, cases[1].beta, cases[1].pad = -0.5, 2, 1
			for _, c := range cases {
				o := newOperands[T](c, r)
				o.check(t, c, o.run(c))
			}
		})
	}
}

func TestGemmNothingToMultiply(t *testing.T) {
	kerneltest.All.EachType(t, testGemmNothing[float32], testGemmNothing[float64])
}

func testGemmNothing[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, c := range []gemmCase{
		{m: 0, n: 5, k: 3, alpha: 1}, {m: 5, n: 0, k: 3, alpha: 1}, {m: 4, n: 5, k: 0, alpha: 1},
		{m: 4, n: 5, k: 0, alpha: 1, beta: 2}, {m: 4, n: 5, k: 0, alpha: 1, bias: true, relu: true},
		{m: 4, n: 5, k: 6, alpha: 0}, {m: 4, n: 5, k: 6, alpha: 0, beta: -1, pad: 2},
	} {
		o := newOperands[T](c, r)
		if c.alpha == 0 {
			o.a, o.b = nil, nil // must not be read
		}
		o.check(t, c, o.run(c))
	}
}

// TestGemmKeepsNaN checks that a NaN in A comes through to its row of C, also through the ReLU.
func TestGemmKeepsNaN(t *testing.T) {
	kerneltest.All.EachType(t, testGemmKeepsNaN[float32], testGemmKeepsNaN[float64])
}

func testGemmKeepsNaN[T kernel.Float](t *testing.T) {
	for i, shape := range shapes[:12] {
		everyTranspose(i, func(ta, tb bool) {
			c := gemmCase{ta: ta, tb: tb, m: shape[0], n: shape[1], k: shape[2], alpha: 1, relu: true}
			o := newOperands[T](c, rand.New(rand.NewPCG(7, 8)))
			last := c.k - 1 // of row 0
			if ta {
				last *= o.lda
			}
			o.a[last] = T(math.NaN())
			for j, v := range o.run(c)[guardLength : guardLength+c.n] {
				if v == v {
					t.Fatalf("%v: C[0,%d] = %v, want NaN", c, j, v)
				}
			}
		})
	}
}

func TestGemmBitsDontDependOnThreads(t *testing.T) {
	kerneltest.All.EachType(t, testGemmThreads[float32], testGemmThreads[float64])
}

func testGemmThreads[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for i, shape := range shapesToTest() {
		c := gemmCase{ta: i&1 != 0, tb: i&2 != 0, m: shape[0], n: shape[1], k: shape[2], alpha: 1, bias: true}
		o := newOperands[T](c, r)
		var want []T
		kerneltest.WithThreads(t, []int{1, 2, 3, 8, 21}, func(n int) {
			got := o.run(c)
			if n == 1 {
				want = got
			}
			if !kerneltest.SameBits(got, want) {
				t.Fatalf("%v: %d threads give other bits than 1", c, n)
			}
		})
	}
}

func TestGemmAllocatesNothing(t *testing.T) {
	kerneltest.All.EachType(t, testGemmAllocs[float32], testGemmAllocs[float64])
}

func testGemmAllocs[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for i, shape := range [][3]int{{2, 3, 4}, {128, 10, 784}, {1, 512, 512}, {25, 20, 9000}, {96, 96, 96}} {
		everyTranspose(i, func(ta, tb bool) {
			c := gemmCase{ta: ta, tb: tb, m: shape[0], n: shape[1], k: shape[2], alpha: 1}
			o := newOperands[T](c, r)
			out := o.inner()
			kerneltest.WithThreads(t, []int{1, 2, 8}, func(n int) {
				got := testing.AllocsPerRun(5, func() {
					Gemm(c.ta, c.tb, c.m, c.n, c.k, 1, o.a, o.lda, o.b, o.ldb, 0, out, o.ldc)
				})
				if got != 0 {
					t.Errorf("%v: %v allocations with %d threads", c, got, n)
				}
			})
		})
	}
}
