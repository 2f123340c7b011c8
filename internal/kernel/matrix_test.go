package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestRowRoutinesEqualDefinitions(t *testing.T) {
	forEachType(t, testRows[float32], testRows[float64])
}

func testRows[T Float](t *testing.T) {
	type routine func(k *routines[T], rows, cols int, m, v [][]T, out []T)
	all := map[string]routine{
		"normApply": func(k *routines[T], rows, cols int, m, v [][]T, out []T) {
			k.normApply(rows, cols, m[0], v[0], v[1], out)
		},
		"normApplyRelu": func(k *routines[T], rows, cols int, m, v [][]T, out []T) {
			k.normApplyRelu(rows, cols, m[0], v[0], v[1], out)
		},
		"normGradApply": func(k *routines[T], rows, cols int, m, v [][]T, out []T) {
			k.normGradApply(rows, cols, m[0], m[1], nil, nil, v[0], v[1], v[2], v[3], out)
		},
		"normGradApplyRelu": func(k *routines[T], rows, cols int, m, v [][]T, out []T) {
			k.normGradApplyRelu(rows, cols, m[0], m[1], v[0], v[1], v[2], v[3], v[4], v[5], out)
		},
	}
	definition := genericRoutines[T]()
	for name, f := range all {
		r := rand.New(rand.NewPCG(11, 12))
		for cols := range longest + 1 {
			everyAlignment[T](cols, func(offset int) {
				rows := [...]int{0, 1, 2, 5}[offset%4]
				m, v := fields[T](r, 2, rows*cols, offset), fields[T](r, 6, cols, offset)
				out := newField[T](rows*cols, 3*offset+1, 7)
				want := twin(out)
				f(&definition, rows, cols, m, v, want.slice())
				f(routinesOf[T](), rows, cols, m, v, out.slice())
				compare(t, fmt.Sprintf("%s of %d × %d at %d", name, rows, cols, offset), out, want)
			})
		}
	}
}

// fields makes count slices of n elements, the first at an offset and the others at other alignments.
func fields[T Float](r *rand.Rand, count, n, offset int) [][]T {
	var all [][]T
	for i := range count {
		all = append(all, values[T](r, n, (2*i+1)*offset+i, false).slice())
	}
	return all
}

func TestColumnRoutinesEqualDefinitions(t *testing.T) {
	forEachType(t, testColumns[float32], testColumns[float64])
}

func testColumns[T Float](t *testing.T) {
	type routine func(k *routines[T], rows, cols, stride int, m, v [][]T, center, first, second []float64)
	all := map[string]routine{
		"colSum": func(k *routines[T], rows, cols, stride int, m, _ [][]T, _, first, _ []float64) {
			k.colSum(rows, cols, stride, m[0], first)
		},
		"normSums": func(k *routines[T], rows, cols, stride int, m, _ [][]T, center, first, second []float64) {
			k.normSums(rows, cols, stride, m[0], center, first, second)
		},
		"normGradSums": func(k *routines[T], rows, cols, stride int, m, _ [][]T, center, first, second []float64) {
			k.normGradSums(rows, cols, stride, m[0], m[1], nil, nil, center, first, second)
		},
		"normGradSumsRelu": func(k *routines[T], rows, cols, stride int, m, v [][]T, center, first, second []float64) {
			k.normGradSumsRelu(rows, cols, stride, m[0], m[1], v[0], v[1], center, first, second)
		},
	}
	definition := genericRoutines[T]()
	for name, f := range all {
		r := rand.New(rand.NewPCG(13, 14))
		for cols := 1; cols <= longest; cols++ {
			everyAlignment[T](cols, func(offset int) {
				rows := [...]int{1, 2, 5, 1}[offset%4]
				stride := cols + offset%3
				m, v := fields[T](r, 2, (rows-1)*stride+cols, offset), fields[T](r, 2, cols, offset)
				center := values[float64](r, cols, offset, true).slice()
				first, second := values[float64](r, cols, 3*offset+2, true), values[float64](r, cols, 5*offset+3, true)
				wantFirst, wantSecond := twin(first), twin(second)
				f(&definition, rows, cols, stride, m, v, center, wantFirst.slice(), wantSecond.slice())
				f(routinesOf[T](), rows, cols, stride, m, v, center, first.slice(), second.slice())
				what := fmt.Sprintf("%s of %d × %d at %d", name, rows, cols, offset)
				compare(t, what+": first", first, wantFirst)
				compare(t, what+": second", second, wantSecond)
			})
		}
	}
}
