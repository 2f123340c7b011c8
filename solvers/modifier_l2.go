package solvers

// L2 adds the gradient of λ/2 ‖w‖² to that of the loss, before the rule sees it, as weight_decay of torch.optim.SGD
// does:
//
//	g ← g + λ w
//
// Clipping comes first and doesn't see it. λ is in [0, Inf); Schedule knows it as "l2".
func L2(lambda float64, over ...Selection) Option { return newModifier("l2", coupled, lambda, over) }
