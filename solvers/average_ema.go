package solvers

import (
	"fmt"
	"math"
)

// EMA is the exponential moving average of the weights, which forgets about 1/(1−β) steps:
//
//	w̄ ← β w̄ + (1−β) w
//
// It begins with the weights after the first step, which count for long: with share βᵏ⁻¹. Corrected, it begins with
// nothing and is divided by the shares gathered, 1−βᵏ, as the means of Adam, so that the weights of the first steps
// count alike.
//
// β of 0.99 to 0.9999 are usual; an epoch or so should fit into it. Kingma & Ba 2015, section 7.2, has the corrected
// form.
type EMA struct {
	Decay     float64 // β, in [0, 1)
	Corrected bool
}

// Validate returns an error for an illegal decay.
func (e EMA) Validate() error { return checkSetting("ema's decay", e.Decay, HalfOpen(0, 1)) }

// Share is 1−β after the first step, and (1−β)/(1−βᵏ) where corrected.
func (e EMA) Share(k int64) float64 {
	switch {
	case k == 1:
		return 1
	case e.Corrected:
		return (1 - e.Decay) / (1 - math.Pow(e.Decay, float64(k)))
	}
	return 1 - e.Decay
}

// String is as in ema(0.999), with a word for the corrected one.
func (e EMA) String() string {
	if e.Corrected {
		return fmt.Sprintf("ema(%v,corrected)", e.Decay)
	}
	return fmt.Sprintf("ema(%v)", e.Decay)
}
