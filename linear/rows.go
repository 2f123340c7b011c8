package linear

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/sparse"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Rows are the examples of a Model: Dense or CSR.
type Rows interface {
	size() (rows, cols int)
	check(t vector.Type) error
}

// Dense is a row-major matrix of Rows × Cols numbers, in one of F32 and F64.
type Dense struct {
	Rows, Cols int
	F32        []float32
	F64        []float64
}

func (m Dense) size() (rows, cols int) { return m.Rows, m.Cols }

func (m Dense) check(t vector.Type) error {
	if (len(m.F32) > 0) == (len(m.F64) > 0) {
		return errors.New("dense rows in both or none of F32 and F64")
	}
	if n := len(m.F32) + len(m.F64); n/m.Cols != m.Rows || n%m.Cols != 0 {
		return errors.Errorf("%d numbers for %d×%d dense rows", n, m.Rows, m.Cols)
	}
	if at := vector.NotFinite(m.F32); at >= 0 {
		return errors.Errorf("row %d column %d is %v, not finite in %v", at/m.Cols, at%m.Cols, m.F32[at], t)
	}
	for at, x := range m.F64 {
		if !finite(x, t) {
			return errors.Errorf("row %d column %d is %v, not finite in %v", at/m.Cols, at%m.Cols, x, t)
		}
	}
	return nil
}

// finite says whether a number is finite when it is rounded to a type.
func finite(x float64, t vector.Type) bool {
	if t == vector.Float32 {
		x = float64(float32(x))
	}
	return !math.IsNaN(x) && !math.IsInf(x, 0)
}

// CSR is a sparse matrix in compressed rows: row i holds columns Col[Start[i]:Start[i+1]], ascending, with the values
// Val beside them. datasets.CSR has the same fields, so that one converts to the other.
type CSR struct {
	Rows, Cols int
	Start      []int
	Col        []int32
	Val        []float64
}

func (m CSR) size() (rows, cols int) { return m.Rows, m.Cols }

func (m CSR) check(t vector.Type) error {
	if len(m.Start) != m.Rows+1 || m.Start[0] != 0 || m.Start[m.Rows] != len(m.Col) || len(m.Col) != len(m.Val) {
		return errors.Errorf("%d sparse rows with %d starts, %d columns and %d values: they don't fit together",
			m.Rows, len(m.Start), len(m.Col), len(m.Val))
	}
	for i := range m.Rows {
		lo, hi := m.Start[i], m.Start[i+1]
		if lo > hi || hi > len(m.Col) {
			return errors.Errorf("row %d begins at %d and ends at %d", i, lo, hi)
		}
		last := int32(-1)
		for p := lo; p < hi; p++ {
			if c := m.Col[p]; c <= last || int(c) >= m.Cols {
				return errors.Errorf("row %d: column %d after %d, want ascending ones below %d", i, c, last, m.Cols)
			}
			last = m.Col[p]
			if v := m.Val[p]; !finite(v, t) {
				return errors.Errorf("row %d column %d is %v, not finite in %v", i, last, v, t)
			}
		}
	}
	return nil
}

// sparseOf returns the matrix with values of type T.
func sparseOf[T kernel.Float](m CSR) *sparse.Matrix[T] {
	return &sparse.Matrix[T]{Start: m.Start, Col: m.Col, Val: converted[T](m.Val)}
}

// denseOf returns the numbers of the matrix in type T.
func denseOf[T kernel.Float](m Dense) []T {
	if len(m.F64) > 0 {
		return converted[T](m.F64)
	}
	return converted[T](m.F32)
}

// converted returns x itself where it is of type T, or a copy that is.
func converted[T, U kernel.Float](x []U) []T {
	if same, ok := any(x).([]T); ok {
		return same
	}
	to := make([]T, len(x))
	vector.Convert(to, x)
	return to
}
