//go:build !amd64

package kernel

// pause would tell the processor that the thread polls.
func pause() {}
