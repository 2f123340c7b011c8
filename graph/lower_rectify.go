package graph

import (
	"unsafe"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// lowerRectifier finds the two products that gorgonia.Rectify and its gradient are made of,
//
//	y = x ⊙ [x ≥ 0]    and    dx = [x ≥ 0] ⊙ dy,
//
// and computes them from x itself, so that nobody needs the comparison. As in Gorgonia the gradient is 1 at 0.
func lowerRectifier[T kernel.Float](s *slot, slots []slot) lowering {
	if s.Function != gate.Multiply {
		return nil
	}
	for i, k := range s.in {
		x, ok := comparedToZero(&slots[k], slots)
		if !ok {
			continue
		}
		other := s.in[1-i]
		if other == x {
			s.in = []int{x}
			return unary(pointwise.Relu[T])
		}
		if sameShape(slots[other].Shape, slots[x].Shape) {
			s.in = []int{x, other}
			return looped(keepWhereNotNegative[T])
		}
	}
	return nil
}

// comparedToZero returns x if the slot is [x ≥ 0] in numbers.
func comparedToZero(s *slot, slots []slot) (x int, ok bool) {
	if s.Kind != gate.Binary || s.Function != gate.GreaterOrEqual || !s.Numbers {
		return 0, false
	}
	zero := &slots[s.in[1]]
	if zero.Kind != gate.Constant || len(zero.Shape) > 0 || number(zero.Expr.Value()) != 0 || len(slots[s.in[0]].Shape) == 0 {
		return 0, false
	}
	return s.in[0], true
}

// keepWhereNotNegative is z = y where x ≥ 0, else 0. It tells by the sign bit without a branch: b & (b−1) has it set for the negative
// numbers but not for −0.
func keepWhereNotNegative[T kernel.Float](x, y, z []T) {
	if unsafe.Sizeof(T(0)) == 4 {
		a, b, c := patterns[uint32](x), patterns[uint32](y), patterns[uint32](z)
		for i, v := range a {
			c[i] = b[i] &^ uint32(int32(v&(v-1))>>31)
		}
		return
	}
	a, b, c := patterns[uint64](x), patterns[uint64](y), patterns[uint64](z)
	for i, v := range a {
		c[i] = b[i] &^ uint64(int64(v&(v-1))>>63)
	}
}

// patterns are the bit patterns of floats.
func patterns[U uint32 | uint64, T kernel.Float](s []T) []U {
	return unsafe.Slice((*U)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}
