// Command direct generates the kernels under direct convolutions: register tiles that add products along a list of
// runs, transposition, and gathering of runs. They exist for AVX2+FMA and AVX-512 in float32 and float64.
package main

import (
	"flag"
	"fmt"
	"log"
	"strings"

	"github.com/fallline/fallline/internal/kernel/_asm/tables"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// isa is a vector instruction set together with an element type.
type isa struct {
	set   string // of package kernel
	name  string // suffix of the functions, as in tileAVX512F32M1N1
	wide  bool   // AVX-512
	elem  int    // bytes of an element
	bytes int    // bytes of a vector
	rows  int    // most rows of a register tile
	regs  []VecPhysical
}

func (t isa) lanes() int { return t.bytes / t.elem }

var (
	zs = []VecPhysical{
		Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15,
		Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23, Z24, Z25, Z26, Z27, Z28, Z29, Z30, Z31,
	}
	ys = []VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}
)

var isas = []isa{
	{set: "AVX512", name: "AVX512F32", wide: true, elem: 4, bytes: 64, rows: 14, regs: zs},
	{set: "AVX512", name: "AVX512F64", wide: true, elem: 8, bytes: 64, rows: 14, regs: zs},
	{set: "AVX2", name: "AVX2F32", elem: 4, bytes: 32, rows: 6, regs: ys},
	{set: "AVX2", name: "AVX2F64", elem: 8, bytes: 32, rows: 6, regs: ys},
}

func main() {
	log.SetFlags(0)
	path := flag.String("tables", "", "Go `file` for the table of kernels")
	flag.Parse()
	ConstraintExpr("amd64,!purego")
	var list strings.Builder
	for _, t := range isas {
		for nv := 1; nv <= 2; nv++ {
			for rows := 1; rows <= t.rows; rows++ {
				t.tile(rows, nv)
			}
		}
		t.transpose()
		t.gather()
		t.poolMax()
		t.joinCells()
		t.entry(&list)
	}
	if *path != "" {
		if err := tables.Write(*path, "direct", "direct", list.String()); err != nil {
			log.Fatal(err)
		}
	}
	Generate()
}

// entry writes the kernels of t as the room's table has them.
func (t isa) entry(b *strings.Builder) {
	fmt.Fprintf(b, "table.F%d[kernel.%s] = &kernels{\nelem: %d, lanes: %d, rows: %d,\n", 8*t.elem, t.set, t.elem, t.lanes(), t.rows)
	fmt.Fprintf(b, "tile: [2][]tileFunc{\n%s},\n", tables.Tiles("tile"+t.name, t.rows, 2))
	for _, name := range []string{"transpose", "gather", "poolMax", "joinCells"} {
		fmt.Fprintf(b, "%s: %s%s,\n", name, name, t.name)
	}
	b.WriteString("}\n")
}

func (t isa) mov(a, b Op) {
	if t.elem == 4 {
		VMOVUPS(a, b)
	} else {
		VMOVUPD(a, b)
	}
}

func (t isa) broadcast(m, r Op) {
	if t.elem == 4 {
		VBROADCASTSS(m, r)
	} else {
		VBROADCASTSD(m, r)
	}
}

func (t isa) fma(a, b, c Op) {
	if t.elem == 4 {
		VFMADD231PS(a, b, c)
	} else {
		VFMADD231PD(a, b, c)
	}
}

func (t isa) sum(a, b, c Op) {
	if t.elem == 4 {
		VADDPS(a, b, c)
	} else {
		VADDPD(a, b, c)
	}
}

func (t isa) max(a, b, c Op) {
	if t.elem == 4 {
		VMAXPS(a, b, c)
	} else {
		VMAXPD(a, b, c)
	}
}

func (t isa) zero(r Op) {
	if t.wide {
		VPXORQ(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
}
