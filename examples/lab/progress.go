package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"golang.org/x/term"
)

// progress shows how an experiment goes: in a line that changes on a terminal, and else only when it has ended.
type progress struct {
	out      io.Writer
	name     string
	terminal bool
	last     time.Time
}

func newProgress(out io.Writer, name string) *progress {
	p := &progress{out: out, name: name}
	if f, ok := out.(*os.File); ok {
		p.terminal = term.IsTerminal(int(f.Fd()))
	}
	return p
}

// note shows what is under way, at most ten times a second.
func (p *progress) note(at string) {
	if !p.terminal || time.Since(p.last) < time.Second/10 {
		return
	}
	p.last = time.Now()
	fmt.Fprint(p.out, "\r\x1b[K"+cut(p.name+": "+at, p.columns()))
}

// columns is how many characters fit on a line of the terminal, whose last column stays free; many where it doesn't
// tell.
func (p *progress) columns() int {
	if f, ok := p.out.(*os.File); ok {
		if cols, _, err := term.GetSize(int(f.Fd())); err == nil && cols > 1 {
			return cols - 1
		}
	}
	return math.MaxInt
}

// cut shortens a text that is longer than a line: a second line would stay when the first is cleared.
func cut(text string, columns int) string {
	if r := []rune(text); len(r) > columns {
		return string(r[:columns])
	}
	return text
}

// end ends the line.
func (p *progress) end(text string) {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
	fmt.Fprintf(p.out, "%s: %s\n", p.name, text)
}
