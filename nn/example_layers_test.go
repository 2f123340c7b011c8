package nn_test

import (
	"fmt"
	"log"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/nn"
)

func mustBuild(net nn.Layer, loss nn.Loss, shape ...int) *nn.Model {
	model, err := nn.Build(net, shape, loss, nn.Seed(1))
	if err != nil {
		log.Fatal(err)
	}
	return model
}

// Only the last layer of a network learns; the rest stays as it is loaded.
func ExampleFreeze() {
	model := mustBuild(nn.Sequential(
		nn.Freeze(nn.Sequential(nn.Conv2D(8, 3), nn.GELU(), nn.GlobalAvgPool2D())),
		nn.Dense(10),
	), nn.SoftmaxCrossEntropy, 28, 28, 1)
	for _, r := range model.Weights().Ranges {
		fmt.Println("learns:", r.Name)
	}
	for _, r := range model.Frozen().Ranges {
		fmt.Println("stays:", r.Name)
	}
	// Output:
	// learns: dense1.weight
	// learns: dense1.bias
	// stays: sequential1.conv2d1.weight
	// stays: sequential1.conv2d1.bias
}

// Two kinds of features side by side.
func ExampleConcat() {
	net := nn.Sequential(
		nn.Concat(nn.Conv2D(4, 3, nn.Same()), nn.MaxPool2D(3, nn.Stride(1), nn.Same())),
		nn.GlobalMaxPool2D(), nn.Dense(10),
	)
	fmt.Print(mustBuild(net, nn.SoftmaxCrossEntropy, 8, 8, 3).Summary())
	// Output:
	// layer                output   parameters
	// input                8x8x3
	// concat1.conv2d1      8x8x4           112
	// concat1.maxpool2d1   8x8x3
	// concat1              8x8x7
	// globalmaxpool2d1     7
	// dense1               10               80
	// total                                192
}

// A residual block that halves the image needs a shortcut that does, too.
func ExampleAdd() {
	block := nn.Add(
		nn.Sequential(nn.Conv2D(16, 3, nn.Stride(2), nn.Same()), nn.ReLU(), nn.Conv2D(16, 3, nn.Same())),
		nn.Conv2D(16, 1, nn.Stride(2), nn.NoBias()),
	)
	fmt.Println(mustBuild(block, nn.MeanSquaredError, 32, 32, 3).OutputShape())
	// Output: [16 16 16]
}

// A first layer made from training images, whose filters stay: 12 numbers of a patch of 2x2 pixels, each with both
// signs.
func ExampleWhiten() {
	images := smoothImages(50, 8, 8, 3)
	model := mustBuild(nn.Sequential(nn.Whiten(2, images, 5e-4), nn.GELU(), nn.Flatten(), nn.Dense(10)), nn.SoftmaxCrossEntropy, 8, 8, 3)
	fmt.Println(model.Frozen().Ranges[0].Name, model.Frozen().Ranges[0].Shape)
	// Output: whiten1.weight [2 2 3 24]
}

// A sure and right answer costs nothing, but for what smoothing asks of the other classes.
func ExampleLabelSmoothing() {
	batch := batch.Batch{X: []float32{9, 0, 0}, Labels: []int{0}}
	for _, smoothing := range []float64{0, 0.1} {
		model := mustBuild(nn.Dense(3, nn.Init(nn.Dirac(nn.Zeros))), nn.LabelSmoothing(smoothing), 3)
		loss, _, err := model.Evaluate(model.Weights(), batch)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%.4f\n", loss)
	}
	// Output:
	// 0.0002
	// 0.6002
}
