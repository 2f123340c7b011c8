package convtest

import "github.com/fallline/fallline/internal/kernel/direct"

// Square is a convolution of n Square images of c channels by k Square filters.
func Square(n, h, c, k, f, stride, pad int) direct.Shape {
	return direct.Shape{N: n, H: h, W: h, C: c, K: k, KH: f, KW: f, StrideH: stride, StrideW: stride, PadH: pad, PadW: pad}
}

// layer is a convolution of a network.
type layer struct {
	Name   string
	S      direct.Shape
	Pooled bool // two rows and columns at a time
}

// Layers are those of networks that the benchmarks time.
var Layers = []layer{
	{"lenet-conv1", Square(128, 28, 1, 20, 5, 1, 0), true},
	{"lenet-conv2", Square(128, 12, 20, 50, 5, 1, 0), true},
	{"lenet32-conv1", Square(32, 28, 1, 20, 5, 1, 0), true},
	{"lenet32-conv2", Square(32, 12, 20, 50, 5, 1, 0), true},
	{"resnet9-1", Square(128, 32, 3, 64, 3, 1, 1), false},
	{"resnet9-2", Square(128, 32, 64, 128, 3, 1, 1), false},
	{"resnet9-3", Square(128, 16, 128, 128, 3, 1, 1), false},
	{"resnet9-5", Square(128, 16, 128, 256, 3, 1, 1), false},
	{"resnet9-6", Square(128, 8, 256, 512, 3, 1, 1), false},
	{"resnet9-7", Square(128, 4, 512, 512, 3, 1, 1), false},
	{"down3x3", Square(32, 28, 64, 128, 3, 2, 1), false},
	{"point1x1", Square(32, 28, 64, 128, 1, 1, 0), false},
	{"single", Square(1, 28, 64, 64, 3, 1, 1), false},
	{"four", Square(4, 28, 64, 64, 3, 1, 1), false},
	{"fast-whiten", Square(512, 32, 3, 24, 2, 1, 0), false},
	{"fast-1", Square(512, 31, 24, 64, 3, 1, 1), true},
	{"fast-2", Square(512, 15, 64, 64, 3, 1, 1), false},
	{"fast-3", Square(512, 15, 64, 256, 3, 1, 1), true},
	{"fast-4", Square(512, 7, 256, 256, 3, 1, 1), true},
	{"fast-5", Square(512, 3, 256, 256, 3, 1, 1), false},
	{"resnet20-1", Square(128, 32, 3, 16, 3, 1, 1), false},
	{"resnet20-2", Square(128, 32, 16, 16, 3, 1, 1), false},
	{"resnet20-3", Square(128, 32, 16, 32, 3, 2, 1), false},
	{"resnet20-4", Square(128, 16, 32, 32, 3, 1, 1), false},
	{"resnet20-5", Square(128, 16, 32, 64, 3, 2, 1), false},
	{"resnet20-6", Square(128, 8, 64, 64, 3, 1, 1), false},
	{"resnet20-7", Square(128, 32, 16, 32, 1, 2, 0), false},
	{"resnet20-8", Square(128, 16, 32, 64, 1, 2, 0), false},
}
