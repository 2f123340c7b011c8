package datasets

import (
	"encoding/binary"
	"runtime"
	"slices"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/finite"
	"github.com/fallline/fallline/internal/memory"
	"github.com/pkg/errors"
)

// Images is a dataset of images in memory, a byte for each value, with a class each.
//
// Read gives p/255, from 0 to 1, unless Normalize has changed that.
type Images struct {
	shape   [3]int // height, width, channels
	pixels  []uint8
	labels  []int
	classes int
	names   []string       // of the classes; nil for numbers
	values  [][256]float32 // by channel: what a byte stands for
}

// NewImages makes a dataset of the images in pixels, row-major in (image, height, width, channel); shape is (height,
// width, channels) or (height, width) for one channel. It keeps the two slices and the caller must not change them.
//
// A shape that doesn't divide the pixels into as many images as there are labels and a label outside [0, classes) are
// errors.
func NewImages(shape []int, pixels []uint8, labels []int, classes int) (*Images, error) {
	if len(shape) == 2 {
		shape = []int{shape[0], shape[1], 1}
	}
	if len(shape) != 3 {
		return nil, errors.Errorf("datasets: images of shape %v, want (height, width, channels)", shape)
	}
	if err := checkShape(shape); err != nil {
		return nil, err
	}
	if size := Features(shape); len(pixels)%size != 0 || len(pixels)/size != len(labels) {
		return nil, errors.Errorf("datasets: %d bytes for %d images of shape %v, want %d", len(pixels), len(labels), shape, len(labels)*size)
	}
	if len(labels) == 0 {
		return nil, errors.New("datasets: no images")
	}
	if err := checkLabels(labels, classes); err != nil {
		return nil, err
	}
	m := &Images{shape: [3]int(shape), pixels: pixels, labels: labels, classes: classes}
	m.values = table(make([]float64, shape[2]), slices.Repeat([]float64{1}, shape[2]))
	return m, nil
}

// table is (p/255 − mean)/std for every byte p, by channel.
func table(mean, std []float64) [][256]float32 {
	t := make([][256]float32, len(mean))
	for c := range t {
		for p := range t[c] {
			t[c][p] = float32((float64(p)/255 - mean[c]) / std[c])
		}
	}
	return t
}

// Normalize returns the same images with values (p/255 − mean)/std, one mean and one standard deviation for each
// channel. The pixels are shared. Take the numbers of the training images for the test images, too. Numbers too large
// for float32 are an error.
func (m *Images) Normalize(mean, std []float64) (*Images, error) {
	if err := checkMoments(mean, std, m.shape[2], nil); err != nil {
		return nil, errors.WithMessage(err, "datasets")
	}
	n := *m
	n.values = table(mean, std)
	return &n, errors.WithMessage(n.checkValues(), "datasets")
}

// checkValues returns an error where a byte stands for no finite number, as after a division by a tiny deviation.
func (m *Images) checkValues() error {
	for c := range m.values {
		if p := finite.Not(m.values[c][:]); p >= 0 {
			return errors.Errorf("byte %d of channel %d would be %v, want finite numbers", p, c, m.values[c][p])
		}
	}
	return nil
}

// Len is the number of images.
func (m *Images) Len() int { return len(m.labels) }

// Shape is (height, width, channels).
func (m *Images) Shape() []int { return m.shape[:] }

// Classes is the number of classes.
func (m *Images) Classes() int { return m.classes }

// Named returns the same images with names for the classes, by label: what ClassNames gives. The pixels are shared.
// Another number of names than there are classes, an empty name and one that is there twice are errors.
func (m *Images) Named(names ...string) (*Images, error) {
	if err := checkNames(names, m.classes); err != nil {
		return nil, err
	}
	named := *m
	named.names = slices.Clone(names)
	return &named, nil
}

// ClassNames returns the names of the classes by label; nil where they weren't given.
func (m *Images) ClassNames() []string { return slices.Clone(m.names) }

// Describe implements Described.
func (m *Images) Describe() Description { return Description{ClassNames: m.ClassNames()} }

// Label is the class of image i.
func (m *Images) Label(i int) int { return m.labels[i] }

// Pixels is the bytes of image i, row-major in (height, width, channel); they are shared and must not be changed.
func (m *Images) Pixels(i int) []uint8 {
	size := Features(m.shape[:])
	return m.pixels[i*size : (i+1)*size : (i+1)*size]
}

// Read implements Dataset. draw has no effect.
func (m *Images) Read(b *batch.Batch, index []int32, _ uint64) error {
	return m.read(b, index, func(x []float32, k int) { m.row(x, m.Pixels(int(index[k]))) })
}

// read fills a batch; row writes the values of the image that is number k of the batch.
func (m *Images) read(b *batch.Batch, index []int32, row func(x []float32, k int)) error {
	if err := checkIndex(index, m.Len()); err != nil {
		return err
	}
	size := Features(m.shape[:])
	b.X = memory.Resize(b.X, len(index)*size)
	b.Labels = memory.Resize(b.Labels, len(index))
	b.Targets = b.Targets[:0]
	for k, i := range index {
		if k%touchRows == 0 {
			m.touch(index[k:min(k+touchRows, len(index))])
		}
		row(b.X[k*size:(k+1)*size], k)
		b.Labels[k] = m.labels[i]
	}
	return nil
}

// touchRows is how many images are touched before they are read: few enough to stay in the cache.
const touchRows = 32

// touch reads a byte of each cache line of some images. They lie far apart in memory, and these loads are under way all
// at once, where the look-ups would wait for one image after the other.
func (m *Images) touch(index []int32) {
	var sum uint8
	for _, i := range index {
		p := m.Pixels(int(i))
		for k := 0; k < len(p); k += 64 {
			sum += p[k]
		}
	}
	runtime.KeepAlive(sum)
}

// row writes what an image's bytes stand for.
func (m *Images) row(x []float32, pixels []uint8) {
	switch len(m.values) {
	case 1:
		grey(x, pixels, &m.values[0])
	case 3:
		colour(x, pixels, (*[3][256]float32)(m.values))
	default:
		for c := range m.values {
			values := &m.values[c]
			for i := c; i < len(pixels); i += len(m.values) {
				x[i] = values[pixels[i]]
			}
		}
	}
}

// grey is row for one channel. Eight bytes at a time keep the loop's own work below that of the look-ups.
func grey(x []float32, pixels []uint8, v *[256]float32) {
	for len(pixels) >= 8 && len(x) >= 8 {
		p := binary.LittleEndian.Uint64(pixels)
		y := (*[8]float32)(x)
		y[0] = v[p&255]
		y[1] = v[p>>8&255]
		y[2] = v[p>>16&255]
		y[3] = v[p>>24&255]
		y[4] = v[p>>32&255]
		y[5] = v[p>>40&255]
		y[6] = v[p>>48&255]
		y[7] = v[p>>56]
		x, pixels = x[8:], pixels[8:]
	}
	for i, p := range pixels {
		x[i] = v[p]
	}
}

// colour is row for three channels.
func colour(x []float32, pixels []uint8, v *[3][256]float32) {
	for len(pixels) >= 3 && len(x) >= 3 {
		p, y := (*[3]uint8)(pixels), (*[3]float32)(x)
		y[0] = v[0][p[0]]
		y[1] = v[1][p[1]]
		y[2] = v[2][p[2]]
		x, pixels = x[3:], pixels[3:]
	}
}
