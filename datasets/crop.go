package datasets

import (
	"fmt"

	"github.com/pkg/errors"
)

// RandomCrop pads an image by pad pixels on each side, reflected there, and cuts a piece of the image's own size out of
// it at a place drawn uniformly: of the (2 pad + 1)² places, pad pixels of move in each direction at most. With 0 it
// does nothing.
//
// The crop is that of He et al. 2016, "Deep Residual Learning for Image Recognition", section 4.2, with 4 for CIFAR;
// they pad with zeros, and reflecting is what the fast recipes do. Pad must be at least 0 and less than the image's
// height and width.
func RandomCrop(pad int) Transform { return &move{"RandomCrop", pad} }

// Translate moves an image by dy and dx pixels, drawn independently and uniformly from −n to n, and fills what comes
// free with the image reflected at its edges, as Image.Shift does. That is RandomCrop by the name it has in airbench
// (Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", section 3.1, where n is 2), and the two make the
// same images. n must be at least 0 and less than the image's height and width.
func Translate(n int) Transform { return &move{"Translate", n} }

// move is both.
type move struct {
	name string
	most int
}

func (t *move) Validate(shape []int) error {
	if err := checkImage(shape); err != nil {
		return err
	}
	if least := min(shape[0], shape[1]); t.most < 0 || t.most >= least {
		return errors.Errorf("%v: %d pixels outside [0, %d) for images of shape %v", t, t.most, least, shape)
	}
	return nil
}

func (t *move) Apply(m *Image) {
	r := m.Rand()
	dy := r.IntN(2*t.most+1) - t.most
	dx := r.IntN(2*t.most+1) - t.most
	m.Shift(dy, dx)
}

func (t *move) String() string { return fmt.Sprintf("%s(%d)", t.name, t.most) }
