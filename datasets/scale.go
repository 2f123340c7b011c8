package datasets

import "math"

// scale makes a picture of another size: row by row, then column by column, each value rounded to a byte.
func scale(pixels []uint8, height, width, channels, newHeight, newWidth int) []uint8 {
	wide := make([]uint8, height*newWidth*channels)
	for x, c := range covers(width, newWidth) {
		for y := range height {
			for k := range channels {
				wide[(y*newWidth+x)*channels+k] = c.mean(pixels[y*width*channels+k:], channels)
			}
		}
	}
	row := newWidth * channels
	scaled := make([]uint8, newHeight*row)
	for y, c := range covers(height, newHeight) {
		for i := range row {
			scaled[y*row+i] = c.mean(wide[i:], row)
		}
	}
	return scaled
}

// cover is the pixels that a new pixel covers in a line: from first on, with weights that sum to 2^weightBits.
type cover struct {
	first   int
	weights []int32
}

// weightBits are Pillow's, so that every byte is the same.
const weightBits = 22

// covers are those of a line of n pixels that gets to new ones. With s = n/to, at least 1, new pixel i has its centre
// at c = (i + 1/2) n/to, and the weight of pixel j is in proportion to
//
//	max(0, 1 − |j + 1/2 − c|/s)
//
// It is the bilinear filter of Pillow, which takes in all the pixels of a large picture.
func covers(n, to int) []cover {
	all := make([]cover, to)
	s := max(float64(n)/float64(to), 1)
	for i := range all {
		centre := (float64(i) + 0.5) * float64(n) / float64(to)
		lo, hi := max(0, int(centre-s+0.5)), min(n, int(centre+s+0.5))
		weight := func(j int) float64 { return max(0, 1-math.Abs(float64(j)+0.5-centre)/s) }
		sum := 0.0
		for j := lo; j < hi; j++ {
			sum += weight(j)
		}
		all[i].first = lo
		for j := lo; j < hi; j++ {
			all[i].weights = append(all[i].weights, int32(weight(j)/sum*(1<<weightBits)+0.5))
		}
	}
	return all
}

// mean is that of a line's values, which are so many bytes apart.
func (c cover) mean(line []uint8, apart int) uint8 {
	sum := int64(1) << (weightBits - 1)
	for j, w := range c.weights {
		sum += int64(w) * int64(line[(c.first+j)*apart])
	}
	return uint8(min(sum>>weightBits, 255))
}
