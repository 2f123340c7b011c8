package datasets

import "github.com/pkg/errors"

// Flip mirrors each image of a batch left to right, in place: x has rows of a shape (height, width, channels). Twice is
// as before.
//
// It makes the second view of a test image: the mean of a model's outputs for an image and its mirror image is a better
// guess than either.
func Flip(x []float32, shape []int) error {
	if err := checkViews(x, shape); err != nil {
		return err
	}
	width, channels := shape[1], shape[2]
	for row := width * channels; len(x) > 0; x = x[row:] {
		flipRow(x[:row], channels)
	}
	return nil
}

func flipRow(x []float32, channels int) {
	if channels == 3 {
		for len(x) >= 6 {
			left, right := (*[3]float32)(x), (*[3]float32)(x[len(x)-3:])
			*left, *right = *right, *left
			x = x[3 : len(x)-3]
		}
		return
	}
	for len(x) >= 2*channels {
		left, right := x[:channels], x[len(x)-channels:]
		for c := range left {
			left[c], right[c] = right[c], left[c]
		}
		x = x[channels : len(x)-channels]
	}
}

// Shift writes each image of the batch x to dst, its contents moved dy pixels up and dx pixels to the left, and
// reflected at the edges where something comes in, as Image.Shift does. The two are of the same length and don't
// overlap.
//
// Views of a test image a pixel up and left and a pixel down and right, beside the image and each mirrored, are
// airbench's (Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", section 3.5).
func Shift(dst, x []float32, shape []int, dy, dx int) error {
	if err := checkViews(x, shape); err != nil {
		return err
	}
	if len(dst) != len(x) {
		return errors.Errorf("datasets: %d values for a view of %d", len(dst), len(x))
	}
	m := newMoves(shape[0], shape[1])
	m.shift(dy, dx)
	for size := Features(shape); len(x) > 0; dst, x = dst[size:], x[size:] {
		m.gather(dst[:size], x[:size], shape[2])
	}
	return nil
}

func checkViews(x []float32, shape []int) error {
	if err := checkImage(shape); err != nil {
		return errors.WithMessage(err, "datasets: views")
	}
	if err := checkShape(shape); err != nil {
		return err
	}
	if len(x)%Features(shape) != 0 {
		return errors.Errorf("datasets: views: %d values aren't a number of images of shape %v", len(x), shape)
	}
	return nil
}
