package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
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
type operands[T kernel.Float] struct {
	a, b, c, bias []T
	lda, ldb, ldc int
}

const guard = 12345

// guardLength is how many guard values stand on either side of C.
const guardLength = 70

func newOperands[T kernel.Float](c gemmCase, r *rand.Rand) *operands[T] {
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
		WithEpilogue(c.ta, c.tb, c.m, c.n, c.k, o.a, o.lda, o.b, o.ldb, out, o.ldc, Epilogue[T]{o.bias, c.relu})
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
	if !kernel.Is32[T]() {
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
func rowsOf[T kernel.Float](x []T, ld int, transposed bool, n, k int) []float64 {
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

// everyTranspose calls f with the four combinations. The sets without vectors have fewer ways through the blocks than
// others: they take one of the four, another for each i.
func everyTranspose(i int, f func(ta, tb bool)) {
	for j := range 4 {
		if kernel.Active() >= kernel.AVX2 || j == i%4 {
			f(j&1 != 0, j&2 != 0)
		}
	}
}
