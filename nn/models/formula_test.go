package models_test

import (
	"math"
	"strings"

	"github.com/fallline/fallline/vector"
)

// hash is the 64 random bits for element i that gen.py computes too.
func hash(salt uint64, i int) uint64 {
	z := uint64(i+1)*0x9E3779B97F4A7C15 + salt*0xD1342543DE82EF95
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// formula is gen.py's numbers of a salt, which float32 holds exactly.
func formula(salt uint64, n int, low, high float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(hash(salt, i)>>40)/(1<<24)*(high-low) + low
	}
	return x
}

// fill gives range i of v the numbers of gen.py's fill.
func fill(v *vector.Vector, i int, salt uint64) {
	r := v.Ranges[i]
	low, high := -0.125, 0.125
	switch last := len(r.Shape) - 1; {
	case strings.HasSuffix(r.Name, ".scale"):
		low, high = 0.5, 1.5
	case last > 0:
		fanIn := (r.Hi - r.Lo) / r.Shape[last]
		high = math.Exp2(math.Floor(math.Log2(math.Sqrt(6 / float64(fanIn)))))
		low = -high
	}
	for j, x := range formula(salt, r.Hi-r.Lo, low, high) {
		v.Set(r.Lo+j, x)
	}
}

// sumDistance estimates the distance of a gradient from the one whose sums over random signs are given.
func sumDistance(g, sums []float64) float64 {
	off := make([]float64, len(sums))
	for i, x := range g {
		signs := hash(2000, i)
		for j := range off {
			if signs>>j&1 == 0 {
				off[j] -= x
			} else {
				off[j] += x
			}
		}
	}
	total := 0.0
	for j, want := range sums {
		total += (off[j] - want) * (off[j] - want)
	}
	return math.Sqrt(total / float64(len(sums)))
}
