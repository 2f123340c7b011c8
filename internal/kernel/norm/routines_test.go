package norm

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

func TestRowRoutinesEqualDefinitions(t *testing.T) {
	kerneltest.Vectors.EachType(t, testRows[float32], testRows[float64])
}

func testRows[T kernel.Float](t *testing.T) {
	type routine func(k *routines[T], rows, cols int, m, v [][]T, out []T)
	all := map[string]routine{
		"apply": func(k *routines[T], rows, cols int, m, v [][]T, out []T) {
			k.apply(rows, cols, m[0], v[0], v[1], out)
		},
		"applyRelu": func(k *routines[T], rows, cols int, m, v [][]T, out []T) {
			k.applyRelu(rows, cols, m[0], v[0], v[1], out)
		},
		"gradApply": func(k *routines[T], rows, cols int, m, v [][]T, out []T) {
			k.gradApply(rows, cols, m[0], m[1], nil, nil, v[0], v[1], v[2], v[3], out)
		},
		"gradApplyRelu": func(k *routines[T], rows, cols int, m, v [][]T, out []T) {
			k.gradApplyRelu(rows, cols, m[0], m[1], v[0], v[1], v[2], v[3], v[4], v[5], out)
		},
	}
	definition := definitions[T]()
	for name, f := range all {
		r := rand.New(rand.NewPCG(11, 12))
		for cols := range kerneltest.Longest + 1 {
			kerneltest.EveryAlignment[T](cols, func(offset int) {
				rows := [...]int{0, 1, 2, 5}[offset%4]
				m, v := fields[T](r, 2, rows*cols, offset), fields[T](r, 6, cols, offset)
				out := kerneltest.NewField[T](rows*cols, 3*offset+1, 7)
				want := kerneltest.Twin(out)
				f(&definition, rows, cols, m, v, want.Slice())
				f(inUse[T](), rows, cols, m, v, out.Slice())
				kerneltest.Compare(t, out, want, "%s of %d × %d at %d", name, rows, cols, offset)
			})
		}
	}
}

// fields makes count slices of n elements, the first at an offset and the others at other alignments.
func fields[T kernel.Float](r *rand.Rand, count, n, offset int) [][]T {
	var all [][]T
	for i := range count {
		all = append(all, kerneltest.Values[T](r, n, (2*i+1)*offset+i, false).Slice())
	}
	return all
}

func TestColumnRoutinesEqualDefinitions(t *testing.T) {
	kerneltest.Vectors.EachType(t, testColumns[float32], testColumns[float64])
}

func testColumns[T kernel.Float](t *testing.T) {
	type routine func(k *routines[T], rows, cols, stride int, m, v [][]T, center, first, second []float64)
	all := map[string]routine{
		"colSum": func(k *routines[T], rows, cols, stride int, m, _ [][]T, _, first, _ []float64) {
			k.colSum(rows, cols, stride, m[0], first)
		},
		"sums": func(k *routines[T], rows, cols, stride int, m, _ [][]T, center, first, second []float64) {
			k.sums(rows, cols, stride, m[0], center, first, second)
		},
		"gradSums": func(k *routines[T], rows, cols, stride int, m, _ [][]T, center, first, second []float64) {
			k.gradSums(rows, cols, stride, m[0], m[1], nil, nil, center, first, second)
		},
		"gradSumsRelu": func(k *routines[T], rows, cols, stride int, m, v [][]T, center, first, second []float64) {
			k.gradSumsRelu(rows, cols, stride, m[0], m[1], v[0], v[1], center, first, second)
		},
	}
	definition := definitions[T]()
	for name, f := range all {
		r := rand.New(rand.NewPCG(13, 14))
		for cols := 1; cols <= kerneltest.Longest; cols++ {
			kerneltest.EveryAlignment[T](cols, func(offset int) {
				rows := [...]int{1, 2, 5, 1}[offset%4]
				stride := cols + offset%3
				m, v := fields[T](r, 2, (rows-1)*stride+cols, offset), fields[T](r, 2, cols, offset)
				center := kerneltest.Values[float64](r, cols, offset, true).Slice()
				first, second := kerneltest.Values[float64](r, cols, 3*offset+2, true), kerneltest.Values[float64](r, cols, 5*offset+3, true)
				wantFirst, wantSecond := kerneltest.Twin(first), kerneltest.Twin(second)
				f(&definition, rows, cols, stride, m, v, center, wantFirst.Slice(), wantSecond.Slice())
				f(inUse[T](), rows, cols, stride, m, v, center, first.Slice(), second.Slice())
				kerneltest.Compare(t, first, wantFirst, "%s of %d × %d at %d: first", name, rows, cols, offset)
				kerneltest.Compare(t, second, wantSecond, "%s of %d × %d at %d: second", name, rows, cols, offset)
			})
		}
	}
}
