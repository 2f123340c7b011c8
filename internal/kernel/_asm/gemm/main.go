// Command gemm generates the kernels of matrix products: micro-kernels on packed or plain operands, dot-product
// kernels for few columns, and the packing of panels, each for AVX2+FMA and AVX-512, float32 and float64.
package main

import (
	"flag"
	"go/token"
	"go/types"
	"log"
	"os"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	log.SetFlags(0)
	set := flag.NewFlagSet("gemm", flag.ExitOnError)
	tables := set.String("tables", "", "Go `file` for the tables of kernels")
	flags := build.NewFlags(set)
	if err := set.Parse(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
	ctx := build.NewContext()
	ctx.ConstraintExpr("amd64,!purego")
	var all []kernels
	for _, m := range machines {
		for _, bytes := range []int{4, 8} {
			g := newGenerator(ctx, m, bytes)
			all = append(all, g.generate())
		}
	}
	if *tables != "" {
		if err := writeTables(*tables, all); err != nil {
			log.Fatal(err)
		}
	}
	os.Exit(build.Main(flags.Config(), ctx))
}

// kernels is what one machine and element type got.
type kernels struct {
	machine machine
	bits    int
	tiles   map[[2]int]string // by rows and vectors of columns
	dots    map[[2]int]string // by rows and columns
}

// generate generates all kernels of one machine and element type.
func (g *generator) generate() kernels {
	s := kernels{machine: g.machine, bits: 8 * g.esz, tiles: map[[2]int]string{}, dots: map[[2]int]string{}}
	for rows := 1; rows <= g.maxRows; rows++ {
		for _, vecs := range g.widths(rows) {
			s.tiles[[2]int{rows, vecs}] = g.tile(rows, vecs)
		}
	}
	for rows := 1; rows <= g.dotRows; rows++ {
		for cols := 1; cols <= dotCols; cols++ {
			s.dots[[2]int{rows, cols}] = g.dot(rows, cols)
		}
	}
	g.peak()
	g.packCols()
	g.packRows(false)
	g.packRows(true)
	return s
}

// tileType is the argument of micro-kernels; its twin is the type tile of package gemm.
var tileType = func() *types.Named {
	word, pointer := types.Typ[types.Int], types.Typ[types.UnsafePointer]
	var fields []*types.Var
	for _, f := range []struct {
		name string
		typ  types.Type
	}{
		{"a", pointer}, {"b", pointer}, {"c", pointer}, {"bias", pointer},
		{"aStep", word}, {"bStep", word}, {"cStep", word},
		{"k", word}, {"rows", word}, {"last", word}, {"flags", word},
		{"alpha", types.Typ[types.Uint64]}, {"beta", types.Typ[types.Uint64]},
	} {
		fields = append(fields, types.NewField(token.NoPos, nil, f.name, f.typ, false))
	}
	name := types.NewTypeName(token.NoPos, nil, "tile", nil)
	return types.NewNamed(name, types.NewStruct(fields, nil), nil)
}()

// begin starts a function of a *tile and returns a loader of its fields. It keeps the pointer in DI.
func (g *generator) begin(name, doc string) {
	g.Function(name)
	g.Attributes(attr.NOSPLIT)
	arg := types.NewParam(token.NoPos, nil, "t", types.NewPointer(tileType))
	g.Signature(gotypes.NewSignature(nil, types.NewSignatureType(nil, nil, nil, types.NewTuple(arg), nil, false)))
	g.Pragma("noescape")
	g.Doc(doc)
	g.Load(g.Param("t"), reg.RDI)
}

// field loads a field of the tile.
func (g *generator) field(name string, r reg.Register) {
	g.MOVQ(g.address(name), r)
}

// address is the memory operand of a field of the tile.
func (g *generator) address(name string) operand.Mem {
	b, err := g.Param("t").Dereference(reg.RDI).Field(name).Resolve()
	if err != nil {
		log.Fatal(err)
	}
	return b.Addr
}
