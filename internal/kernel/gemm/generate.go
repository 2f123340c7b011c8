package gemm

//go:generate go -C ../_asm run ./gemm -tables ../gemm/tables_amd64.go -out ../gemm/kernels_amd64.s -stubs ../gemm/stubs_amd64.go -pkg gemm
