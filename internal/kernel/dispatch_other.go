//go:build !amd64

package kernel

func detect() set { return setGeneric }
