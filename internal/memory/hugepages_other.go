//go:build !linux

package memory

// HugePages does nothing on this system.
func HugePages([]byte) {}
