package solvers

import (
	"fmt"

	"github.com/pkg/errors"
)

// PolyakRuppert averages the weights after all steps but the first Start, each alike:
//
//	w̄ = 1/(k−Start) Σ w     over the weights after steps Start+1 to k
//
// Until then the average is the weights. The early ones are better left out, as they tell of the start more than of the
// minimum. With rates that fall slower than 1/t, or a constant one on a quadratic, the average has the best variance
// that any method can have asymptotically. Polyak & Juditsky 1992; Ruppert 1988; with the tail alone Jain, Kakade,
// Kidambi, Netrapalli & Sidford 2018.
type PolyakRuppert struct {
	Start int64 // at least 0
}

// Validate returns an error for a negative start.
func (p PolyakRuppert) Validate() error {
	if p.Start < 0 {
		return errors.Errorf("solvers: polyak-ruppert: start at step %d, want at least 0", p.Start)
	}
	return nil
}

// Share is 1/(k−Start), and 1 until then.
func (p PolyakRuppert) Share(k int64) float64 { return 1 / float64(max(k-p.Start, 1)) }

// String is as in polyak-ruppert(1000).
func (p PolyakRuppert) String() string { return fmt.Sprintf("polyak-ruppert(%d)", p.Start) }
