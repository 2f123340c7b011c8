package norm

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/pointwise"
)

// shapes are rows and channels, those of several tiles in both directions among them.
var shapes = [][2]int{{1, 1}, {2, 3}, {7, 20}, {128, 10}, {64, 64}, {1000, 5}, {300, 300}, {3000, 33}}

func TestBatchNormStats(t *testing.T) {
	kerneltest.Distinct.EachType(t, testNormStats[float32], testNormStats[float64])
}

func testNormStats[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	for _, far := range []float64{0, 1, 1e4, -1e6} {
		for _, shape := range shapes {
			rows, c := shape[0], shape[1]
			x := make([]T, rows*c)
			for i := range x {
				x[i] = T(far + r.NormFloat64())
			}
			x[0] += 10 // the first sample is an outlier
			mean, variance := make([]float64, c), make([]float64, c)
			BatchNormStats(rows, c, x, mean, variance)
			for j := range c {
				m, v := 0.0, 0.0
				for i := range rows {
					m += (float64(x[i*c+j]) - far) / float64(rows)
				}
				m += far
				for i := range rows {
					v += (float64(x[i*c+j]) - m) * (float64(x[i*c+j]) - m) / float64(rows)
				}
				if math.Abs(mean[j]-m) > 1e-12*(1+math.Abs(m)) || math.Abs(variance[j]-v) > 1e-9*(v+1e-20*far*far) {
					t.Fatalf("%v far %v, channel %d: mean %v and variance %v, want %v and %v", shape, far, j, mean[j], variance[j], m, v)
				}
			}
		}
	}
}

func TestBatchNormApply(t *testing.T) {
	kerneltest.Distinct.EachType(t, testNormApply[float32], testNormApply[float64])
}

func testNormApply[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(53, 54))
	for _, shape := range shapes {
		rows, c := shape[0], shape[1]
		x, y := kerneltest.Values[T](r, rows*c, 0, false).Slice(), make([]T, rows*c)
		scale, shift := kerneltest.Values[T](r, c, 0, true).Slice(), kerneltest.Values[T](r, c, 0, true).Slice()
		for _, then := range []Activation{NoActivation, ThenRelu, ThenGelu} {
			BatchNormApply(Norm[T]{Rows: rows, C: c, Scale: scale, Shift: shift, Then: then}, x, y)
			want := make([]T, len(x))
			for i, v := range x {
				want[i] = T(v*scale[i%c]) + shift[i%c]
			}
			activate(then, want)
			for i := range x {
				if !kerneltest.Same(y[i], want[i]) {
					t.Fatalf("%v then %d: y[%d] = %v, want %v", shape, then, i, y[i], want[i])
				}
			}
		}
	}
}

// activate applies f in place.
func activate[T kernel.Float](f Activation, x []T) {
	switch f {
	case ThenRelu:
		pointwise.Relu(x, x)
	case ThenGelu:
		pointwise.Gelu(x, x)
	}
}
