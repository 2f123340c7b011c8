package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// gemmCase is one product.
type gemmCase struct {
	ta, tb      bool
	m, n, k     int
	alpha, beta float64
	pad         int // leading dimensions over widths
	bias, relu  bool
}

func (c gemmCase) String() string {
	name := func(t bool) string {
		if t {
			return "T"
		}
		return "N"
	}
	return fmt.Sprintf("%s%s %dx%dx%d alpha %v beta %v pad %d bias %t relu %t",
		name(c.ta), name(c.tb), c.m, c.n, c.k, c.alpha, c.beta, c.pad, c.bias, c.relu)
}

// operands holds the matrices of a case. c has guard values around it.
type operands[T Float] struct {
	a, b, c, bias []T
	lda, ldb, ldc int
}

const guard = 12345

// guardLength is how many guard values stand on either side of C.
const guardLength = 70

func newOperands[T Float](c gemmCase, r *rand.Rand) *operands[T] {
	rows := func(t bool, rows, cols int) (int, int) {
		if t {
			return cols, rows
		}
		return rows, cols
	}
	stored := func(rows, cols int) ([]T, int) {
		ld := max(cols, 1) + c.pad
		if rows == 0 || cols == 0 {
			return nil, ld
		}
		x := make([]T, (rows-1)*ld+cols)
		for i := range x {
			x[i] = T(math.NaN())
			if i%ld < cols {
				x[i] = T(2*r.Float64() - 1)
			}
		}
		return x, ld
	}
	o := &operands[T]{}
	am, ak := rows(c.ta, c.m, c.k)
	bk, bn := rows(c.tb, c.k, c.n)
	o.a, o.lda = stored(am, ak)
	o.b, o.ldb = stored(bk, bn)
	var body []T
	body, o.ldc = stored(c.m, c.n)
	o.c = make([]T, len(body)+2*guardLength)
	for i := range o.c {
		o.c[i] = guard
	}
	inner := o.inner()
	for i, v := range body {
		if i%o.ldc >= c.n {
			continue
		}
		inner[i] = v
		if c.beta == 0 {
			inner[i] = T(math.NaN())
		}
	}
	if c.bias {
		o.bias, _ = stored(1, c.n)
	}
	return o
}

func (o *operands[T]) inner() []T {
	return o.c[guardLength : len(o.c)-guardLength : len(o.c)-guardLength]
}

// run computes the case into a copy of c and returns the whole of it.
func (o *operands[T]) run(c gemmCase) []T {
	saved := append([]T(nil), o.c...)
	out := o.inner()
	if c.bias || c.relu {
		GemmEpilogue(c.ta, c.tb, c.m, c.n, c.k, o.a, o.lda, o.b, o.ldb, out, o.ldc, Epilogue[T]{o.bias, c.relu})
	} else {
		Gemm(c.ta, c.tb, c.m, c.n, c.k, T(c.alpha), o.a, o.lda, o.b, o.ldb, T(c.beta), out, o.ldc)
	}
	result := append([]T(nil), o.c...)
	copy(o.c, saved)
	return result
}

// check compares a result with the definition in float64.
func (o *operands[T]) check(t *testing.T, c gemmCase, got []T) {
	t.Helper()
	eps := 0x1p-23
	if !is32[T]() {
		eps = 0x1p-52
	}
	a, b := rowsOf(o.a, o.lda, c.ta, c.m, c.k), rowsOf(o.b, o.ldb, !c.tb, c.n, c.k)
	for q, g := range got {
		q -= guardLength
		i, j := 0, -1
		if q >= 0 {
			i, j = q/o.ldc, q%o.ldc
		}
		if j < 0 || j >= c.n || i >= c.m {
			if g != guard {
				t.Fatalf("%v: wrote %v at offset %d, outside of C", c, g, q)
			}
			continue
		}
		var sum, size float64
		if c.alpha != 0 {
			y := b[j*c.k : (j+1)*c.k]
			for p, x := range a[i*c.k : (i+1)*c.k] {
				sum += x * y[p]
				size += math.Abs(x * y[p])
			}
		}
		sum, size = c.alpha*sum, math.Abs(c.alpha)*size
		if c.beta != 0 {
			v := c.beta * float64(o.c[q+guardLength])
			sum, size = sum+v, size+math.Abs(v)
		}
		if c.bias {
			sum, size = sum+float64(o.bias[j]), size+math.Abs(float64(o.bias[j]))
		}
		if c.relu {
			sum = max(sum, 0)
		}
		if diff := math.Abs(float64(g) - sum); !(diff <= eps*size*(8+math.Sqrt(float64(c.k)))) {
			t.Fatalf("%v: C[%d,%d] = %v, want %v", c, i, j, g, sum)
		}
	}
}

// rowsOf returns an n x k matrix, or the transpose of what is stored, row after row.
func rowsOf[T Float](x []T, ld int, transposed bool, n, k int) []float64 {
	if len(x) == 0 {
		return nil
	}
	rows := make([]float64, n*k)
	for i := range rows {
		r, p := i/k, i%k
		if transposed {
			r, p = p, r
		}
		rows[i] = float64(x[r*ld+p])
	}
	return rows
}

