package schedules

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxDepth is how deep schedules may nest in a text.
const maxDepth = 100

// Parse reads a schedule in its text form, which its String prints: what is read back has the same values.
//
//	0.1                                a number is Constant
//	cosine(0.1,0,30ep)                 lengths are in iterations, 500, or in epochs, 30ep
//	warmup(500)+cosine(0.1,0,30ep)     a warmup stands in front of any schedule
//	then(constant(0.1),10ep,step(0.1,0.5,2ep))
//
// Spaces between the parts are free. Forms lists what there is. An error is a *ParseError, which says what is wrong and
// where; settings that Validate refuses are errors too. Only a Func has no text that can be read. For schedules of
// one's own, see Parser.
func Parse(text string) (Schedule, error) { return Parser{}.Parse(text) }

// Parser reads schedules with kinds of one's own beside those of this package. The zero Parser is Parse.
type Parser struct {
	// Kinds are found by name: a lower-case letter, and then such letters or digits. They come before a kind of this
	// package with the same name.
	Kinds map[string]Kind
}

// Kind is a kind of schedule for Parser.
type Kind struct {
	Form string               // as in cosine(START,END,LENGTH), for errors and help
	Make func(*Args) Schedule // takes all arguments, in their order; wrong ones are reported by Args
}

// Parse is the function Parse with the parser's kinds.
func (p Parser) Parse(text string) (s Schedule, err error) {
	r := &reader{kinds: p.table(), text: text}
	defer func() {
		if r.err != nil {
			s, err = nil, r.err
		}
	}()
	v := r.value("", 0)
	if r.err == nil && r.peek() == '+' {
		r.fail(r.at, "%s", "only a warmup stands in front of a +")
	}
	if r.err == nil && r.at < len(text) {
		r.fail(r.at, "%s after the end of the schedule", r.found())
	}
	return r.asSchedule("", "schedule", v), nil
}

// reader goes through a text from left to right; after its first error it goes on to no effect.
type reader struct {
	kinds map[string]Kind
	text  string
	at    int
	err   *ParseError
}

// value is an argument: a schedule, or a word or number whose meaning depends on who takes it.
type value struct {
	at       int
	word     string
	schedule Schedule
}

// value reads an argument of a kind: a number, a word, or name(arguments) and what a + follows it with.
func (r *reader) value(kind string, depth int) value {
	r.skip()
	start := r.at
	if r.err != nil || depth > maxDepth {
		r.fail(start, "nested more than %d deep", maxDepth)
		return value{}
	}
	word := r.word()
	if word == "" {
		r.fail(start, "%swant a schedule or a number, not %s", prefix(kind), r.found())
		return value{}
	}
	if r.peek() != '(' {
		return value{at: start, word: word}
	}
	k, ok := r.kinds[word]
	if !ok {
		r.fail(start, "unknown schedule %q, want %s", word, strings.Join(slices.Sorted(maps.Keys(r.kinds)), ", "))
		return value{}
	}
	a := &Args{reader: r, name: word, form: k.Form}
	a.values = r.values(word, depth)
	a.end = r.at - 1
	if r.err == nil && r.peek() == '+' && strings.Contains(k.Form, "+") {
		r.at++
		v := r.value(word, depth+1)
		a.behind = &v
	}
	return value{start, word, r.build(start, k, a)}
}

// build makes a schedule of its arguments and validates it.
func (r *reader) build(start int, k Kind, a *Args) Schedule {
	if r.err != nil {
		return nil
	}
	s := k.Make(a)
	if len(a.values) > 0 {
		r.fail(a.values[0].at, "%s: one argument too many: %s", a.name, k.Form)
	}
	if r.err == nil {
		if err := Validate(s); err != nil {
			r.fail(start, "%s", strings.TrimPrefix(err.Error(), "schedules: "))
		}
	}
	return s
}

// values reads (a,b,...).
func (r *reader) values(kind string, depth int) (all []value) {
	r.at++
	if r.peek() == ')' {
		r.at++
		return nil
	}
	for r.err == nil {
		all = append(all, r.value(kind, depth+1))
		switch r.peek() {
		case ',':
			r.at++
		case ')':
			r.at++
			return all
		case '+':
			r.fail(r.at, "only a warmup stands in front of a +")
		default:
			r.fail(r.at, "%s: want a comma or a closing bracket, not %s", kind, r.found())
		}
	}
	return nil
}

// word reads letters, digits, dots, and signs where a number has them.
func (r *reader) word() string {
	start := r.at
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.':
		case c == '+' || c == '-':
			if !signs(r.text[start:r.at]) {
				return r.text[start:r.at]
			}
		default:
			return r.text[start:r.at]
		}
	}
	return r.text[start:]
}

// signs says whether a sign may follow: at the start of a number, and behind the e of its exponent.
func signs(before string) bool {
	if before == "" {
		return true
	}
	last := before[len(before)-1]
	return (last == 'e' || last == 'E') && strings.ContainsAny(before[:1], "+-.0123456789")
}

func (r *reader) skip() {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
}

// peek is the next character that isn't a space, and 0 at the end.
func (r *reader) peek() byte {
	if r.skip(); r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

// found says what stands at the present place.
func (r *reader) found() string {
	if r.at >= len(r.text) {
		return "the end"
	}
	for _, c := range r.text[r.at:] {
		return fmt.Sprintf("%q", c)
	}
	return ""
}

// fail keeps the first error.
func (r *reader) fail(at int, format string, args ...any) {
	if r.err == nil {
		r.err = &ParseError{Text: r.text, Offset: at, Problem: fmt.Sprintf(format, args...)}
	}
}

// prefix is a kind's name in front of a message.
func prefix(kind string) string {
	if kind == "" {
		return ""
	}
	return kind + ": "
}
