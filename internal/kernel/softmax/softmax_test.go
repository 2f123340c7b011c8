package softmax

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

func TestSoftmaxCrossEntropyExtremes(t *testing.T) {
	kerneltest.Distinct.EachType(t, testSoftmaxExtremes[float32], testSoftmaxExtremes[float64])
}

func testSoftmaxExtremes[T kernel.Float](t *testing.T) {
	largest := math.MaxFloat64
	if kernel.Is32[T]() {
		largest = math.MaxFloat32
	}
	inf, nan := math.Inf(1), math.NaN()
	// As the loss is worked out in float64, a difference of two float32s is always finite.
	far := 2 * largest
	for _, c := range []struct {
		name   string
		logits []T
		label  int
		loss   float64
		grad   []float64
	}{
		{"equal", []T{3, 3, 3, 3}, 1, math.Log(4), []float64{.25, -.75, .25, .25}},
		{"equal and largest", []T{T(largest), T(largest)}, 0, math.Log(2), []float64{-.5, .5}},
		{"equal and lowest", []T{T(-largest), T(-largest)}, 0, math.Log(2), []float64{-.5, .5}},
		{"one class", []T{-7}, 0, 0, []float64{0}},
		{"sure and right", []T{1e4, -1e4, 0}, 0, 0, []float64{0, 0, 0}},
		{"sure and wrong", []T{1e4, -1e4, 0}, 1, 2e4, []float64{1, -1, 0}},
		{"the largest against the lowest, right", []T{T(largest), T(-largest)}, 0, 0, []float64{0, 0}},
		{"the largest against the lowest, wrong", []T{T(largest), T(-largest)}, 1, far, []float64{1, -1}},
		{"rows of the shape (0 1 2), (100 1 2)", []T{100, 1, 2}, 0, 0, []float64{0, math.Exp(-99), math.Exp(-98)}},
		{"small ones beside a large one", []T{0, 30}, 0, 30 + math.Log1p(math.Exp(-30)), []float64{-1 + math.Exp(-30), 1 - math.Exp(-30)}},
		{"−∞ is a class that is ruled out", []T{0, T(-inf), 0}, 2, math.Log(2), []float64{.5, 0, -.5}},
		{"a NaN", []T{0, T(nan), 0}, 2, nan, []float64{nan, nan, nan}},
		{"+∞", []T{0, T(inf), 0}, 2, nan, []float64{nan, nan, nan}},
	} {
		tolerance := 1e-15
		if kernel.Is32[T]() {
			tolerance = 1e-7
		}
		d := make([]T, len(c.logits))
		loss := CrossEntropy(1, len(c.logits), c.logits, []int{c.label}, d)
		if !kerneltest.Same(loss, c.loss) && !(math.Abs(loss-c.loss) <= 1e-15*(1+math.Abs(c.loss))) {
			t.Errorf("%s: loss %v, want %v", c.name, loss, c.loss)
		}
		for i, w := range c.grad {
			if g := float64(d[i]); !kerneltest.Same(g, w) && !(math.Abs(g-w) <= tolerance) {
				t.Errorf("%s: gradient %v, want %v", c.name, d, c.grad)
				break
			}
		}
		if again := CrossEntropy(1, len(c.logits), c.logits, []int{c.label}, nil); !kerneltest.Same(again, loss) {
			t.Errorf("%s: loss %v without gradient, %v with", c.name, again, loss)
		}
	}
}

func TestSoftmaxCrossEntropyAgainstLogs(t *testing.T) {
	kerneltest.Distinct.EachType(t, testSoftmaxLogs[float32], testSoftmaxLogs[float64])
}

