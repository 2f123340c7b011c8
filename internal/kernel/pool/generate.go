package pool

//go:generate go -C ../_asm run ./elements -room pool -tables ../pool/tables_amd64.go -out ../pool/kernels_amd64.s -stubs ../pool/stubs_amd64.go -pkg pool
