//go:build !amd64 || purego

package kernel

func detect() Set { return Generic }