// testSoftmaxLogs compares with one logarithm for each row, and the gradient with differences of the loss.
func testSoftmaxLogs[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	for _, shape := range [][2]int{{1, 1}, {1, 10}, {3, 2}, {128, 10}, {33, 100}, {70, 1000}, {5000, 3}} {
		rows, classes := shape[0], shape[1]
		x := kerneltest.Values[T](r, rows*classes, 0, true).Slice()
		labels := make([]int, rows)
		for i := range labels {
			labels[i] = r.IntN(classes)
		}
		loss := func(x []T) float64 {
			total := 0.0
			for row, label := range labels {
				v := x[row*classes : (row+1)*classes]
				top, sum := math.Inf(-1), 0.0
				for _, u := range v {
					top = max(top, float64(u))
				}
				for _, u := range v {
					sum += math.Exp(float64(u) - top)
				}
				total += math.Log(sum) + top - float64(v[label])
			}
			return total
		}
		want := loss(x)
		relative := 1e-13
		if kernel.Is32[T]() {
			relative = 1e-9
		}
		d := make([]T, len(x))
		got := CrossEntropy(rows, classes, x, labels, d)
		if math.Abs(got-want) > relative*want {
			t.Errorf("%d × %d: loss %v, want %v", rows, classes, got, want)
		}
		if kernel.Is32[T]() || rows*classes > 2000 {
			continue
		}
		for i := range x {
			const h = 1e-5
			v := x[i]
			x[i] = v + h
			up := loss(x)
			x[i] = v - h
			slope := (up - loss(x)) / (2 * h) / float64(rows)
			x[i] = v
			if math.Abs(slope-float64(d[i])) > 1e-7 {
				t.Fatalf("%d × %d: gradient %d is %v, differences say %v", rows, classes, i, d[i], slope)
			}
		}
	}
}

func TestSoftmaxCrossEntropyInPlace(t *testing.T) {
	x := []float32{1, 2, 3, 4, 5, 6}
	d := make([]float32, len(x))
	labels := []int{2, 0}
	want := CrossEntropy(2, 3, x, labels, d)
	got := CrossEntropy(2, 3, x, labels, x)
	if got != want || !kerneltest.SameBits(x, d) {
		t.Errorf("in place: loss %v and gradient %v, else %v and %v", got, x, want, d)
	}
	if got := CrossEntropy[float32](0, 3, nil, nil, nil); got != 0 {
		t.Errorf("loss of no rows is %v", got)
	}
}

func TestSoftmax(t *testing.T) {
	kerneltest.Distinct.EachType(t, testSoftmax[float32], testSoftmax[float64])
}

// testSoftmax compares with the formulas, written out in float64.
func testSoftmax[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(85, 86))
	tolerance := 1e-14
	if kernel.Is32[T]() {
		tolerance = 2e-7
	}
	for _, shape := range [][2]int{{0, 3}, {1, 1}, {3, 7}, {70, 10}, {1000, 33}, {5, 3000}} {
		rows, classes := shape[0], shape[1]
		x, dy := kerneltest.Normals[T](r, rows*classes), kerneltest.Normals[T](r, rows*classes)
		for i := range x {
			x[i] = 100 + 5*x[i]
		}
		y, dx := make([]T, len(x)), make([]T, len(x))
		Rows(rows, classes, x, y)
		RowsGrad(rows, classes, y, dy, dx)
		for i := range rows {
			lo := i * classes
			sum, mean := 0.0, 0.0
			for j := lo; j < lo+classes; j++ {
				sum += math.Exp(float64(x[j]) - 100)
				mean += float64(y[j]) * float64(dy[j])
			}
			for j := lo; j < lo+classes; j++ {
				want := math.Exp(float64(x[j])-100) / sum
				slope := float64(y[j]) * (float64(dy[j]) - mean)
				if math.Abs(float64(y[j])-want) > tolerance*want || math.Abs(float64(dx[j])-slope) > tolerance*5*float64(y[j]) {
					t.Fatalf("%v: y[%d] is %v with gradient %v, want %v and %v", shape, j, y[j], dx[j], want, slope)
				}
			}
		}
	}
	nan := []T{1, T(math.NaN()), 2, 1, 2, 3}
	Rows(2, 3, nan, nan)
	for i, v := range nan {
		if (v != v) != (i < 3) {
			t.Errorf("softmax with a NaN in its first row: element %d is %v", i, v)
		}
	}
}
