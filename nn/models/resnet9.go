package models

import "github.com/fallline/fallline/nn"

// ResNet9 is the residual network of eight convolutions and a dense layer that trains on CIFAR-10 in minutes.
//
//	conv 64, conv 128, pool 2, x + conv(conv 128), conv 256, pool 2, conv 512, pool 2,
//	x + conv(conv 512), global pool, dense
//
// Each conv is a 3x3 convolution that keeps the image's size, without bias, then batch norm, then ReLU; pools take the
// maximum. For images of any number of channels, of 8x8 pixels at least. For images of 3 channels it has 6,568,000 +
// 513·classes parameters: 6,573,130 for 10 classes.
//
// Page 2018, "How to train your ResNet", part 4, in the form that takes 3x3 filters alone.
func ResNet9(classes int) nn.Layer {
	return nn.Sequential(
		convNormReLU(64), convNormReLU(128), nn.MaxPool2D(2),
		nn.Residual(convNormReLU(128), convNormReLU(128)),
		convNormReLU(256), nn.MaxPool2D(2),
		convNormReLU(512), nn.MaxPool2D(2),
		nn.Residual(convNormReLU(512), convNormReLU(512)),
		nn.GlobalMaxPool2D(), nn.Dense(classes),
	)
}

// convNormReLU is a 3x3 convolution that keeps the image's size, batch norm and ReLU.
func convNormReLU(filters int) nn.Layer {
	return nn.Sequential(nn.Conv2D(filters, 3, nn.Same(), nn.NoBias()), nn.BatchNorm(), nn.ReLU())
}
