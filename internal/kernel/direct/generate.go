package direct

//go:generate go -C ../_asm run ./direct -tables ../direct/tables_amd64.go -out ../direct/kernels_amd64.s -stubs ../direct/stubs_amd64.go -pkg direct
