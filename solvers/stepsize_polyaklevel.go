package solvers

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
)

// PolyakLevel is Polyak's step where the lowest loss isn't known: it aims at a level δ below a record,
//
//	η = min((F(w) − (record − δ)) / ‖∇F(w)‖², Max)
//
// A loss of record − δ/2 or less becomes the record. Where the steps since then make a path longer than Path without
// one, the level was too low: δ is halved, and the best loss so far becomes the record. On a convex F the best loss
// tends to the minimum for any Gap and Path. It compares losses of different iterations, which must be over all
// examples: From(FullBatch{}).
//
// Brännlund 1993; Goffin & Kiwiel 1999, the subgradient level method.
type PolyakLevel struct {
	Gap  float64 // δ at first, above 0: about how far the loss is going to fall
	Path float64 // above 0: about how far the weights may have to go
	Max  float64 // the greatest rate, above 0 and finite
}

// Validate returns an error for an illegal setting.
func (p PolyakLevel) Validate() error {
	if err := checkSetting("polyak level's gap", p.Gap, Above(0)); err != nil {
		return err
	}
	if err := checkSetting("polyak level's path", p.Path, Above(0)); err != nil {
		return err
	}
	return checkSetting("polyak level's max", p.Max, Above(0))
}

// What PolyakLevel keeps.
const (
	levelBegun  = iota // 1 after the first iteration
	levelBest          // min F
	levelRecord        // the record
	levelGap           // δ
	levelPath          // length of the steps since the record
	levelNumbers
)

// Numbers is 5.
func (PolyakLevel) Numbers() int { return levelNumbers }

// Choose returns the rate.
func (p PolyakLevel) Choose(at *Ray, kept []float64) (float64, error) {
	if int64(at.Examples) != at.Time.N {
		return 0, errors.Errorf("a batch of %d examples of %d, want all: From(FullBatch{})", at.Examples, at.Time.N)
	}
	if kept[levelBegun] == 0 {
		kept[levelBegun], kept[levelGap] = 1, p.Gap
		kept[levelBest], kept[levelRecord] = at.Loss, at.Loss
	}
	kept[levelBest] = min(kept[levelBest], at.Loss)
	descended := at.Loss <= kept[levelRecord]-kept[levelGap]/2
	if !descended && kept[levelPath] > p.Path {
		kept[levelGap] /= 2
		descended = true
	}
	if descended {
		kept[levelRecord], kept[levelPath] = kept[levelBest], 0
	}
	rate := tangent(at, kept[levelRecord]-kept[levelGap], 1, p.Max)
	kept[levelPath] += rate * math.Sqrt(at.Slope)
	return rate, nil
}

// String is as in polyaklevel(1,5,10).
func (p PolyakLevel) String() string {
	return fmt.Sprintf("polyaklevel(%v,%v,%v)", p.Gap, p.Path, p.Max)
}
