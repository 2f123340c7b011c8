package schedules

import (
	"math"
	"strconv"

	"github.com/pkg/errors"
)

// Plateau multiplies a schedule by Factor whenever a metric, such as the loss on data that isn't trained on, hasn't
// improved for more than Patience observations. It equals PyTorch's ReduceLROnPlateau with mode min or, with Higher,
// max, and eps 0.
//
//	η(t) = max(Of(t) · Factorʳ, Min)    r = reductions so far
//
// A metric m is an improvement on the best one so far, m*, when m < m* − Threshold·|m*|, or with Higher m > m* +
// Threshold·|m*|. NaN never is. After a reduction, Cooldown observations count as no disappointment.
//
// Alone among the schedules it isn't a function of time: it has a state, which Visit shows and which has to be saved
// with the run that it is for. One Plateau belongs to one run. Take it by pointer: &Plateau{Of: Constant(0.1), Factor:
// 0.1, Patience: 10, Threshold: 1e-4}.
type Plateau struct {
	Of        Schedule // what is reduced
	Factor    float64  // in (0, 1)
	Patience  int      // observations without improvement that don't reduce yet, at least 0
	Threshold float64  // share of the best metric that counts as an improvement, in [0, 1]
	Cooldown  int      // observations after a reduction that aren't counted, at least 0
	Min       float64  // lower bound of the value, at least 0
	Higher    bool     // whether a higher metric is better, as for an accuracy

	best   [1]float64
	counts [4]int64
}

// Positions in counts.
const (
	improved = iota
	bad      // observations without improvement since the last one with it
	cooling  // observations that still aren't counted
	reduced
)

// At is the value at a time, after what has been observed.
func (p *Plateau) At(t Time) float64 {
	return max(p.Of.At(t)*math.Pow(p.Factor, float64(p.counts[reduced])), p.Min)
}

// Observe takes a metric, such as the loss after an epoch, and says whether it led to a reduction.
func (p *Plateau) Observe(metric float64) bool {
	if p.improves(metric) {
		p.best[0] = metric
		p.counts[bad] = 0
		p.counts[improved]++
	} else {
		p.counts[bad]++
	}
	if p.counts[cooling] > 0 {
		p.counts[cooling]--
		p.counts[bad] = 0
	}
	if p.counts[bad] <= int64(p.Patience) {
		return false
	}
	p.counts[bad], p.counts[cooling] = 0, int64(p.Cooldown)
	p.counts[reduced]++
	return true
}

// String is the text form: what is to be reduced, factor, patience, threshold, cooldown, least value. It doesn't tell
// the state.
func (p *Plateau) String() string {
	return p.kind() + "(" + name(p.Of) + "," + text(p.Factor) + "," + strconv.Itoa(p.Patience) + "," + text(p.Threshold) + "," +
		strconv.Itoa(p.Cooldown) + "," + text(p.Min) + ")"
}

func (p *Plateau) kind() string {
	if p.Higher {
		return "plateauhigh"
	}
	return "plateau"
}

// Validate returns an error that says which setting is illegal. It doesn't look at what is reduced; the function
// Validate does.
func (p *Plateau) Validate() error {
	if p == nil {
		return errors.New("schedules: plateau: none (nil)")
	}
	kind := p.kind()
	if p.Patience < 0 || p.Cooldown < 0 {
		return errors.Errorf("schedules: %s: patience %d and cooldown %d, want at least 0", kind, p.Patience, p.Cooldown)
	}
	return firstOf(between(kind, "factor", p.Factor), within(kind, "threshold", p.Threshold, 0, 1), finite(kind, "least value", p.Min),
		within(kind, "least value", p.Min, 0, math.Inf(1)))
}

// Tail says that the long run isn't known: it depends on the metric.
func (p *Plateau) Tail() Tail { return Tail{} }

// Inner is what is reduced.
func (p *Plateau) Inner() []Schedule { return []Schedule{p.Of} }

// improves says whether a metric is better than the best one so far. The first one is, unless it is NaN.
func (p *Plateau) improves(metric float64) bool {
	best, sign := p.best[0], 1.0
	if p.Higher {
		sign = -1
	}
	if p.counts[improved] == 0 {
		return !math.IsNaN(metric)
	}
	margin := p.Threshold * math.Abs(best)
	if math.IsInf(best, 0) {
		margin = 0
	}
	return sign*metric < sign*best-margin
}

// Reductions is the number of them so far.
func (p *Plateau) Reductions() int { return int(p.counts[reduced]) }

// Visit shows the state, to save it or to overwrite it: the best metric as a []float64, and the counts as an []int64.
func (p *Plateau) Visit(visit func(name string, array any)) {
	visit("plateau.best", p.best[:])
	visit("plateau.counts", p.counts[:])
}

// plateauKind is the text form.
func plateauKind(name string, higher bool) Kind {
	return Kind{name + "(SCHEDULE,FACTOR,PATIENCE[,THRESHOLD[,COOLDOWN[,LEAST]]])", func(a *Args) Schedule {
		p := &Plateau{Of: a.Schedule("schedule"), Factor: a.Number("factor"), Patience: a.Count("patience"), Higher: higher}
		p.Threshold = a.numberOr(0, "threshold")
		if a.Left() > 0 {
			p.Cooldown = a.Count("cooldown")
		}
		p.Min = a.numberOr(0, "least value")
		return p
	}}
}
