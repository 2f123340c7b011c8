package datasets

import (
	"fmt"

	"github.com/pkg/errors"
)

// Cutout sets a square of size by size pixels to 0 in all channels. Its centre is drawn uniformly from the image's
// pixels, and what lies outside is left off, so that the square is smaller near an edge:
//
//	x[i][j] ← 0  for  −⌊size/2⌋ ≤ i − c₀ < size − ⌊size/2⌋,  j likewise,  c uniform over the pixels
//
// Put it after Normalize, so that 0 is the mean. DeVries & Taylor 2017, "Improved Regularization of Convolutional
// Neural Networks with Cutout", who take 16 for CIFAR-10. size must be at least 0, and 0 does nothing.
func Cutout(size int) Transform { return &cutout{size} }

type cutout struct{ size int }

func (t *cutout) Validate(shape []int) error {
	if err := checkImage(shape); err != nil {
		return err
	}
	if most := 2 * max(shape[0], shape[1]); t.size < 0 || t.size > most {
		return errors.Errorf("%v: size %d outside [0, %d] for images of shape %v", t, t.size, most, shape)
	}
	return nil
}

func (t *cutout) Apply(m *Image) {
	r := m.Rand()
	top, left := r.IntN(m.Height)-t.size/2, r.IntN(m.Width)-t.size/2
	bottom, right := min(top+t.size, m.Height), min(left+t.size, m.Width)
	top, left = max(top, 0), max(left, 0)
	if left >= right {
		return
	}
	for x := m.Values(); top < bottom; top++ {
		clear(x[(top*m.Width+left)*m.Channels : (top*m.Width+right)*m.Channels])
	}
}

func (t *cutout) String() string { return fmt.Sprintf("Cutout(%d)", t.size) }
