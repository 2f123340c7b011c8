package main

import (
	"fmt"
	"strings"

	writer "github.com/fallline/fallline/internal/kernel/_asm/tables"
)

// writeTables writes the Go file that lists the kernels of each set.
func writeTables(path string, all []kernels) error {
	var b strings.Builder
	for _, s := range all {
		s.write(&b)
	}
	return writer.Write(path, "gemm", "gemm", b.String())
}

// write writes the kernels as the room's table has them.
func (s kernels) write(b *strings.Builder) {
	m, lanes := s.machine, 8*s.machine.vector/s.bits
	fmt.Fprintf(b, "table.F%d[kernel.%s] = &kernels[float%d]{\n", s.bits, m.name, s.bits)
	fmt.Fprintf(b, "rows: %d, cols: %d, lanes: %d, aStep: %d, masked: %t,\n", m.maxRows, 2*lanes, lanes, m.aStep, m.masks)
	fmt.Fprintf(b, "dotRows: %d, dotRowsMost: %d, dotColsMost: %d,\ntiles: tileTable{\n", m.dotRows, m.dotRowsMost, m.dotColsMost)
	list(b, m.maxRows, m.widths, s.tiles)
	b.WriteString("},\ndots: tileTable{\n")
	list(b, m.dotRows, func(int) []int { return []int{1, 2, 3, 4} }, s.dots)
	b.WriteString("},\n")
	for _, name := range []string{"packCols", "packRows", "turnRows"} {
		fmt.Fprintf(b, "%s: %s%sF%d,\n", name, name, m.name, s.bits)
	}
	b.WriteString("}\n")
}

// list writes a tileTable.
func list(b *strings.Builder, rows int, widths func(int) []int, names map[[2]int]string) {
	for r := 1; r <= rows; r++ {
		fmt.Fprintf(b, "%d: {", r)
		for _, w := range widths(r) {
			fmt.Fprintf(b, "%d: %s, ", w, names[[2]int{r, w}])
		}
		b.WriteString("},\n")
	}
}
