package nn_test

import (
	"fmt"
	"log"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/nn"
)

// slopes returns the slope of a float64 model's loss along its gradient, from two nearby losses, and what the gradient
// says it is: its squared norm. They agree where the gradients of all layers are right.
func slopes(model *nn.Model, batch batch.Batch) (measured, said float64, err error) {
	w := model.Weights()
	g := w.Like()
	if _, err := model.Gradient(w, g, batch); err != nil {
		return 0, 0, err
	}
	const h = 1e-6
	ahead, behind := w.Clone(), w.Clone()
	ahead.Axpy(h, g)
	behind.Axpy(-h, g)
	up, err := model.Gradient(ahead, nil, batch)
	if err != nil {
		return 0, 0, err
	}
	down, err := model.Gradient(behind, nil, batch)
	return (up - down) / (2 * h), g.Dot(g), err
}

// The gradient of a layer of one's own, checked.
func ExampleModel_Gradient() {
	net := nn.Sequential(nn.Dense(4), highway{h: nn.Dense(4), t: nn.Dense(4)}, nn.Dense(3))
	model, err := nn.Build(net, []int{2}, nn.SoftmaxCrossEntropy, nn.Seed(1), nn.Float64())
	if err != nil {
		log.Fatal(err)
	}
	measured, said, err := slopes(model, batch.Batch{X: []float32{1, -2, 0.5, 3}, Labels: []int{0, 2}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.6f %.6f\n", measured, said)
	// Output: 1.719355 1.719355
}

// A layer of one's own is checked by every weight and by its input.
func ExampleCheckGradient() {
	layer := highway{h: nn.Dense(4), t: nn.Dense(4)}
	if err := nn.CheckGradient(layer, []int{4}, nn.MeanSquaredError); err != nil {
		log.Fatal(err)
	}
	fmt.Println("right")
	// Output: right
}
