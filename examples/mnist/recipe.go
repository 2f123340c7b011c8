package main

import (
	"github.com/fallline/fallline/examples/internal/training"
	"github.com/fallline/fallline/nn"
)

// recipe is a network and the settings that train it well, from which flags depart.
type recipe struct {
	name  string
	net   func(classes int) nn.Layer
	plan  training.Plan
	decay float64 // L2 on the weights, biases left out
}

var recipes = []recipe{
	{name: "logreg", net: logreg, plan: plan(0.2, 15), decay: 3e-5},
	{name: "mlp", net: mlp, plan: plan(0.1, 12), decay: 1e-5},
	{name: "lenet", net: lenet, plan: plan(0.05, 8), decay: 5e-4},
}

// plan is Nesterov momentum with a cosine from a rate to zero, in batches of 128.
func plan(rate float64, epochs int) training.Plan {
	return training.Plan{Solver: "nag", Momentum: 0.9, Schedule: "cosine", Rate: rate, Batch: 128, Epochs: epochs}
}

// logreg is multinomial logistic regression.
func logreg(classes int) nn.Layer {
	return nn.Sequential(nn.Flatten(), nn.Dense(classes, nn.Init(nn.Zeros)))
}

// mlp has two hidden layers.
func mlp(classes int) nn.Layer {
	return nn.Sequential(
		nn.Flatten(),
		nn.Dense(512), nn.ReLU(), nn.Dropout(0.2),
		nn.Dense(512), nn.ReLU(), nn.Dropout(0.2),
		nn.Dense(classes),
	)
}

// lenet is the network of LeCun et al. 1998 in the form that Caffe made common, with more filters, ReLU and maximum
// pooling, and with dropout.
func lenet(classes int) nn.Layer {
	return nn.Sequential(
		nn.Conv2D(20, 5), nn.ReLU(), nn.MaxPool2D(2),
		nn.Conv2D(50, 5), nn.ReLU(), nn.MaxPool2D(2),
		nn.Flatten(), nn.Dense(500), nn.ReLU(), nn.Dropout(0.5), nn.Dense(classes),
	)
}
