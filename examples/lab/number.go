package main

import (
	"encoding/json"
	"math"
	"strconv"
)

// number is a float64 that JSON can hold whatever its value: NaN becomes null, and infinities become "+Inf" and "-Inf".
type number float64

// MarshalJSON implements json.Marshaler.
func (x number) MarshalJSON() ([]byte, error) {
	switch v := float64(x); {
	case math.IsNaN(v):
		return []byte("null"), nil
	case math.IsInf(v, 0):
		return strconv.AppendQuote(nil, strconv.FormatFloat(v, 'g', -1, 64)), nil
	}
	return json.Marshal(float64(x))
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (x *number) UnmarshalJSON(text []byte) error {
	switch string(text) {
	case "null":
		*x = number(math.NaN())
	case `"+Inf"`:
		*x = number(math.Inf(1))
	case `"-Inf"`:
		*x = number(math.Inf(-1))
	default:
		return json.Unmarshal(text, (*float64)(x))
	}
	return nil
}

// String is the number with four significant digits or as an integer, and without an exponent where that is readable.
func (x number) String() string {
	v := float64(x) + 0 // no −0
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return "—"
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	case a != 0 && a < 1e-4 || a >= 1e9:
		return minus(strconv.FormatFloat(v, 'e', 2, 64))
	case a >= 1000:
		text := strconv.FormatFloat(a, 'f', 0, 64)
		for i := len(text) - 3; i > 0; i -= 3 {
			text = text[:i] + "," + text[i:]
		}
		if v < 0 {
			text = "−" + text
		}
		return text
	}
	return minus(strconv.FormatFloat(v, 'g', 4, 64))
}

// minus writes the sign of a number as is done in print.
func minus(s string) string {
	if len(s) > 0 && s[0] == '-' {
		return "−" + s[1:]
	}
	return s
}
