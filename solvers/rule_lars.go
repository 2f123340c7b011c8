package solvers

import (
	"math"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// LARS is momentum with a rate of each parameter's own, layer-wise adaptive rate scaling: a step is as long as a share
// τ of the parameter's norm, whatever the scale of its gradient, so that large batches train at rates that single
// layers wouldn't stand.
//
//	λ = τ ‖w‖ / (‖g‖ + β ‖w‖)
//	v ← μ v + η λ (g + β w)
//	w ← w − v
//
// The norms are Euclidean, over a whole parameter. Where w or g is 0, as a bias at first, λ is 1. The decay β is part
// of the rule: L2 would be in ‖g‖. Biases and the scales of norms are often left out of both: RateFactor with Only
// gives them a rate of their own.
//
// You, Gitman & Ginsburg 2017, Large batch training of convolutional networks, algorithm 1. It keeps one array and
// takes whole parameters.
type LARS struct {
	Momentum float64 // μ, in [0, 1)
	Trust    float64 // τ, above 0
	Decay    float64 // β, at least 0
}

// DefaultLARS has the momentum and the decay of the paper's experiments, and the share that went with rates of 1 to 30
// there.
var DefaultLARS = LARS{Momentum: 0.9, Trust: 0.001, Decay: 5e-4}

// Spec names the velocity, μ, τ and β.
func (LARS) Spec() Spec {
	return Spec{
		State: []string{"velocity"},
		Hyper: []Hyper{
			{Field: "Momentum", Legal: HalfOpen(0, 1)},
			{Field: "Trust", Legal: Above(0)},
			{Field: "Decay", Legal: AtLeast(0), Name: "lars decay"},
		},
		Whole: true,
	}
}

// Update takes a step over float64.
func (l LARS) Update(s *Step, w, g []float64, state [][]float64) { stepLARS(l, s, w, g, state[0]) }

// Update32 takes a step over float32.
func (l LARS) Update32(s *Step, w, g []float32, state [][]float32) { stepLARS(l, s, w, g, state[0]) }

func stepLARS[T kernel.Float](l LARS, s *Step, w, g, v []T) {
	rate := s.Rate
	if wNorm, gNorm := math.Sqrt(pointwise.Dot(w, w)), math.Sqrt(pointwise.Dot(g, g)); wNorm > 0 && gNorm > 0 {
		rate *= l.Trust * wNorm / (gNorm + l.Decay*wNorm)
	}
	pointwise.Scale(T(l.Momentum), v)
	if math.IsInf(float64(T(rate)), 0) { // of a tiny gradient: the product is an ordinary number
		for i, x := range g {
			v[i] += T(rate * float64(x))
		}
	} else {
		pointwise.Axpy(T(rate), g, v)
	}
	if l.Decay != 0 {
		pointwise.Axpy(T(rate*l.Decay), w, v)
	}
	pointwise.Axpy(-1, v, w)
}
