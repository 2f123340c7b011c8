package schedules

// WarmupFrom rises in a straight line from a share of where s begins to all of it, over length n, and then runs s, whose time begins at
// the end of the warmup.
//
//	η(t) = s(0) · (share + (1−share) · t/n)    t < n
//	η(t) = s(t − n)                            after that
//
// Warmup is the one to take where there is no reason for a certain share. In iterations it is PyTorch's LinearLR in front of another
// schedule.
func WarmupFrom[L Length](share float64, n L, s Schedule) Schedule {
	return shared{leadIn{lengthOf(n), s}, "warmupfrom", share, func(x, share float64) float64 { return mix(x, share, 1) }}
}
