package datasets

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"
)

// numberFormat is how numbers are written.
type numberFormat struct {
	decimal   rune // before the fraction
	thousands rune // between groups of three digits; 0 for nothing
}

// plain is the numberFormat of programming languages.
var plain = numberFormat{decimal: '.'}

// number reads a finite number within the range of float32: digits with a sign, a fraction and an exponent, and nothing
// else that programming languages know, such as hexadecimal digits, "inf" or "nan".
func (n numberFormat) number(text string) (float64, error) {
	x, err := n.float(text)
	if err != nil {
		return 0, err
	}
	if math.IsInf(float64(float32(x)), 0) {
		return 0, errors.Errorf("%q is not a finite number of float32, whose greatest is 3.4e38", clip(text))
	}
	return x, nil
}

// float reads a finite number of float64.
func (n numberFormat) float(text string) (float64, error) {
	s, ok := n.normal(text)
	if !ok {
		return 0, errors.Errorf("%q is not a finite number", clip(text))
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, errors.Errorf("%q is not a finite number", clip(text))
	}
	return x + 0, nil // −0 is 0
}

// normal rewrites a number without separators of thousands and with a dot.
func (n numberFormat) normal(text string) (string, bool) {
	if n.thousands != 0 {
		var ok bool
		if text, ok = n.ungroup(text); !ok {
			return "", false
		}
	}
	if n.decimal != '.' {
		if strings.ContainsRune(text, '.') {
			return "", false
		}
		text = strings.Replace(text, string(n.decimal), ".", 1)
	}
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', c == '.', c == '+', c == '-', c == 'e', c == 'E':
		default:
			return "", false
		}
	}
	return text, true
}

// ungroup takes the separators out of a number's whole part, whose groups but the first must have three digits. A first
// group that starts with 0 is none: 0,125 among numbers with a comma between thousands is a fraction.
func (n numberFormat) ungroup(text string) (string, bool) {
	whole, rest := text, ""
	if i := strings.IndexFunc(text, func(r rune) bool { return r == n.decimal || r == 'e' || r == 'E' }); i >= 0 {
		whole, rest = text[:i], text[i:]
	}
	groups := strings.FieldsFunc(whole, n.separates)
	if len(groups) < 2 {
		return text, !strings.ContainsFunc(text, n.separates)
	}
	size := -1
	for i, g := range groups {
		digits := strings.TrimLeft(g, "+-")
		size += len(g) + 1
		if i > 0 && (len(g) != 3 || digits != g) || i == 0 && (digits == "" || digits[0] == '0' || len(digits) > 3) {
			return "", false
		}
	}
	if utf8.RuneCountInString(whole) != size || strings.ContainsFunc(rest, n.separates) {
		return "", false // two separators side by side, or one at an end
	}
	return strings.Join(groups, "") + rest, true
}

// separates says whether a rune stands between thousands; the spaces of typesetting are taken for spaces.
func (n numberFormat) separates(r rune) bool {
	return r == n.thousands || n.thousands == ' ' && (r == '\u00a0' || r == '\u2009' || r == '\u202f')
}

// canonical is the one spelling of a number: "1" for "1.0", "01", "+1" and "1e0". A text that is no number stays as it
// is.
func (n numberFormat) canonical(text string) string {
	x, err := n.float(text)
	if err != nil {
		return text
	}
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return strconv.FormatInt(int64(x), 10)
	}
	if s, _ := n.normal(text); strings.Trim(s, "0123456789+-") == "" { // whole numbers that float64 doesn't tell apart
		sign := ""
		if x < 0 {
			sign = "-"
		}
		return sign + strings.TrimLeft(s, "+-0")
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// clip shortens text for a message.
func clip[T ~string | ~[]byte](text T) string {
	const most = 40
	if len(text) > most {
		return string(text[:most]) + "..."
	}
	return string(text)
}
