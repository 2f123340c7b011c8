package conv

//go:generate go -C ../_asm run ./conv -out ../conv/kernels_amd64.s -stubs ../conv/stubs_amd64.go -pkg conv
//go:generate go -C ../_asm run ./winograd -out ../conv/winograd_amd64.s -stubs ../conv/winograd_stubs_amd64.go -pkg conv
