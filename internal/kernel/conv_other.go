//go:build !amd64

package kernel

// convFor returns nil: there is no assembly for this architecture.
func convFor[T Float]() *convKernels { return nil }
