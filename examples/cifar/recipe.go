package main

import (
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/examples/internal/training"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/nn/models"
)

// recipe is a network and the settings that train it well, from which flags depart. Rates are those of batches of the
// recipe's size; other sizes scale them in proportion.
type recipe struct {
	name      string
	net       func(classes int, images []float32) nn.Layer // images are some of those that the network is trained on
	smoothing float64                                      // of the labels

	plan  training.Plan
	first float64 // the rate at the start, as a share of the highest
	rise  float64 // share of the training in which it rises
	last  float64 // the rate at the end of a linear schedule, as a share of the highest
	decay float64 // L2 on the weights

	// shiftFactor multiplies the rate of batch norm's shifts, whose L2 it divides. 0 leaves that rate as it is and
	// keeps L2 from all biases.
	shiftFactor float64
	// whitenEpochs is how long a whitening layer's bias learns.
	whitenEpochs float64
	lookahead    lookahead

	moves  []datasets.Transform // of the training images
	cutout int                  // side of the square that is cut out of them
	views  []nn.View            // of the images in the final test
}

// lookahead is the setting of solvers.Lookahead: every so many steps, with a share that falls from 1 to 1 − keep at the
// end.
type lookahead struct {
	every int // 0: none
	keep  float64
}

var recipes = []recipe{
	// Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", in its own settings but for the epochs, of which
	// it has 9.9. His rates are for sums of losses over a batch and are here those for means.
	{
		name: "fast", net: fast, smoothing: 0.2,
		plan:  training.Plan{Solver: "nag", Momentum: 0.85, Schedule: "linear", Rate: 1.5, Batch: 1024, Epochs: 16},
		first: 0.2, rise: 0.23, last: 0.07, decay: 0.0153 / 11.5,
		shiftFactor: 64, whitenEpochs: 3, lookahead: lookahead{every: 5, keep: 0.7738}, // 0.95⁵
		moves: []datasets.Transform{datasets.Translate(2), datasets.AlternatingFlip()},
		views: shiftedViews,
	},
	// The network of Page 2018, "How to train your ResNet", trained as the fast one: its batches have half the images,
	// and half the rate or less.
	{
		name: "resnet9", net: resnet9, smoothing: 0.2,
		plan:  training.Plan{Solver: "nag", Momentum: 0.85, Schedule: "linear", Rate: 0.6, Batch: 512, Epochs: 16},
		first: 0.2, rise: 0.23, last: 0.07, decay: 0.0153 / 11.5,
		shiftFactor: 64, lookahead: lookahead{every: 5, keep: 0.7738},
		moves: []datasets.Transform{datasets.Translate(4), datasets.AlternatingFlip()},
		views: shiftedViews,
	},
	// He et al. 2016, "Deep Residual Learning for Image Recognition", section 4.2, with a shorter course of the rate.
	{
		name: "resnet20", net: func(classes int, _ []float32) nn.Layer { return models.ResNet20(classes) },
		plan:  training.Plan{Solver: "nag", Momentum: 0.9, Schedule: "cosine", Rate: 0.1, Batch: 128, Epochs: 30},
		first: 0.1, rise: 0.1, decay: 5e-4,
		moves: []datasets.Transform{datasets.RandomCrop(4), datasets.AlternatingFlip()},
		views: mirroredViews,
	},
}

// resnet9 is ResNet-9 with logits an eighth as large, as Page has them.
func resnet9(classes int, _ []float32) nn.Layer {
	return nn.Sequential(models.ResNet9(classes), nn.Scale(1./8))
}

// fast is the network of the fast recipe.
func fast(classes int, images []float32) nn.Layer { return models.FastCIFAR(classes, images) }
