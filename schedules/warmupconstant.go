package schedules

// WarmupConstant holds a part of where s begins for length n, and then runs s, whose time begins at the end of the
// warmup.
//
//	η(t) = s(0) · start    t < n
//	η(t) = s(t − n)        after that
//
// In iterations it is PyTorch's ConstantLR in front of another schedule. He et al. 2016, section 4.2, train their
// deepest network so; Goyal et al. 2017, section 2.2, call it constant warmup.
func WarmupConstant[L Length](start float64, n L, s Schedule) Schedule {
	return ramp{leadIn{lengthOf(n), s}, "warmupconstant", start, func(_, start float64) float64 { return start }}
}
