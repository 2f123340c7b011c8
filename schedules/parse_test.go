package schedules

import (
	"strings"
	"testing"

	"github.com/pkg/errors"
)

// TestForms holds that every kind that Parse knows has a row in the table of laws.
func TestForms(t *testing.T) {
	for _, form := range Forms() {
		name, _, _ := strings.Cut(form, "(")
		found := false
		for _, r := range table {
			found = found || strings.HasPrefix(r.text, name+"(")
		}
		if !found {
			t.Errorf("%s has no row", form)
		}
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		"0.1":                                "constant(0.1)",
		" -1e-3\n":                           "constant(-0.001)",
		"+5":                                 "constant(5)",
		".5":                                 "constant(0.5)",
		"cosine( .1 , 0,1e4 )":               "cosine(0.1,0,10000)",
		"warmup(500)+cosine(0.1,0,30ep)":     "warmup(500)+cosine(0.1,0,30ep)",
		"warmup(5) + 0.1":                    "warmup(5)+constant(0.1)",
		"warmup(5)++.1":                      "warmup(5)+constant(0.1)",
		"then(1,2ep,warmup(1)+warmup(2)+-3)": "then(constant(1),2ep,warmup(1)+warmup(2)+constant(-3))",
		"step(1e+2,1e-1,9007199254740993)":   "step(100,0.1,9007199254740993)",
		"constant(1e5)":                      "constant(100000)",
		"cosinerestarts(1,0,5)":              "cosinerestarts(1,0,5,1,1)",
		"cosinerestarts(1,0,5,2)":            "cosinerestarts(1,0,5,2,1)",
		"plateau(0.1,0.1,10)":                "plateau(constant(0.1),0.1,10,0,0,0)",
		"plateauhigh(.1,.5,2,.1,3,0.01)":     "plateauhigh(constant(0.1),0.5,2,0.1,3,0.01)",
		"trapezoid(0,1,0,2ep,0,6ep)":         "trapezoid(0,1,0,2ep,0ep,6ep)",
		"trapezoid(0,1,0,0,0,6ep)":           "trapezoid(0,1,0,0ep,0ep,6ep)",
		"linear(1,2,1.5e1ep)":                "linear(1,2,15ep)",
	} {
		s, err := Parse(in)
		if err != nil {
			t.Errorf("Parse(%q): %v", in, err)
		} else if s.String() != want {
			t.Errorf("Parse(%q) = %v, want %s", in, s, want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		offset int
		want   string
	}{
		{"", 0, "want a schedule or a number, not the end"},
		{"  ", 2, "want a schedule or a number, not the end"},
		{"x", 0, `want a schedule, not "x"`},
		{"1x", 0, `want a schedule, not "1x"`},
		{"nan", 0, `want a schedule, not "nan"`},
		{"1e999", 0, "the schedule 1e999 is out of range"},
		{"cosine", 0, "cosine has no arguments: cosine(START,END,LENGTH)"},
		{"(1)", 0, "want a schedule or a number, not '('"},
		{"\u03b7", 0, "want a schedule or a number, not '\u03b7'"},
		{"constant(1,2)", 11, "constant: one argument too many: constant(VALUE)"},
		{"constant()", 9, "constant: the value is missing: constant(VALUE)"},
		{"constant(", 9, "constant: want a schedule or a number, not the end"},
		{"constant(1", 10, "constant: want a comma or a closing bracket, not the end"},
		{"constant(1;", 10, "constant: want a comma or a closing bracket, not ';'"},
		{"constant(1))", 11, "')' after the end of the schedule"},
		{"0.1 0.2", 4, "'0' after the end of the schedule"},
		{"0.1+0.2", 3, "only a warmup stands in front of a +"},
		{"scale(2,cosine(1,0,5)+1)", 21, "only a warmup stands in front of a +"},
		{"constant(inf)", 9, `constant: want a number for the value, not "inf"`},
		{"constant(0x1p4)", 9, `constant: want a number for the value, not "0x1p4"`},
		{"constant(1_0)", 10, "constant: want a comma or a closing bracket, not '_'"},
		{"constant(1e999)", 9, "constant: the value 1e999 is out of range"},
		{"constant(scale(1,1))", 9, `constant: want a number for the value, not "scale"`},
		{"cosine(0.1,0,30s)", 13, `cosine: want a length such as 500 or 30ep for the length, not "30s"`},
		{"cosine(0.1,0,30.5)", 13, `cosine: want a length such as 500 or 30ep for the length, not "30.5"`},
		{"cosine(0.1,0,ep)", 13, `cosine: want a length such as 500 or 30ep for the length, not "ep"`},
		{"cosine(0.1,0,99999999999999999999)", 13, `cosine: want a length such as 500 or 30ep for the length, not "99999999999999999999"`},
		{"cosine(0.1,0)", 12, "cosine: the length is missing: cosine(START,END,LENGTH)"},
		{"cosine(0.1,0,0)", 0, "cosine: length of 0 iterations, want at least 1"},
		{"warmup(500)+cosine(0.1,x,30ep)", 23, `cosine: want a number for the end, not "x"`},
		{"warmup(500)+cosine(0.1,0,-3ep)", 12, "cosine: length of -3 epochs, want above 0"},
		{"warmup(500)", 11, "warmup: want + and a schedule behind it: warmup(LENGTH)+SCHEDULE"},
		{"warmup(500)cosine(1,0,3)", 11, "warmup: want + and a schedule behind it: warmup(LENGTH)+SCHEDULE"},
		{"warmup(500)+", 12, "warmup: want a schedule or a number, not the end"},
		{"warmup(500)+y", 12, `warmup: want a schedule, not "y"`},
		{"then(1,5,z)", 9, `then: want a second schedule, not "z"`},
		{"then(1,5,milestones(1,2,3,3))", 9, "milestones: 3 after 3, want rising times"},
		{"plateau(0.1,0.1,1.5)", 16, `plateau: want a whole number for the patience, not "1.5"`},
		{"scale(1," + strings.Repeat("scale(1,", 200), 806, "nested more than 100 deep"},
	} {
		s, err := Parse(c.text)
		var at *ParseError
		if !errors.As(err, &at) || s != nil {
			t.Errorf("Parse(%q) = %v, %v", c.text, s, err)
			continue
		}
		if at.Problem != c.want || at.Offset != c.offset || at.Text != c.text {
			t.Errorf("Parse(%q): %q at %d, want %q at %d", c.text, at.Problem, at.Offset, c.want, c.offset)
		}
	}
	_, err := Parse("cosin(1,0,5)")
	if err == nil || !strings.HasPrefix(err.Error(), `schedules: unknown schedule "cosin", want clamp, constant, cosine, `) {
		t.Errorf("unknown kind: %v", err)
	}
}

func TestParseErrorMark(t *testing.T) {
	for text, want := range map[string]string{
		"warmup(500)+cosine(0.1,x,30ep)": "schedules: cosine: want a number for the end, not \"x\", at offset 23\n" +
			"\twarmup(500)+cosine(0.1,x,30ep)\n\t                       ^",
		"step(1,\n\t5,": "schedules: step: want a schedule or a number, not the end, at offset 11\n\tstep(1,  5,\n\t           ^",
		"step(1,\xff":   "schedules: step: want a schedule or a number, not '\ufffd', at offset 7\n\tstep(1,\ufffd\n\t       ^",
		"1" + strings.Repeat(" ", 100) + "x" + strings.Repeat("y", 100): "schedules: 'x' after the end of the schedule, at offset 101\n\t..." +
			strings.Repeat(" ", 60) + "x" + strings.Repeat("y", 59) + "...\n\t" + strings.Repeat(" ", 63) + "^",
	} {
		if _, err := Parse(text); err == nil || err.Error() != want {
			t.Errorf("Parse(%q):\n%v\nwant\n%s", text, err, want)
		}
	}
}

func TestParseSpan(t *testing.T) {
	for in, want := range map[string]string{
		"500":   "500",
		"1e6":   "1000000",
		"30ep":  "30ep",
		"0.5ep": "0.5ep",
		"0":     "schedules: span: length of 0 iterations, want at least 1",
		"-1ep":  "schedules: span: length of -1 epochs, want above 0",
		"5m":    `schedules: length "5m", want iterations such as 500 or epochs such as 30ep`,
		"":      `schedules: length "", want iterations such as 500 or epochs such as 30ep`,
	} {
		n, err := ParseSpan(in)
		if got := n.String(); err == nil && got != want || err != nil && err.Error() != want {
			t.Errorf("ParseSpan(%q) = %v, %v, want %s", in, n, err, want)
		}
	}
}

// TestParserKinds holds that kinds of one's own stand beside the built-in ones, and that what they get wrong is an
// error.
func TestParserKinds(t *testing.T) {
	p := Parser{Kinds: map[string]Kind{
		"own":  {"own()", func(*Args) Schedule { return own{} }},
		"none": {"none()", func(*Args) Schedule { return nil }},
	}}
	s, err := p.Parse("warmup(10)+own()")
	if err != nil || s.At(Time{Step: 13}) != 0.25 {
		t.Errorf("own kind: %v, %v", s, err)
	}
	if _, err := p.Parse("scale(2,none())"); err == nil || !strings.HasPrefix(err.Error(), "schedules: no schedule (nil), at offset 8\n") {
		t.Errorf("a kind without a schedule: %v", err)
	}
	if got, want := len(p.Forms()), len(Forms())+2; got != want {
		t.Errorf("%d forms, want %d", got, want)
	}
}

// FuzzParse holds that no text makes Parse or what it returns panic, that errors lie within the text, and that what is
// read is printed so that it is read again.
func FuzzParse(f *testing.F) {
	for _, r := range table {
		f.Add(r.text)
	}
	for _, text := range []string{"", "0.1", "warmup(500)+cosine(0.1,0,30ep", "cosinerestarts(1,0,1e-300ep,1.0000001,1)", "scale(1e308,1e308)", "\xff(", "a(b(c(,)+"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			var at *ParseError
			if !errors.As(err, &at) || at.Offset < 0 || at.Offset > len(text) || s != nil {
				t.Fatalf("Parse(%q) = %v, %#v", text, s, err)
			}
			return
		}
		again, err := Parse(s.String())
		if err != nil || again.String() != s.String() {
			t.Fatalf("Parse(%q) prints %q, which is read as %v, %v", text, s, again, err)
		}
		for _, at := range []Time{{}, {Step: 7, Seen: 900, N: 1000}, {Step: 1 << 62, Seen: 1<<63 - 1, N: 1}, {Step: 1<<63 - 1, Seen: 1<<63 - 1, N: 1<<63 - 1}} {
			if a, b := s.At(at), again.At(at); a != b && (a == a || b == b) {
				t.Errorf("%q at %+v: %v, read again %v", s, at, a, b)
			}
		}
		RobbinsMonro(s)
	})
}
