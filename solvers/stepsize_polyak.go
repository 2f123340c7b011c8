package solvers

import "fmt"

// Polyak chooses the rate for which the tangent of the loss reaches its lowest value:
//
//	η = min((F(w) − F*) / (c ‖∇F(w)‖²), Max)
//
// Over all examples, with c = 1, it is Polyak's step: no other rate brings w provably nearer to the minimum of a convex
// F. Over batches F* is the lowest loss of a batch, near 0 for a model that can fit all examples; with c = 1/2 it is
// SPS_max, which then converges as fast as a rate known beforehand would, and else to a neighbourhood that Max bounds.
// A loss at or below F* takes no step.
//
// Polyak 1987, section 5.3; Loizou, Vaswani, Laradji & Lacoste-Julien 2021. Each iteration costs nothing beside.
type Polyak struct {
	Lowest float64 // F*, with what L2 adds; finite
	Scale  float64 // c, above 0
	Max    float64 // the greatest rate, above 0 and finite
}

// DefaultPolyak is SPS_max for losses that can fall to 0.
var DefaultPolyak = Polyak{Scale: 0.5, Max: 1}

// Validate returns an error for an illegal setting.
func (p Polyak) Validate() error {
	if err := checkSetting("polyak's lowest loss", p.Lowest, finite); err != nil {
		return err
	}
	if err := checkSetting("polyak's scale", p.Scale, Above(0)); err != nil {
		return err
	}
	return checkSetting("polyak's max", p.Max, Above(0))
}

// Numbers is 0.
func (Polyak) Numbers() int { return 0 }

// Choose returns the rate.
func (p Polyak) Choose(at *Ray, _ []float64) (float64, error) {
	return tangent(at, p.Lowest, p.Scale, p.Max), nil
}

// tangent is the rate for which the tangent, c times as steep, reaches a level.
func tangent(at *Ray, level, c, most float64) float64 {
	if !(at.Loss > level) || at.Slope == 0 {
		return 0
	}
	return min((at.Loss-level)/(c*at.Slope), most)
}

// String is as in polyak(0,0.5,1).
func (p Polyak) String() string { return fmt.Sprintf("polyak(%v,%v,%v)", p.Lowest, p.Scale, p.Max) }
