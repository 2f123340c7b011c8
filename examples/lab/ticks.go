package main

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// rounds marks a linear axis at round numbers: multiples of 1, 2 or 5 times a power of ten, about five of them.
type rounds struct{}

// Ticks implements plot.Ticker.
func (rounds) Ticks(low, high float64) (ticks []plot.Tick) {
	e := int(math.Floor(math.Log10((high - low) / 3)))
	step := math.Pow(10, float64(e))
	for _, m := range []float64{5, 2} {
		if m*step <= (high-low)/3 {
			step *= m
			break
		}
	}
	slack := 1e-9 * step
	for k := math.Ceil((low - slack) / step); k*step <= high+slack; k++ {
		ticks = append(ticks, plot.Tick{Value: k * step, Label: minus(strconv.FormatFloat(k*step+0, 'f', max(0, -e), 64))})
	}
	return ticks
}

// decades marks the powers of ten of a logarithmic axis: at most six with their names, and 2 and 5 times them where
// there are few; round numbers on less than a decade.
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(min, max float64) (ticks []plot.Tick) {
	if max < 5*min {
		return rounds{}.Ticks(min, max)
	}
	first, last := int(math.Floor(math.Log10(min))), int(math.Ceil(math.Log10(max)))
	every := (last-first)/6 + 1
	for e := first; e <= last; e++ {
		for _, m := range []float64{1, 2, 5} {
			if m != 1 && last-first > 4 {
				continue
			}
			v := m * math.Pow(10, float64(e))
			if v < min*(1-1e-9) || v > max*(1+1e-9) {
				continue
			}
			label := ""
			if m == 1 && (e%every+every)%every == 0 || m != 1 && math.Log10(max/min) < 2 {
				label = power(m, e)
			}
			ticks = append(ticks, plot.Tick{Value: v, Label: label})
		}
	}
	return ticks
}

// power writes m times 10 to the e.
func power(m float64, e int) string {
	if -4 <= e && e <= 4 {
		return strconv.FormatFloat(m*math.Pow(10, float64(e)), 'f', max(0, -e), 64)
	}
	raised := strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")
	text := "10" + raised.Replace(strconv.Itoa(e))
	if m != 1 {
		text = strconv.FormatFloat(m, 'f', 0, 64) + "·" + text
	}
	return text
}

// rowTicks names the places of an axis from above.
type rowTicks []string

// Ticks implements plot.Ticker.
func (r rowTicks) Ticks(_, _ float64) (ticks []plot.Tick) {
	for i, name := range r {
		ticks = append(ticks, plot.Tick{Value: float64(len(r) - 1 - i), Label: name})
	}
	return ticks
}
