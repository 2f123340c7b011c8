package datasets

import "math"

// Statistics returns each channel's mean and standard deviation over all examples of d and all places in them, as Read
// gives them with draw 0. A channel is the last dimension of the shape.
//
//	mean = 1/n Σ x,  std = √(1/n Σ (x − mean)²)
//
// Sums are in float64 with two passes over the data, one over counts of the bytes where d is an *Images: for CIFAR-10
// the relative error is less than 1e-12. A channel whose values are all the same has them for its mean and a deviation
// of exactly 0. A value that isn't finite is an error.
func Statistics(d Dataset) (mean, std []float64, err error) {
	if err := Validate(d); err != nil {
		return nil, nil, err
	}
	if m, ok := d.(*Images); ok {
		mean, std = m.statistics()
		return mean, std, nil
	}
	channels := 1
	if shape := d.Shape(); len(shape) > 0 {
		channels = shape[len(shape)-1]
	}
	n := float64(d.Len()) * float64(Features(d.Shape())/channels)
	low, high := make([]float64, channels), make([]float64, channels)
	for c := range low {
		low[c], high[c] = math.Inf(1), math.Inf(-1)
	}
	if mean, err = meanOf(d, n, channels, func(x float64, c int) float64 {
		low[c], high[c] = min(low[c], x), max(high[c], x)
		return x
	}); err != nil {
		return nil, nil, err
	}
	for c := range mean {
		mean[c] = min(max(mean[c], low[c]), high[c])
	}
	if std, err = meanOf(d, n, channels, func(x float64, c int) float64 { return (x - mean[c]) * (x - mean[c]) }); err != nil {
		return nil, nil, err
	}
	for c := range std {
		std[c] = math.Sqrt(std[c])
	}
	return mean, std, nil
}

// meanOf returns each channel's mean of a function of the value and the channel; n is how many values a channel has.
func meanOf(d Dataset, n float64, channels int, of func(x float64, c int) float64) ([]float64, error) {
	sums := make([]float64, channels)
	for b, err := range Batches(d, statisticsBatch, nil, 0) {
		if err != nil {
			return nil, err
		}
		for i := 0; i < len(b.X); i += channels {
			for c, x := range b.X[i : i+channels] {
				sums[c] += of(float64(x), c)
			}
		}
	}
	for c := range sums {
		sums[c] /= n
	}
	return sums, nil
}

// statisticsBatch is how many examples are read at once.
const statisticsBatch = 256

// counts returns how often each byte is there, by channel.
func (m *Images) counts() [][256]int {
	counts := make([][256]int, m.shape[2])
	for c := range counts {
		for i := c; i < len(m.pixels); i += len(counts) {
			counts[c][m.pixels[i]]++
		}
	}
	return counts
}

// moments returns each channel's mean and standard deviation of what a function says that a byte stands for.
func (m *Images) moments(value func(c, p int) float64) (mean, std []float64) {
	mean, std = make([]float64, m.shape[2]), make([]float64, m.shape[2])
	n := float64(len(m.pixels) / m.shape[2])
	for c, counts := range m.counts() {
		low, high := math.Inf(1), math.Inf(-1)
		for p, k := range counts {
			mean[c] += float64(k) * value(c, p) / n
			if k > 0 {
				low, high = min(low, value(c, p)), max(high, value(c, p))
			}
		}
		mean[c] = min(max(mean[c], low), high)
		for p, k := range counts {
			d := value(c, p) - mean[c]
			std[c] += float64(k) * d * d / n
		}
		std[c] = math.Sqrt(std[c])
	}
	return mean, std
}

func (m *Images) statistics() (mean, std []float64) {
	return m.moments(func(c, p int) float64 { return float64(m.values[c][p]) })
}

// Moments returns each channel's mean and standard deviation over all images, of p/255: what the method Normalize
// takes.
func (m *Images) Moments() (mean, std []float64) {
	return m.moments(func(_, p int) float64 { return float64(p) / 255 })
}
