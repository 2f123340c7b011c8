package main

import (
	"fmt"
	"strings"

	writer "github.com/fallline/fallline/internal/kernel/_asm/tables"
)

// tables lists the functions that were written.
type tables struct{ entries []entry }

// entry is a function for a set and a type: the field of the room's routines that it is for, and its name.
type entry struct {
	set, field, name string
	size             int // bytes of an element
}

func (t *tables) add(e *emit, field string) {
	t.entries = append(t.entries, entry{e.set(), field, field + e.suffix(), e.size})
}

// write writes the Go file that puts the functions into the room's table.
func (t *tables) write(path, room string) error {
	var b strings.Builder
	declared := map[int]bool{}
	for i, e := range t.entries {
		if i == 0 || e.set != t.entries[i-1].set || e.size != t.entries[i-1].size {
			if i > 0 {
				b.WriteString("\n")
			}
			op := ":="
			if declared[e.size] {
				op = "="
			}
			declared[e.size] = true
			fmt.Fprintf(&b, "f%d %s &table.F%d[kernel.%s]\n", 8*e.size, op, 8*e.size, e.set)
		}
		fmt.Fprintf(&b, "f%d.%s = %s\n", 8*e.size, e.field, e.name)
	}
	return writer.Write(path, "elements", room, b.String())
}
