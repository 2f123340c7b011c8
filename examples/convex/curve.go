package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// curve is the course of a solver.
type curve struct {
	Solver  string   `json:"solver"`
	Points  []point  `json:"points"`
	Seconds *float64 `json:"seconds"` // to the target; nil where it wasn't reached
}

// point is where a solver stands after some passes.
type point struct {
	Passes  float64 `json:"passes"`
	Seconds float64 `json:"seconds"`
	Gap     float64 `json:"gap"`
}

// trace runs a solver to the target, or to the most passes, and prints its course.
func (s *settings) trace(p *problem, name string, out io.Writer) (curve, error) {
	c := curve{Solver: name}
	prefix := ""
	if len(s.solvers) > 1 {
		prefix = name + " "
	}
	start := time.Now()
	run, batch, err := s.open(p, name)
	if err != nil {
		return c, errors.Wrap(err, name)
	}
	clock := time.Since(start)
	gradients := int64(0)
	for {
		start = time.Now()
		done, err := pass(run, p.n, batch)
		clock += time.Since(start)
		gradients += done
		f := math.Inf(1)
		if err == nil {
			f, err = p.objective(run.Weights())
		}
		if diverged := new(solvers.Diverged); err != nil && !errors.As(err, &diverged) {
			return c, errors.Wrap(err, name)
		}
		at := point{float64(gradients) / float64(p.n), clock.Seconds(), f - p.best}
		if math.IsNaN(f) || math.IsInf(f, 0) {
			fmt.Fprintf(out, "%sdiverged within %.4g passes\n", prefix, at.Passes)
			break
		}
		c.Points = append(c.Points, at)
		fmt.Fprintf(out, "%spasses %.4g seconds %.4f gap %.3e\n", prefix, at.Passes, at.Seconds, at.Gap)
		if at.Gap < s.target || at.Passes >= float64(s.passes) {
			break
		}
	}
	if seconds, reached := c.reach(s.target); reached {
		c.Seconds = &seconds
		fmt.Fprintf(out, "%sseconds to %.0e: %.4f\n", prefix, s.target, seconds)
	} else {
		fmt.Fprintf(out, "%sseconds to %.0e: not reached\n", prefix, s.target)
	}
	return c, nil
}

// pass goes on for at least n component gradients, in few calls and without going much further: an iteration takes at
// least b of them and up to twice as many.
func pass(run *solvers.Run, n, b int) (gradients int64, err error) {
	for gradients < int64(n) {
		info, err := run.Advance(max(1, (n-int(gradients))/(2*b)))
		if gradients += info.Gradients; err != nil {
			return gradients, err
		}
	}
	return gradients, nil
}

// reach is when the gap fell to the target, interpolated in its logarithm.
func (c *curve) reach(target float64) (seconds float64, reached bool) {
	for i, b := range c.Points {
		if !(b.Gap < target) {
			continue
		}
		if i == 0 {
			return b.Seconds, true
		}
		a := c.Points[i-1]
		share := math.Log(a.Gap/target) / math.Log(a.Gap/max(b.Gap, 1e-300))
		return a.Seconds + share*(b.Seconds-a.Seconds), true
	}
	return 0, false
}

// writeJSON prints all curves as one line.
func writeJSON(out io.Writer, p *problem, curves []curve) error {
	return json.NewEncoder(out).Encode(struct {
		N      int     `json:"n"`
		D      int     `json:"d"`
		Lambda float64 `json:"lambda"`
		L1     float64 `json:"l1"`
		Best   float64 `json:"best"`
		Curves []curve `json:"curves"`
	}{p.n, p.d, p.lambda, p.l1, p.best, curves})
}
