// Package instruments measures trainings: how noisy its gradients are (NoiseMeter, and NoiseTracker for what
// micro-batches tell), how sharp the loss is (Curvature), and how far each layer moves (NormMeter). Measuring changes
// nothing in a training, but for what had been read ahead. Which rates one can take is found by training: that is
// train.RangeTest.
//
// NoiseMeter and Curvature measure any solvers.Objective, as hooks of train.OnIteration are told it, and NormMeter any
// solvers.Run.
package instruments
