package gemm

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// benchShapes are products of training steps (batches of 128, 32 and 1) and square ones.
var benchShapes = []gemmCase{
	{m: 512, n: 512, k: 512}, {m: 1024, n: 1024, k: 1024},
	{m: 128, n: 512, k: 784}, {ta: true, m: 784, n: 512, k: 128}, {tb: true, m: 128, n: 512, k: 512},
	{m: 128, n: 500, k: 800}, {m: 800, n: 500, k: 128}, {ta: true, m: 800, n: 500, k: 128}, {tb: true, m: 128, n: 800, k: 500},
	{m: 128, n: 10, k: 784}, {ta: true, m: 784, n: 10, k: 128}, {m: 128, n: 10, k: 512},
	{ta: true, m: 512, n: 10, k: 128}, {tb: true, m: 128, n: 512, k: 10},
	{m: 32, n: 512, k: 784}, {ta: true, m: 784, n: 512, k: 32}, {tb: true, m: 32, n: 512, k: 512},
	{m: 32, n: 10, k: 784}, {ta: true, m: 784, n: 10, k: 32},
	{m: 1, n: 10, k: 784}, {m: 1, n: 512, k: 784}, {tb: true, m: 1, n: 512, k: 512}, {ta: true, m: 784, n: 512, k: 1},
	{ta: true, m: 784, n: 10, k: 1},
	{ta: true, m: 25, n: 20, k: 73728}, {ta: true, m: 500, n: 50, k: 8192},
	{m: 16, n: 16, k: 16}, {m: 64, n: 64, k: 64},
}

// benchGemm measures one product.
func benchGemm[T kernel.Float](b *testing.B, c gemmCase, f func(o *operands[T], c gemmCase)) {
	o := newOperands[T](c, rand.New(rand.NewPCG(1, 1)))
	b.SetBytes(int64(kernel.SizeOf[T]() * (c.m*c.k + c.k*c.n + c.m*c.n)))
	b.ReportAllocs()
	f(o, c)
	for b.Loop() {
		f(o, c)
	}
	flops := 2 * float64(c.m) * float64(c.n) * float64(c.k)
	b.ReportMetric(flops*float64(b.N)/1e9/b.Elapsed().Seconds(), "GFLOP/s")
}

func ours[T kernel.Float](o *operands[T], c gemmCase) {
	Gemm(c.ta, c.tb, c.m, c.n, c.k, 1, o.a, o.lda, o.b, o.ldb, 0, o.inner(), o.ldc)
}

func (c gemmCase) short() string {
	t := map[bool]string{true: "T", false: "N"}
	return fmt.Sprintf("%s%s_%dx%dx%d", t[c.ta], t[c.tb], c.m, c.n, c.k)
}

// BenchmarkGemm measures every set and type on one thread and on two.
func BenchmarkGemm(b *testing.B) {
	defer func(s string) { kernel.Use(s); threads.Set(0) }(kernel.Name())
	for _, name := range kernel.Available() {
		for _, count := range []int{1, 2} {
			for _, c := range benchShapes {
				if testing.Short() && c.m*c.n*c.k > 1e8 {
					continue
				}
				prepare := func() {
					if kernel.Use(name) != nil || threads.Set(count) != nil {
						b.Fatal("no such set")
					}
				}
				b.Run(fmt.Sprintf("%s/f32/t%d/%s", name, count, c.short()), func(b *testing.B) {
					prepare()
					benchGemm(b, c, ours[float32])
				})
				b.Run(fmt.Sprintf("%s/f64/t%d/%s", name, count, c.short()), func(b *testing.B) {
					prepare()
					benchGemm(b, c, ours[float64])
				})
			}
		}
	}
}

// BenchmarkGonum measures gonum on the same products, on as many threads as it likes.
func BenchmarkGonum(b *testing.B) {
	impl := gonum.Implementation{}
	trans := map[bool]blas.Transpose{true: blas.Trans, false: blas.NoTrans}
	for _, c := range benchShapes {
		if testing.Short() && c.m*c.n*c.k > 1e8 {
			continue
		}
		b.Run("f32/"+c.short(), func(b *testing.B) {
			benchGemm(b, c, func(o *operands[float32], c gemmCase) {
				impl.Sgemm(trans[c.ta], trans[c.tb], c.m, c.n, c.k, 1, o.a, o.lda, o.b, o.ldb, 0, o.inner(), o.ldc)
			})
		})
		b.Run("f64/"+c.short(), func(b *testing.B) {
			benchGemm(b, c, func(o *operands[float64], c gemmCase) {
				impl.Dgemm(trans[c.ta], trans[c.tb], c.m, c.n, c.k, 1, o.a, o.lda, o.b, o.ldb, 0, o.inner(), o.ldc)
			})
		})
	}
}
