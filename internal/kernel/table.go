package kernel

import "unsafe"

// Table holds what each kernel set has for the two types: R32 and R64 are its routines for float32 and float64.
type Table[R32, R64 any] struct {
	F32 [Sets]R32
	F64 [Sets]R64
}

// NewTable returns a table in which all sets have the same, which are the definitions.
func NewTable[R32, R64 any](f32 R32, f64 R64) (t Table[R32, R64]) {
	for s := range t.F32 {
		t.F32[s], t.F64[s] = f32, f64
	}
	return t
}

// Of returns what the set in use has for T, whose routines are R.
func Of[T Float, R, R32, R64 any](t *Table[R32, R64]) *R {
	if Is32[T]() {
		return (*R)(unsafe.Pointer(&t.F32[active]))
	}
	return (*R)(unsafe.Pointer(&t.F64[active]))
}
