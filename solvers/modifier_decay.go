package solvers

// Decay shrinks the weights apart from the rule, so that neither velocity nor scaling by past gradients acts on it:
//
//	w ← w − η λ w, and then the step of the rule
//
// λ is in [0, Inf); Schedule knows it as "decay". Loshchilov & Hutter 2019, "decoupled weight decay", as
// torch.optim.AdamW does it. For plain SGD it is the same as L2.
func Decay(lambda float64, over ...Selection) Option {
	return newModifier("decay", decoupled, lambda, over)
}
