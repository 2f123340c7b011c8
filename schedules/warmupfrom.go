package schedules

// WarmupFrom rises in a straight line from a part of where s begins to all of it, over length n, and then runs s, whose
// time begins at the end of the warmup.
//
//	η(t) = s(0) · (start + (1−start) · t/n)    t < n
//	η(t) = s(t − n)                            after that
//
// Warmup is the one to take where there is no reason for a certain start. In iterations it is PyTorch's LinearLR in
// front of another schedule.
func WarmupFrom[L Length](start float64, n L, s Schedule) Schedule {
	return ramp{leadIn{lengthOf(n), s}, "warmupfrom", start, func(x, start float64) float64 { return mix(x, start, 1) }}
}
