package main

import (
	"fmt"
	"io"
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
	fmt.Fprintf(p.out, "\r\x1b[K%s: %s", p.name, at)
}

// end ends the line.
func (p *progress) end(text string) {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
	fmt.Fprintf(p.out, "%s: %s\n", p.name, text)
}
