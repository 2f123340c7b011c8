package models

import "github.com/fallline/fallline/nn"

// ResNet20 is the smallest of the residual networks made for CIFAR-10: 19 convolutions of 3x3 and a dense layer.
//
//	conv 16, norm, ReLU, 3 blocks of 16, 3 blocks of 32, 3 blocks of 64, global mean, dense
//	block: ReLU(x + norm(conv(ReLU(norm(conv(x))))))
//
// Convolutions keep the image's size and have no bias, but that the first of the blocks of 32 and of those of 64 moves
// by two pixels; there the shortcut is a 1x1 convolution of the same stride and a norm, the paper's option B. For
// images of 3 channels of any size it has 271,824 + 65·classes parameters: 272,474 for 10 classes. (Option A, a
// shortcut without weights, has 2,752 less.)
//
// He et al. 2016, section 4.2.
func ResNet20(classes int) nn.Layer {
	layers := []nn.Layer{convNorm(16, 1), nn.ReLU()}
	for stage, filters := range []int{16, 32, 64} {
		for block := range 3 {
			if stage > 0 && block == 0 {
				layers = append(layers, halvingBlock(filters))
			} else {
				layers = append(layers, nn.Residual(convNorm(filters, 1), nn.ReLU(), convNorm(filters, 1)), nn.ReLU())
			}
		}
	}
	return nn.Sequential(append(layers, nn.GlobalAvgPool2D(), nn.Dense(classes))...)
}

// convNorm is a 3x3 convolution and batch norm.
func convNorm(filters, stride int) nn.Layer {
	return nn.Sequential(nn.Conv2D(filters, 3, nn.Same(), nn.Stride(stride), nn.NoBias()), nn.BatchNorm())
}

// halvingBlock is a residual block whose result has half the height and width.
func halvingBlock(filters int) nn.Layer {
	return nn.Sequential(nn.Add(
		nn.Sequential(nn.Conv2D(filters, 1, nn.Stride(2), nn.NoBias()), nn.BatchNorm()),
		nn.Sequential(convNorm(filters, 2), nn.ReLU(), convNorm(filters, 1)),
	), nn.ReLU())
}
