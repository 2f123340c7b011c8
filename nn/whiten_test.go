package nn_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fallline/fallline/nn"
)

// smoothImages are images whose neighbouring pixels and channels go together.
func smoothImages(n, height, width, channels int) []float32 {
	r := rand.New(rand.NewPCG(6, 6))
	x := make([]float32, n*height*width*channels)
	for i := range x {
		x[i] = float32(r.NormFloat64())
		if i >= channels {
			x[i] += 0.8 * x[i-channels]
		}
		if i%channels > 0 {
			x[i] += 0.5 * x[i-1]
		}
	}
	return x
}

// TestWhiten checks what Whiten makes of the images that it was made from: numbers that are uncorrelated over the
// places, in mean square 1 but for epsilon, and those again with the other sign.
func TestWhiten(t *testing.T) {
	const epsilon = 1e-9
	shape := []int{6, 5, 3}
	images := smoothImages(200, 6, 5, 3)
	m, err := nn.Build(nn.Whiten(2, images, epsilon), shape, nn.MeanSquaredError)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.OutputShape(); !slices.Equal(got, []int{5, 4, 24}) {
		t.Fatalf("output of shape %v", got)
	}
	if got := names(m.Frozen()); !slices.Equal(got, []string{"whiten1.weight"}) {
		t.Errorf("frozen weights %v", got)
	}
	if got := names(m.Weights()); !slices.Equal(got, []string{"whiten1.bias"}) {
		t.Errorf("weights that learn %v", got)
	}
	y, err := m.Outputs(images)
	if err != nil {
		t.Fatal(err)
	}
	var moments [24][24]float64
	for at := 0; at < len(y); at += 24 {
		for i, v := range y[at : at+24] {
			for j, u := range y[at : at+24] {
				moments[i][j] += float64(v) * float64(u) / float64(len(y)/24)
			}
		}
	}
	for i := range 24 {
		for j := range 24 {
			want := map[int]float64{0: 1, 12: -1, -12: -1}[i-j]
			if math.Abs(moments[i][j]-want) > 1e-4 {
				t.Errorf("mean of y[%d] y[%d] is %v, want %v", i, j, moments[i][j], want)
			}
		}
	}
	again, err := nn.Build(nn.Whiten(2, images, epsilon), shape, nn.MeanSquaredError, nn.Seed(9))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(again.Frozen().F32, m.Frozen().F32) {
		t.Error("another seed gives other filters")
	}
}

// TestWhitenEpsilon: filters come in the order of the patches' variances along them, and epsilon holds back those with
// little.
func TestWhitenEpsilon(t *testing.T) {
	const epsilon = 0.3
	images := smoothImages(100, 4, 4, 1)
	m, err := nn.Build(nn.Whiten(2, images, epsilon), []int{4, 4, 1}, nn.MeanSquaredError, nn.Float64())
	if err != nil {
		t.Fatal(err)
	}
	y, err := m.Outputs(images)
	if err != nil {
		t.Fatal(err)
	}
	var square, length [8]float64
	for i, v := range y {
		square[i%8] += float64(v) * float64(v) / float64(len(y)/8)
	}
	for i, w := range m.Frozen().F64[:4*8] {
		length[i%8] += w * w
	}
	last := math.Inf(1)
	for i := range 4 {
		variance := square[i] / length[i] // along the filter
		if variance > last {
			t.Errorf("filter %d: variance %v along it after %v", i, variance, last)
		}
		last = variance
		if want := 1 / (variance + epsilon); math.Abs(length[i]-want) > 1e-5*want {
			t.Errorf("filter %d: squared length %v, want %v for variance %v", i, length[i], want, variance)
		}
	}
	if last > 0.9 {
		t.Errorf("least variance %v: these images show nothing", last)
	}
}

// TestWhitenNothing: without images the filters pass the patch on, a little shrunk, with both signs.
func TestWhitenNothing(t *testing.T) {
	m, err := nn.Build(nn.Whiten(2, nil, 3), []int{2, 2, 1}, nn.MeanSquaredError)
	if err != nil {
		t.Fatal(err)
	}
	y, err := m.Outputs([]float32{1, 2, 3, 4})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(y)
	if want := []float32{-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2}; !slices.Equal(y, want) {
		t.Errorf("got %v, want %v", y, want)
	}
}

// TestWhitenFiles: a model that is there to be loaded into needs no images.
func TestWhitenFiles(t *testing.T) {
	of := func(images []float32, options ...nn.Option) *nn.Model {
		return build(t, nn.Sequential(nn.Whiten(2, images, 5e-4), nn.GELU(), nn.GlobalAvgPool2D(), nn.Dense(3)), []int{6, 5, 3}, options...)
	}
	images, file := smoothImages(20, 6, 5, 3), filepath.Join(t.TempDir(), "model")
	trained, loaded := of(images), of(nil, nn.Seed(8))
	step(t, trained, randomBatch(trained, 5, 1))
	if err := trained.Save(file); err != nil {
		t.Fatal(err)
	}
	want := outputs(t, trained, images)
	if slices.Equal(outputs(t, loaded, images), want) {
		t.Fatal("the models are equal before the file is loaded")
	}
	if err := loaded.Load(file); err != nil {
		t.Fatal(err)
	}
	if got := outputs(t, loaded, images); !slices.Equal(got, want) {
		t.Errorf("outputs %v after loading, want %v", got, want)
	}
}
