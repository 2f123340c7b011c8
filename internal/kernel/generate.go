package kernel

//go:generate go -C _asm run ./gemm -out ../gemm_amd64.s -stubs ../gemm_stubs_amd64.go -tables ../gemm_tables_amd64.go -pkg kernel
//go:generate go -C _asm run ./conv -out ../conv_amd64.s -stubs ../conv_stubs_amd64.go -pkg kernel
//go:generate go -C _asm run ./pointwise -out ../pointwise_amd64.s -stubs ../pointwise_stubs_amd64.go -pkg kernel
//go:generate go -C _asm run ./winograd -out ../winograd_amd64.s -stubs ../winograd_stubs_amd64.go -pkg kernel
