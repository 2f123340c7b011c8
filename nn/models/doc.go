// Package models has well-known networks as layers of package nn.
//
// Each is a description that nn.Build makes a model of, and that stands in a larger network like any other layer:
//
//	model, err := nn.Build(models.ResNet9(10), []int{32, 32, 3}, nn.SoftmaxCrossEntropy, nn.Seed(1))
//
// They end in a logit for each class. A number of classes or of units below 1 is an error of nn.Build.
package models
