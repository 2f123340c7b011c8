package kernel

// init lets the generic set add up two numbers at a time: SSE2, which every amd64 has, keeps the definition's running sums in pairs.
func init() {
	routines32[setGeneric].dot = func(x, y []float32) float64 {
		var s [sumLanes]float64
		dotSSE2F32(x, y, &s)
		return fold(s[:])
	}
	routines64[setGeneric].dot = func(x, y []float64) float64 {
		var s [sumLanes]float64
		dotSSE2F64(x, y, &s)
		return fold(s[:])
	}
	routines32[setGeneric].sum = func(x []float32) float64 {
		var s [sumLanes]float64
		sumSSE2F32(x, &s)
		return fold(s[:])
	}
	routines64[setGeneric].sum = func(x []float64) float64 {
		var s [sumLanes]float64
		sumSSE2F64(x, &s)
		return fold(s[:])
	}
}
