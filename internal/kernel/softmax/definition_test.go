package softmax

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

func TestSoftmaxPassesEqualDefinitions(t *testing.T) {
	kerneltest.Vectors.EachType(t, testSoftmaxPasses[float32], testSoftmaxPasses[float64])
}

func testSoftmaxPasses[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	k := inUse[T]()
	for classes := 1; classes <= kerneltest.Longest; classes++ {
		kerneltest.EveryAlignment[T](classes, func(offset int) {
			rows := 1 + offset%5
			n := rows * classes
			labels := make([]int, rows)
			for i := range labels {
				labels[i] = r.IntN(classes)
			}
			x := kerneltest.Values[T](r, n, offset, true)
			exp, sums := kerneltest.NewField(n+room, 3*offset+1, 9.), kerneltest.NewField(rows, 1, 9.)
			want, wantSums := kerneltest.Twin(exp), kerneltest.Twin(sums)
			margin := k.shift(classes, x.Slice(), labels, exp.Slice())
			if wantMargin := shiftGeneric(classes, x.Slice(), labels, want.Slice()); margin != wantMargin {
				t.Fatalf("softmax of %d × %d at %d: margin %v, by definition %v", rows, classes, offset, margin, wantMargin)
			}
			copy(exp.Slice()[n:], want.Slice()[n:]) // may hold anything
			kerneltest.Compare(t, exp, want, "softmax of %d × %d at %d: less maximum", rows, classes, offset)
			k.exp(exp.Slice()[:n])
			expGeneric[T](want.Slice()[:n])
			kerneltest.Compare(t, exp, want, "softmax of %d × %d at %d: exponentials", rows, classes, offset)
			for _, d := range []*kerneltest.Field[T]{kerneltest.NewField[T](n, 5*offset+2, 99), {}} {
				wantD := kerneltest.Twin(d)
				k.scale(classes, exp.Slice(), labels, d.Slice(), sums.Slice(), 0.3)
				scaleGeneric(classes, want.Slice(), labels, wantD.Slice(), wantSums.Slice(), 0.3)
				kerneltest.Compare(t, sums, wantSums, "softmax of %d × %d at %d: sums", rows, classes, offset)
				kerneltest.Compare(t, d, wantD, "softmax of %d × %d at %d: gradient", rows, classes, offset)
			}
		})
	}
}
