package norm

//go:generate go -C ../_asm run ./elements -room norm -tables ../norm/tables_amd64.go -out ../norm/kernels_amd64.s -stubs ../norm/stubs_amd64.go -pkg norm
