package nn

import (
	"math"

	"github.com/fallline/fallline/internal/text"
	"github.com/pkg/errors"
	"gonum.org/v1/gonum/mat"
)

// whiteningFilters are Whiten's filters, (size, size, channels, 2·size²·channels), for images of the given shape.
func whiteningFilters(images []float32, shape []int, size int, epsilon float64) ([]float64, error) {
	if pixels := product(shape); len(images)%pixels != 0 {
		return nil, errors.Errorf("%d numbers of images, want a multiple of %d for images of shape %s", len(images), pixels, text.Shape(shape))
	}
	second, err := secondMoments(images, shape, size)
	if err != nil {
		return nil, err
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(second, true) {
		return nil, errors.Errorf("no eigenvectors found of the %d x %d second moments of patches", second.SymmetricDim(), second.SymmetricDim())
	}
	values := eigen.Values(nil) // ascending
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	n := len(values)
	w := make([]float64, n*2*n)
	for i := range n {
		j := n - 1 - i
		scale := 1 / math.Sqrt(max(values[j], 0)+epsilon)
		if leading(vectors.ColView(j)) < 0 {
			scale = -scale
		}
		for k := range n {
			v := scale * vectors.At(k, j)
			w[k*2*n+i], w[k*2*n+n+i] = v, -v
		}
	}
	return w, nil
}

// leading is the element of greatest size, the first of about equal ones: its sign decides which of v and −v is the
// eigenvector.
func leading(v mat.Vector) float64 {
	best := v.AtVec(0)
	for i := range v.Len() {
		if x := v.AtVec(i); math.Abs(x) > 1.001*math.Abs(best) {
			best = x
		}
	}
	return best
}

// secondMoments is the mean of p pᵀ over the patches p of the images; without images it is the unit matrix.
func secondMoments(images []float32, shape []int, size int) (*mat.SymDense, error) {
	height, width, channels := shape[0], shape[1], shape[2]
	line := size * channels // a patch's numbers that lie one behind the other
	n := size * line
	sum := make([]float64, n*n)
	patch := make([]float64, n)
	pixels := product(shape)
	for at := 0; at < len(images); at += pixels {
		image := images[at : at+pixels]
		for y := range height - size + 1 {
			for x := range width - size + 1 {
				for r := range size {
					from := ((y+r)*width + x) * channels
					for k, v := range image[from : from+line] {
						patch[r*line+k] = float64(v)
					}
				}
				addOuter(sum, patch)
			}
		}
	}
	scale := 1 / float64(max(1, len(images)/pixels*(height-size+1)*(width-size+1)))
	for i := range sum {
		sum[i] *= scale
		if math.IsNaN(sum[i]) || math.IsInf(sum[i], 0) {
			return nil, errors.Errorf("images hold numbers that are not finite, or too large: their second moment is %v", sum[i])
		}
	}
	if len(images) == 0 {
		for i := range n {
			sum[i*n+i] = 1
		}
	}
	return mat.NewSymDense(n, sum), nil
}

// addOuter adds the upper triangle of p pᵀ.
func addOuter(sum, p []float64) {
	for i, v := range p {
		row := sum[i*len(p)+i : (i+1)*len(p)]
		for j, u := range p[i:] {
			row[j] += v * u
		}
	}
}
