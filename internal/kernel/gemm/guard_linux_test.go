package gemm

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// TestGemmStaysInside computes on matrices that end, or start, at memory that may not be touched.
func TestGemmStaysInside(t *testing.T) {
	kerneltest.All.EachType(t, testGemmStaysInside[float32], testGemmStaysInside[float64])
}

func testGemmStaysInside[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	shapes := append([][3]int{{40, 35, 70}, {13, 17, 19}, {7, 31, 66}, {31, 7, 66}, {6, 16, 8}, {14, 32, 16}}, shapesToTest()...)
	for _, before := range []bool{false, true} {
		for i, shape := range shapes {
			everyTranspose(i, func(ta, tb bool) {
				c := gemmCase{ta: ta, tb: tb, m: shape[0], n: shape[1], k: shape[2], alpha: 1}
				o := newOperands[T](c, r)
				a, b, out := kerneltest.Fenced[T](t, len(o.a), before), kerneltest.Fenced[T](t, len(o.b), before), kerneltest.Fenced[T](t, c.m*c.n, before)
				bias := kerneltest.Fenced[T](t, c.n, before)
				copy(a, o.a)
				copy(b, o.b)
				WithEpilogue(ta, tb, c.m, c.n, c.k, a, o.lda, b, o.ldb, out, o.ldc, Epilogue[T]{Bias: bias})
				Gemm(ta, tb, c.m, c.n, c.k, 1, a, o.lda, b, o.ldb, 1, out, o.ldc)
			})
		}
	}
}
