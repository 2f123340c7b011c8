package winograd

//go:generate go -C ../_asm run ./winograd -tables ../winograd/tables_amd64.go -out ../winograd/kernels_amd64.s -stubs ../winograd/stubs_amd64.go -pkg winograd
