package solvers

// L2 adds the gradient of λ/2 ‖w‖² to that of the loss, before the rule sees it, as weight_decay of torch.optim.SGD does:
//
//	g ← g + λ w
//
// Clipping comes first and doesn't see it. λ is in [0, Inf); Schedule knows it as "l2".
func L2(lambda float64, over ...Selection) Option { return newModifier("l2", coupled, lambda, over) }

// Decay shrinks the weights apart from the rule, so that neither velocity nor scaling by past gradients acts on it:
//
//	w ← w − η λ w, and then the step of the rule
//
// λ is in [0, Inf); Schedule knows it as "decay". Loshchilov & Hutter 2019, "decoupled weight decay", as torch.optim.AdamW
// does it. For plain SGD it is the same as L2.
func Decay(lambda float64, over ...Selection) Option {
	return newModifier("decay", decoupled, lambda, over)
}

// RateFactor multiplies the learning rate of some parameters. The factor is in [0, Inf), 0 leaves the weights as they are;
// Schedule knows it as "rate factor".
func RateFactor(x float64, over ...Selection) Option {
	return newModifier("rate factor", factor, x, over)
}
