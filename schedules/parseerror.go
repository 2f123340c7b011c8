package schedules

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ParseError is what is wrong in the text of a schedule, and where.
type ParseError struct {
	Text    string // all of it
	Offset  int    // in bytes; len(Text) where it is too short
	Problem string // as in cosine: want a number for the end, not "x"
}

// Error has two more lines: the text, and under it a mark at the place.
func (e *ParseError) Error() string {
	before, after := printable(e.Text[:e.Offset]), printable(e.Text[e.Offset:])
	const most = 60 // runes on each side
	if n := utf8.RuneCountInString(before); n > most {
		before = "..." + string([]rune(before)[n-most:])
	}
	if utf8.RuneCountInString(after) > most {
		after = string([]rune(after)[:most]) + "..."
	}
	return fmt.Sprintf("schedules: %s, at offset %d\n\t%s%s\n\t%s^", e.Problem, e.Offset, before, after,
		strings.Repeat(" ", utf8.RuneCountInString(before)))
}

// printable takes what would move the mark away from its place out of a text.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}
