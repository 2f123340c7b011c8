// Package sparse holds linear models on sparse rows.
package sparse

import "github.com/fallline/fallline/internal/kernel"

// Matrix is a matrix in compressed rows: row i holds the columns Col[Start[i]:Start[i+1]], ascending, with the values
// Val beside them.
type Matrix[T kernel.Float] struct {
	Start []int
	Col   []int32
	Val   []T
}

// Row returns the columns and values of row i.
func (m *Matrix[T]) Row(i int32) (col []int32, val []T) {
	lo, hi := m.Start[i], m.Start[i+1]
	return m.Col[lo:hi:hi], m.Val[lo:hi:hi]
}

// Product writes W x for the rows x that index names into z, each with the k outputs that the columns of w (Cols × k,
// row-major) give:
//
//	z_rj = bias_j + Σ_c x_rc w_cj
//
// A nil bias is zero.
func (m *Matrix[T]) Product(index []int32, k int, w, bias, z []T) {
	if k == 1 {
		b := T(0)
		if bias != nil {
			b = bias[0]
		}
		for r, i := range index {
			z[r] = b + m.dot(i, w)
		}
		return
	}
	for r, i := range index {
		to := z[r*k : (r+1)*k]
		clear(to)
		copy(to, bias)
		col, val := m.Row(i)
		for p, c := range col {
			v := val[p]
			from := w[int(c)*k : int(c)*k+k]
			for j := range to {
				to[j] += v * from[j]
			}
		}
	}
}

// dot is the product of row i with w.
func (m *Matrix[T]) dot(i int32, w []T) T {
	col, val := m.Row(i)
	val = val[:len(col)]
	var s, t T
	p := 0
	for ; p+1 < len(col); p += 2 {
		s += val[p] * w[col[p]]
		t += val[p+1] * w[col[p+1]]
	}
	if p < len(col) {
		s += val[p] * w[col[p]]
	}
	return s + t
}

// AddOuter adds a Σ_r x_r ⊗ r_r to g (Cols × k, row-major) over the rows x that index names, with their k residuals
// each in r.
func (m *Matrix[T]) AddOuter(index []int32, k int, a T, r, g []T) {
	for q, i := range index {
		col, val := m.Row(i)
		val = val[:len(col)]
		if k == 1 {
			b := a * r[q]
			for p, c := range col {
				g[c] += b * val[p]
			}
			continue
		}
		from := r[q*k : (q+1)*k]
		for p, c := range col {
			b := a * val[p]
			to := g[int(c)*k : int(c)*k+k]
			for j, x := range from {
				to[j] += b * x
			}
		}
	}
}