// everyTranspose calls f with the four combinations.
func everyTranspose(f func(ta, tb bool)) {
	for i := range 4 {
		f(i&1 != 0, i&2 != 0)
	}
}

// forEachType runs f for both element types in each kernel set.
func forEachType(t *testing.T, f32, f64 func(t *testing.T)) {
	forEachSet(t, func(t *testing.T) {
		t.Run("float32", f32)
		t.Run("float64", f64)
		if gemm32[active].library != nil {
			defer func(l32 library[float32], l64 library[float64]) {
				gemm32[active].library, gemm64[active].library = l32, l64
			}(gemm32[active].library, gemm64[active].library)
			gemm32[active].library, gemm64[active].library = nil, nil
			t.Run("float32 without library", f32)
			t.Run("float64 without library", f64)
		}
	})
}

func TestGemmSmallSizes(t *testing.T) {
	forEachType(t, testGemmSmallSizes[float32], testGemmSmallSizes[float64])
}

func testGemmSmallSizes[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	depths := []int{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 31, 33, 63, 64, 65, 79, 100, 130}
	limit := 43
	if testing.Short() {
		limit = 17
	}
	for m := 1; m <= limit; m++ {
		for n := 1; n <= limit; n++ {
			everyTranspose(func(ta, tb bool) {
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

// gemmShapes are shapes that reach every path: several blocks in each dimension, few rows, few columns, k divided. The first
// ones are enough for short tests.
var gemmShapes = [][3]int{
	{1, 1, 1}, {1, 70, 3}, {70, 1, 30}, {1, 129, 64}, {5, 130, 90}, {14, 33, 50}, {40, 10, 78}, {78, 10, 40}, {65, 33, 60},
	{3, 2, 9001}, {30, 100, 20}, {33, 49, 600},
	{1, 1, 5000}, {1, 700, 3}, {700, 1, 300}, {1, 300, 700}, {3, 200, 100}, {14, 333, 50}, {15, 64, 129}, {28, 100, 70},
	{32, 512, 300}, {128, 10, 200}, {100, 13, 65}, {130, 20, 64}, {784, 10, 128}, {300, 33, 100}, {260, 35, 330},
	{520, 40, 30}, {20, 1100, 40}, {25, 20, 8200}, {10, 9, 20000}, {20, 33, 4200}, {200, 130, 150}, {180, 66, 700},
}

// shapesToTest returns gemmShapes, or its beginning in short tests.
func shapesToTest() [][3]int {
	if testing.Short() {
		return gemmShapes[:12]
	}
	return gemmShapes
}

func TestGemmShapes(t *testing.T) {
	forEachType(t, testGemmShapes[float32], testGemmShapes[float64])
}

func testGemmShapes[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, shape := range shapesToTest() {
		everyTranspose(func(ta, tb bool) {
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
	forEachType(t, testGemmNothing[float32], testGemmNothing[float64])
}

func testGemmNothing[T Float](t *testing.T) {
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
	forEachType(t, testGemmKeepsNaN[float32], testGemmKeepsNaN[float64])
}

func testGemmKeepsNaN[T Float](t *testing.T) {
	for _, shape := range gemmShapes[:12] {
		everyTranspose(func(ta, tb bool) {
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
	forEachType(t, testGemmThreads[float32], testGemmThreads[float64])
}

func testGemmThreads[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, shape := range shapesToTest() {
		everyTranspose(func(ta, tb bool) {
			c := gemmCase{ta: ta, tb: tb, m: shape[0], n: shape[1], k: shape[2], alpha: 1, bias: true}
			o := newOperands[T](c, r)
			var want []T
			withThreads(t, []int{1, 2, 3, 8, 21}, func(n int) {
				got := o.run(c)
				if n == 1 {
					want = got
				}
				if !sameBits(got, want) {
					t.Fatalf("%v: %d threads give other bits than 1", c, n)
				}
			})
		})
	}
}

func sameBits[T Float](x, y []T) bool {
	bytes := func(x []T) string {
		return unsafe.String((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*sizeOf[T]())
	}
	return bytes(x) == bytes(y)
}

func TestGemmAllocatesNothing(t *testing.T) {
	forEachType(t, testGemmAllocs[float32], testGemmAllocs[float64])
}

func testGemmAllocs[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, shape := range [][3]int{{2, 3, 4}, {128, 10, 784}, {1, 512, 512}, {25, 20, 9000}, {96, 96, 96}} {
		everyTranspose(func(ta, tb bool) {
			c := gemmCase{ta: ta, tb: tb, m: shape[0], n: shape[1], k: shape[2], alpha: 1}
			o := newOperands[T](c, r)
			out := o.inner()
			withThreads(t, []int{1, 2, 8}, func(n int) {
				got := testing.AllocsPerRun(10, func() {
					Gemm(c.ta, c.tb, c.m, c.n, c.k, 1, o.a, o.lda, o.b, o.ldb, 0, out, o.ldc)
				})
				if got != 0 {
					t.Errorf("%v: %v allocations with %d threads", c, got, n)
				}
			})
		})
	}
}
