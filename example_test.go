package fallline_test

import (
	"context"
	"fmt"
	"log"
	"math"
	"path/filepath"
	"testing"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/datasets/mnist"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// Build a network, train it on MNIST, and use it.
func Example() {
	ctx := context.Background()
	digits, err := mnist.Load() // digits.Train, digits.Test
	if err != nil {
		log.Fatal(err)
	}
	net := nn.Sequential(
		nn.Conv2D(20, 5), nn.ReLU(), nn.MaxPool2D(2),
		nn.Conv2D(50, 5), nn.ReLU(), nn.MaxPool2D(2),
		nn.Flatten(), nn.Dense(500), nn.ReLU(), nn.Dense(10),
	)
	model, err := nn.Build(net, digits.Train.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1))
	if err != nil {
		log.Fatal(err)
	}
	solver, err := solvers.New(solvers.NAG{Momentum: 0.9}, solvers.Rate(schedules.Warmup(200, schedules.Cosine(0.05, 0, 8*469-200))))
	if err != nil {
		log.Fatal(err)
	}
	history, err := train.Fit(ctx, model, digits.Train, solver, train.Epochs(8), train.Batch(128), train.Test(digits.Test))
	if err != nil {
		log.Fatal(err)
	}
	test := history.Test()
	fmt.Printf("%.2f %% of the test images are right\n", 100*test.Accuracy())

	if err := model.Save("lenet.safetensors"); err != nil {
		log.Fatal(err)
	}
}

// SignSGD moves every weight by the rate against its gradient's sign (Bernstein et al. 2018).
type SignSGD struct{}

func (SignSGD) Spec() solvers.Spec { return solvers.Spec{} }

func (SignSGD) Update(s *solvers.Step, w, g []float64, _ [][]float64) {
	for i := range w {
		w[i] -= s.Rate * math.Copysign(1, g[i])
	}
}

// TestReadme runs what the README shows, on less data and for less time.
func TestReadme(t *testing.T) {
	digits, err := mnist.Load()
	if err != nil {
		t.Fatal(err)
	}
	less, err := datasets.Take(digits.Train, 2000)
	if err != nil {
		t.Fatal(err)
	}
	net := nn.Sequential(nn.Flatten(), nn.Dense(32), nn.ReLU(), nn.Dense(10))
	for name, rule := range map[string]solvers.Rule{"NAG": solvers.NAG{Momentum: 0.9}, "SignSGD": SignSGD{}} {
		t.Run(name, func(t *testing.T) {
			model, err := nn.Build(net, digits.Train.Shape(), nn.SoftmaxCrossEntropy, nn.Seed(1))
			if err != nil {
				t.Fatal(err)
			}
			rate := 0.05
			if name == "SignSGD" {
				rate = 0.004
			}
			solver, err := solvers.New(rule, solvers.Rate(schedules.Cosine(rate, 0, 5*32)))
			if err != nil {
				t.Fatal(err)
			}
			history, err := train.Fit(t.Context(), model, less, solver, train.Epochs(5), train.Batch(64), train.Test(digits.Test))
			if err != nil {
				t.Fatal(err)
			}
			if a := history.Test().Accuracy(); a < 0.85 {
				t.Errorf("accuracy %v after 5 epochs of 2,000 images", a)
			}
			if err := model.Save(filepath.Join(t.TempDir(), "mlp.safetensors")); err != nil {
				t.Error(err)
			}
		})
	}
}
