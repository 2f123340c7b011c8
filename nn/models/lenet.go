package models

import "github.com/fallline/fallline/nn"

// LeNet is the convolutional network for digits in the form that Caffe made common: ReLU and maximum pooling, more
// filters than in 1998.
//
//	conv 20 of 5x5, ReLU, pool 2, conv 50 of 5x5, ReLU, pool 2, dense 500, ReLU, dense
//
// Convolutions pad nothing. For images of 16x16 pixels at least. For images of 28x28x1 it has 426,070 + 501·classes
// parameters: 431,080 for 10 classes.
//
// LeCun et al. 1998, section II.
func LeNet(classes int) nn.Layer {
	return nn.Sequential(
		nn.Conv2D(20, 5), nn.ReLU(), nn.MaxPool2D(2),
		nn.Conv2D(50, 5), nn.ReLU(), nn.MaxPool2D(2),
		nn.Flatten(), nn.Dense(500), nn.ReLU(), nn.Dense(classes),
	)
}
