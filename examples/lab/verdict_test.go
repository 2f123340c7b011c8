package main

import (
	"context"
	"math"
	"regexp"
	"testing"
)

// TestJudge holds what a verdict is, and that it can be no.
func TestJudge(t *testing.T) {
	nan := math.NaN()
	at := func(low, mean, high float64) interval {
		return interval{Mean: number(mean), Low: number(low), High: number(high), N: 3, Kind: "t"}
	}
	for _, c := range []struct {
		value interval
		want  bounds
		is    verdict
	}{
		{at(0.96, 1, 1.04), within(0.95, 1.05), borneOut},
		{at(0.94, 1, 1.04), within(0.95, 1.05), undecided},
		{at(0.96, 1, 1.06), within(0.95, 1.05), undecided},
		{at(0.5, 1, 2), within(0.95, 1.05), undecided},
		{at(1.06, 1.2, 1.3), within(0.95, 1.05), notBorne},
		{at(0.1, 0.2, 0.94), within(0.95, 1.05), notBorne},
		{at(2, 3, 4), atLeast(2), borneOut},
		{at(1, 1.5, 1.9), atLeast(2), notBorne},
		{at(1, 1.5, 2), atMost(2), borneOut},
		{at(3, 4, 5), atMost(2), notBorne},
		{at(nan, nan, nan), atMost(2), undecided},
		{over([]float64{1}), atMost(2), undecided},
		{over([]float64{1, nan}), atMost(2), undecided},
		{over([]float64{1, math.Inf(1)}), atMost(2), undecided},
		{exact(1), within(1, 1), borneOut},
		{exact(0.5), atLeast(0.51), notBorne},
		{share(0, 100), atMost(0.05), borneOut},
		{share(50, 100), atMost(0.05), notBorne},
		{share(3, 100), atMost(0.05), undecided},
	} {
		if is := judge(c.value, c.want); is != c.is {
			t.Errorf("%v, wanted %v: %s, want %s", c.value, c.want, is, c.is)
		}
	}
}

// TestWrongData holds that a measurement which contradicts its claim is shown as not borne out, through to the page.
func TestWrongData(t *testing.T) {
	for _, c := range []struct {
		slope float64
		want  verdict
	}{{-1, borneOut}, {-0.5, notBorne}} {
		e := experiment{name: "variance", title: "made up", about: "made up", measure: func(_ *lab, r *report) error {
			var runs []spreads
			sizes := powers(64)
			for seed := range uint64(5) {
				rng, s := random(seed, 0), spreads{bias: 1}
				for _, b := range sizes {
					v := math.Pow(float64(b), c.slope) * (1 + 0.001*rng.NormFloat64())
					s.with = append(s.with, v)
					s.without = append(s.without, v*float64(64-b)/63)
				}
				runs = append(runs, s)
			}
			reportVariance(r, "made-up data", runs, sizes, 64)
			return nil
		}}
		r, err := conduct(&lab{ctx: context.Background(), note: func(string) {}}, e)
		if err != nil {
			t.Fatal(err)
		}
		if r.Findings[0].Verdict != c.want {
			t.Errorf("a slope of %v is %s: %v", c.slope, r.Findings[0].Verdict, r.Findings[0].Value)
		}
		if c.want == notBorne && r.Verdict != notBorne {
			t.Errorf("the experiment is %s", r.Verdict)
		}
		page, err := compose([]*result{r})
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`class="badge (yes|no)">\d+ ` + string(c.want)).Match(page) {
			t.Errorf("the page doesn't say %s", c.want)
		}
	}
}
