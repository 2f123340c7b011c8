package main

import (
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
)

// mirroredViews are an image and its mirror image.
var mirroredViews = []nn.View{{Weight: 1}, {Move: view(0, true), Weight: 1}}

// shiftedViews are those two, and with half their weight the two moved by a pixel up and to the left, and down and to
// the right.
var shiftedViews = []nn.View{
	{Weight: 2}, {Move: view(0, true), Weight: 2},
	{Move: view(1, false), Weight: 1}, {Move: view(1, true), Weight: 1},
	{Move: view(-1, false), Weight: 1}, {Move: view(-1, true), Weight: 1},
}

// view moves images by d pixels up and to the left, and mirrors them or not.
func view(d int, mirrored bool) func(y, x []float32, shape []int) error {
	return func(y, x []float32, shape []int) error {
		err := datasets.Shift(y, x, shape, d, d)
		if err == nil && mirrored {
			err = datasets.Flip(y, shape)
		}
		return err
	}
}
