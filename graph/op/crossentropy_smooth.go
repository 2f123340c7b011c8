package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// SmoothedCrossEntropy is SoftmaxCrossEntropy against a target that gives the label 1 − smoothing of its probability
// and spreads the rest evenly over all classes, the label among them, as PyTorch's label_smoothing does. smoothing is
// in [0, 1]; with 0 the two are the same.
//
//	loss = −1/N·Σ_r Σ_j t_rj·log softmax(x_r)_j    t_rj = (1 − smoothing)·[j = label_r] + smoothing/classes
//
//	dx_rj = dloss·(softmax(x_r)_j − t_rj)/N
//
// Szegedy et al. 2016, section 7.
func SmoothedCrossEntropy(logits, labels *gorgonia.Node, smoothing float64) (*gorgonia.Node, error) {
	if !(smoothing >= 0 && smoothing <= 1) {
		return nil, errors.Errorf("op: softmax cross-entropy: smoothing %v outside [0, 1]", smoothing)
	}
	return labelLoss(logits, labels, smoothing)
}

// smooth turns the cross-entropy against the labels, the sum of all rows, and its gradient into those against the
// smoothed target. It returns what to add to the loss:
//
//	Σ_r smoothing·(x_r,label − mean x_r)        dx_rj += smoothing·([j = label_r] − 1/classes)/rows
//
// A nil d is not wanted.
func smooth[T kernel.Float](smoothing float64, classes int, x []T, labels []int, d []T) (more float64) {
	rest := T(smoothing / float64(classes*len(labels)))
	whole := T(smoothing / float64(len(labels)))
	for r, label := range labels {
		row := x[r*classes : (r+1)*classes]
		at, sum := float64(row[label]), 0.0
		for _, v := range row {
			sum += at - float64(v)
		}
		more += sum / float64(classes)
		if d == nil {
			continue
		}
		row = d[r*classes : (r+1)*classes]
		for j := range row {
			row[j] -= rest
		}
		row[label] += whole
	}
	return smoothing * more
}
