package step

//go:generate go -C ../_asm run ./elements -room step -tables ../step/tables_amd64.go -out ../step/kernels_amd64.s -stubs ../step/stubs_amd64.go -pkg step
