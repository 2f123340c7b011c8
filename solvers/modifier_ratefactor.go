package solvers

// RateFactor multiplies the learning rate of some parameters. The factor is in [0, Inf), 0 leaves the weights as they
// are; Schedule knows it as "rate factor".
func RateFactor(x float64, over ...Selection) Option {
	return newModifier("rate factor", factor, x, over)
}
