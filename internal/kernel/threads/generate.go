package threads

//go:generate go -C ../_asm run ./threads -out ../threads/pause_amd64.s -stubs ../threads/pause_stubs_amd64.go -pkg threads
