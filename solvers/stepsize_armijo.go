package solvers

import (
	"fmt"
	"math"
)

// Armijo is the stochastic line search: it shrinks the rate until the loss of the batch falls by a part of what its
// slope promises,
//
//	F(w − η∇F) ≤ F(w) − c η ‖∇F‖²
//
// beginning with Max at first and then with min(Max, η γ^(b/n)) from the rate η before, so that rates may grow γ-fold
// in an epoch of batches of b. Trial losses within rounding of the bound are taken, and ones that aren't finite are
// not. Where 100 rates in a row fail there is no step, and the next iteration begins with Max.
//
// For a model that can fit all examples SGD then converges as gradient descent does, without a rate to be known.
// Vaswani, Mishkin, Laradji, Schmidt, Gidel & Lacoste-Julien 2019, eq. 1 and algorithms 1 and 2 with reset option 2;
// over all examples it is that of Armijo 1966. Each iteration costs one evaluation of the batch's loss or more:
// Info.Losses.
type Armijo struct {
	Slope  float64 // c, in (0, 1)
	Shrink float64 // β, in (0, 1): what a rate that fails is multiplied by
	Grow   float64 // γ, at least 1
	Max    float64 // the greatest rate, above 0 and finite
}

// DefaultArmijo has settings that suit most models.
var DefaultArmijo = Armijo{Slope: 0.1, Shrink: 0.7, Grow: 2, Max: 1}

// armijoTrials is how many rates are tried.
const armijoTrials = 100

// Validate returns an error for an illegal setting.
func (a Armijo) Validate() error {
	inside := Interval{Lo: 0, Hi: 1, OpenLo: true, OpenHi: true}
	if err := checkSetting("armijo's slope", a.Slope, inside); err != nil {
		return err
	}
	if err := checkSetting("armijo's shrink", a.Shrink, inside); err != nil {
		return err
	}
	if err := checkSetting("armijo's grow", a.Grow, AtLeast(1)); err != nil {
		return err
	}
	return checkSetting("armijo's max", a.Max, Above(0))
}

// Numbers is 1: the last rate.
func (Armijo) Numbers() int { return 1 }

// Choose returns the rate.
func (a Armijo) Choose(at *Ray, kept []float64) (float64, error) {
	rate := a.Max
	if kept[0] > 0 {
		rate = min(a.Max, kept[0]*math.Pow(a.Grow, float64(at.Examples)/float64(at.Time.N)))
	}
	if at.Slope == 0 {
		return 0, nil
	}
	for range armijoTrials {
		loss, err := at.At(rate)
		if err != nil {
			return 0, err
		}
		if loss-loss == 0 && loss <= at.Loss-a.Slope*rate*at.Slope+at.Rounding {
			kept[0] = rate
			return rate, nil
		}
		rate *= a.Shrink
	}
	kept[0] = 0
	return 0, nil
}

// String is as in armijo(0.1,0.7,2,1).
func (a Armijo) String() string {
	return fmt.Sprintf("armijo(%v,%v,%v,%v)", a.Slope, a.Shrink, a.Grow, a.Max)
}
