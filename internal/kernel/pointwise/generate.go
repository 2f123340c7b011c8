package pointwise

//go:generate go -C ../_asm run ./elements -room pointwise -tables ../pointwise/tables_amd64.go -out ../pointwise/kernels_amd64.s -stubs ../pointwise/stubs_amd64.go -pkg pointwise
