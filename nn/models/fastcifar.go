package models

import "github.com/fallline/fallline/nn"

// FastWidths are the channels of the three blocks that FastCIFAR has by default.
var FastWidths = []int{64, 256, 256}

// FastCIFAR is a network for CIFAR-10 that is quick to train: a frozen first layer that whitens patches of 2x2 pixels,
// and a block for each width.
//
//	whiten 2x2, GELU, blocks, global pool, dense without bias, scale 1/9
//	block: conv 3x3, pool 2, norm, GELU, conv 3x3, norm, GELU
//
// Convolutions keep the image's size, have no bias and start as the identity as far as their inputs go, the rest in
// PyTorch's way; norms have a shift but no scale, epsilon 1e-12, and take 0.4 of each batch into their running
// statistics; pools take the maximum. images are training images as the network gets them, for nn.Whiten, which says
// how many and when nil will do. Without widths they are FastWidths.
//
// For images of 9x9 pixels at least with three widths. For 3 channels it has 1,969,080 + 256·classes parameters by
// default, 288 of them frozen: 1,971,640 for 10 classes.
//
// Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU": airbench94.
func FastCIFAR(classes int, images []float32, widths ...int) nn.Layer {
	if len(widths) == 0 {
		widths = FastWidths
	}
	layers := []nn.Layer{nn.Whiten(2, images, 5e-4), nn.GELU()}
	for _, w := range widths {
		layers = append(layers, fastBlock(w))
	}
	return nn.Sequential(append(layers,
		nn.GlobalMaxPool2D(), nn.Dense(classes, nn.NoBias(), nn.Init(nn.FanInUniform)), nn.Scale(1./9))...)
}

// fastBlock halves the image and has two convolutions.
func fastBlock(filters int) nn.Layer {
	conv := func() nn.Layer {
		return nn.Conv2D(filters, 3, nn.Same(), nn.NoBias(), nn.Init(nn.Dirac(nn.FanInUniform)))
	}
	norm := func() nn.Layer { return nn.BatchNorm(nn.NoScale(), nn.Momentum(0.4), nn.Epsilon(1e-12)) }
	return nn.Sequential(conv(), nn.MaxPool2D(2), norm(), nn.GELU(), conv(), norm(), nn.GELU())
}
