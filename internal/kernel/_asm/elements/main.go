// Command elements writes the assembly of the rooms whose kernels go along slices element by element or channel by
// channel, for AVX2+FMA and AVX-512 and for float32 and float64, and the table of what there is for each:
//
//	go run ./elements -room pointwise -tables ../pointwise/tables_amd64.go \
//		-out ../pointwise/kernels_amd64.s -stubs ../pointwise/stubs_amd64.go -pkg pointwise
package main

import (
	"flag"
	"log"

	. "github.com/mmcloughlin/avo/build"
)

// rooms are what each package gets.
var rooms = map[string][]func(e *emit){
	"pointwise": {(*emit).maps, (*emit).activations, (*emit).gelus, (*emit).reductions, (*emit).topBits, (*emit).dropout},
	"norm":      {(*emit).matrices, (*emit).columns},
	"pool":      {(*emit).pools},
	"softmax":   {(*emit).softmax},
	"step":      {(*emit).steps, (*emit).adaptiveSteps},
}

func main() {
	log.SetFlags(0)
	room := flag.String("room", "", "`package` to write kernels for")
	path := flag.String("tables", "", "Go `file` for the table of kernels")
	flag.Parse()
	ConstraintExpr("amd64,!purego")
	var all tables
	for _, avx512 := range []bool{false, true} {
		for _, size := range []int{4, 8} {
			e := &emit{avx512: avx512, size: size, tables: &all}
			for _, f := range rooms[*room] {
				f(e)
			}
		}
	}
	if *room == "pointwise" {
		sse()
	}
	if *path != "" {
		if err := all.write(*path, *room); err != nil {
			log.Fatal(err)
		}
	}
	Generate()
}
