//go:build !amd64 || purego

package threads

// pause would tell the processor that the thread polls.
func pause() {}
