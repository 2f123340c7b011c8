package main

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// level is the confidence of every interval.
const level = 0.95

// interval is a mean with the interval that holds the true one at a confidence of 95 %.
type interval struct {
	Mean number `json:"mean"`
	Low  number `json:"low"`
	High number `json:"high"`
	N    int    `json:"n"`    // how many values it is from
	Kind string `json:"kind"` // what kind of interval: t, log-t, Wilson, Newcombe or exact
}

// over is the t interval of the mean of values from as many seeds. One value has an interval without bounds.
func over(values []float64) interval {
	n := float64(len(values))
	mean, deviation := stat.MeanStdDev(values, nil)
	v := interval{Mean: number(mean), Low: number(math.Inf(-1)), High: number(math.Inf(1)), N: len(values), Kind: "t"}
	if n > 1 {
		half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile((1+level)/2) * deviation / math.Sqrt(n)
		v.Low, v.High = number(mean-half), number(mean+half)
	}
	return v
}

// factor is the geometric mean of ratios from as many seeds, with the t interval of their logarithms: a ratio and its
// inverse cancel.
func factor(ratios []float64) interval {
	logs := make([]float64, len(ratios))
	for i, r := range ratios {
		logs[i] = math.Log(r)
	}
	v := over(logs)
	for _, x := range []*number{&v.Mean, &v.Low, &v.High} {
		*x = number(math.Exp(float64(*x)))
	}
	v.Kind = "log-t"
	return v
}

// exact is a quantity without chance in it.
func exact(value float64) interval {
	return interval{Mean: number(value), Low: number(value), High: number(value), N: 1, Kind: "exact"}
}

// share is the Wilson interval of a frequency: hits among n independent trials. Wilson 1927.
func share(hits, n int) interval {
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	m, p := float64(n), float64(hits)/float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return interval{Mean: number(p), Low: number(max(0, centre-half)), High: number(min(1, centre+half)), N: n, Kind: "Wilson"}
}

// difference is a − b of two frequencies with as many trials, with Newcombe's interval, made of Wilson's. Newcombe
// 1998, method 10.
func difference(a, b interval) interval {
	far := func(x, y interval) float64 { // the way down from x and up from y
		return math.Hypot(float64(x.Mean-x.Low), float64(y.High-y.Mean))
	}
	d := float64(a.Mean - b.Mean)
	return interval{Mean: number(d), Low: number(d - far(a, b)), High: number(d + far(b, a)), N: a.N, Kind: "Newcombe"}
}

// String is as in 0.98 [0.95, 1.01].
func (v interval) String() string {
	switch {
	case math.IsNaN(float64(v.Mean)):
		return "—"
	case v.Kind == "exact":
		return v.Mean.String()
	case v.N == 1:
		return v.Mean.String() + " (one seed)"
	}
	return fmt.Sprintf("%v [%v, %v]", v.Mean, v.Low, v.High)
}

// How says what the interval is from, as in "t, 5 seeds".
func (v interval) How() string {
	switch v.Kind {
	case "exact":
		return "no chance in it"
	case "Wilson":
		return fmt.Sprintf("Wilson, %d trials", v.N)
	case "Newcombe":
		return fmt.Sprintf("Newcombe, twice %d trials", v.N)
	}
	if v.N == 1 {
		return "1 seed"
	}
	if v.Kind == "log-t" {
		return fmt.Sprintf("t of logarithms, %d seeds", v.N)
	}
	return fmt.Sprintf("t, %d seeds", v.N)
}

// slope is that of the least-squares line through (log x, log y): the exponent of a power law. Points that have no
// logarithm make it NaN.
func slope(x, y []float64) float64 {
	u, v := make([]float64, len(x)), make([]float64, len(x))
	for i := range x {
		u[i], v[i] = math.Log(x[i]), math.Log(y[i])
	}
	_, b := stat.LinearRegression(u, v, nil, false)
	if math.IsInf(b, 0) {
		return math.NaN()
	}
	return b
}

// ranks is Spearman's correlation of y with x: 1 where y never falls as x grows, and −1 where it never rises.
func ranks(x, y []float64) float64 { return stat.Correlation(rank(x), rank(y), nil) }

// rank is the place of each value in order, from 0; equal values share the mean of theirs.
func rank(x []float64) []float64 {
	r := make([]float64, len(x))
	for i, a := range x {
		for j, b := range x {
			switch {
			case b < a:
				r[i]++
			case b == a && j != i:
				r[i] += 0.5
			}
		}
	}
	return r
}

// mean is that of all values.
func mean(values []float64) float64 { return stat.Mean(values, nil) }
