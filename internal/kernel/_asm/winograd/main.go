// Command winograd generates the kernels of Winograd's convolutions F(4x4, 3x3), F(3x3, 3x3) and between: the
// transforms of input, output, filters and their gradients, and the register tiles that multiply what comes out of
// them, for AVX2+FMA and AVX-512 in float32.
package main

import (
	"flag"
	"fmt"
	"log"
	"strings"

	"github.com/fallline/fallline/internal/kernel/_asm/tables"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/reg"
)

// isa is a vector instruction set.
type isa struct {
	name  string // suffix of the functions, as in input4x4AVX512
	wide  bool   // AVX-512
	bytes int    // bytes of a vector
	rows  int    // most rows of a register tile
	regs  []VecPhysical
}

func (t isa) lanes() int { return t.bytes / 4 }

var isas = []isa{
	{"AVX512", true, 64, 14, []VecPhysical{
		Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15,
		Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23, Z24, Z25, Z26, Z27, Z28, Z29, Z30, Z31,
	}},
	{"AVX2", false, 32, 6, []VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}},
}

func main() {
	log.SetFlags(0)
	path := flag.String("tables", "", "Go `file` for the table of kernels")
	flag.Parse()
	ConstraintExpr("amd64,!purego")
	var list strings.Builder
	for _, t := range isas {
		for _, k := range kinds {
			t.spread("input", k, 2, t.inputTransform)
			t.spread("grad", k, 0, t.gradTransform)
			t.output("output", k, false)
			if t.wide {
				t.output("stream", k, true)
			}
		}
		t.filter()
		t.filterGrad()
		for nv := 1; nv <= 2; nv++ {
			for rows := 1; rows <= t.rows; rows++ {
				t.tile(rows, nv)
			}
		}
		t.entry(&list)
	}
	fence()
	if *path != "" {
		if err := tables.Write(*path, "winograd", "winograd", list.String(), "direct"); err != nil {
			log.Fatal(err)
		}
	}
	Generate()
}

// entry writes the kernels of t as the room's table has them.
func (t isa) entry(b *strings.Builder) {
	fmt.Fprintf(b, "table.F32[kernel.%s] = &kernels{\nfast: true, lanes: %d, rows: %d,\n", t.name, t.lanes(), t.rows)
	transforms := [][2]string{{"input", "spread"}, {"grad", "spread"}, {"output", "output"}}
	if t.wide {
		transforms = append(transforms, [2]string{"stream", "output"})
		b.WriteString("fence: fenceAVX512,\n")
	}
	for _, f := range transforms {
		fmt.Fprintf(b, "%s: [kindCount]%s{", f[0], f[1])
		for _, k := range kinds {
			fmt.Fprintf(b, "%s%v%s, ", f[0], k, t.name)
		}
		b.WriteString("},\n")
	}
	fmt.Fprintf(b, "filter: filter%s,\nfilterGrad: filterGrad%s,\ntranspose: direct.Transposer(kernel.%s),\n", t.name, t.name, t.name)
	fmt.Fprintf(b, "tile: [2][]tile{\n%s},\n}\n", tables.Tiles("tile"+t.name, t.rows, 2))
}
