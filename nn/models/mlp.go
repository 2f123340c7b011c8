package models

import "github.com/fallline/fallline/nn"

// MLP is a multilayer perceptron: a dense layer and ReLU for each number of hidden units, and a dense layer. Without
// hidden units it is softmax regression. An input of any shape is made a vector of first.
//
// For inputs of n numbers it has (n + 1)·hidden₁ + (hidden₁ + 1)·hidden₂ + ... + (hidden_last + 1)·classes parameters:
// 669,706 for 784 numbers, 512 and 512 hidden units and 10 classes.
//
// Rumelhart, Hinton & Williams 1986, with ReLU.
func MLP(classes int, hidden ...int) nn.Layer {
	layers := []nn.Layer{nn.Flatten()}
	for _, units := range hidden {
		layers = append(layers, nn.Dense(units), nn.ReLU())
	}
	return nn.Sequential(append(layers, nn.Dense(classes))...)
}
