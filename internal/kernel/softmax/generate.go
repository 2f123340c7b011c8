package softmax

//go:generate go -C ../_asm run ./elements -room softmax -tables ../softmax/tables_amd64.go -out ../softmax/kernels_amd64.s -stubs ../softmax/stubs_amd64.go -pkg softmax
