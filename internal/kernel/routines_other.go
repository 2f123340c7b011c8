//go:build !amd64

package kernel

var (
	routines32 = [...]routines[float32]{setGeneric: genericRoutines[float32]()}
	routines64 = [...]routines[float64]{setGeneric: genericRoutines[float64]()}
)
