package nn_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fallline/fallline/nn"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// odd makes a layer of a function.
func odd(apply func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error)) nn.Layer {
	return nn.Func("odd", apply)
}

// weights makes a layer that asks for a weight and adds nothing.
func weights(name string, init nn.Initializer, shape ...int) nn.Layer {
	return odd(func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
		_, err := c.Weight(name, init, shape...)
		return x, err
	})
}

func TestBuildRefuses(t *testing.T) {
	image, flat := []int{4, 4, 1}, []int{4}
	for _, c := range []struct {
		name  string
		net   nn.Layer
		shape []int
		loss  nn.Loss
		want  string
	}{
		{"no network", nil, flat, nn.MeanSquaredError, "nn: Build needs a network and a loss"},
		{"no loss", nn.Dense(1), flat, nil, "nn: Build needs a network and a loss"},
		{"no shape", nn.Dense(1), nil, nn.MeanSquaredError, "nn: examples have no shape: want (n) or (height, width, channels)"},
		{"empty examples", nn.Dense(1), []int{4, 0}, nn.MeanSquaredError, "nn: examples of shape 4x0, want dimensions of at least 1"},
		{"no layers", nn.Sequential(), flat, nn.MeanSquaredError, "nn: the network has no weights"},
		{"nil layer", nn.Sequential(nn.Dense(1), nil), flat, nn.MeanSquaredError, "nn: layer 1 is nil"},
		{"nil function", nn.Func("f", nil), flat, nn.MeanSquaredError, "nn: layer 0 (f1): the function is nil"},
		{"panic", odd(func(*nn.Context, *gorgonia.Node) (*gorgonia.Node, error) { panic("at the disco") }), flat, nn.MeanSquaredError, "nn: layer 0 (odd1): panic: at the disco"},
		{"panic of a loss", nn.Dense(1), flat, func(*nn.Context, *gorgonia.Node) (*gorgonia.Node, error) { panic(errors.New("no")) }, "nn: loss: panic: no"},
		{"no name", nn.Func("", nil), flat, nn.MeanSquaredError, `nn: layer 0 has the name "", want one without dot, slash and space`},
		{"name with a dot", nn.Named("a.b", nn.Dense(1)), flat, nn.MeanSquaredError, `nn: layer 0 has the name "a.b", want one without dot, slash and space`},
		{"named nothing", nn.Named("a", nil), flat, nn.MeanSquaredError, "nn: layer 0 (a): the layer is nil"},
		{"name used twice", nn.Sequential(nn.Named("a", nn.Dense(1)), nn.Named("a", nn.Dense(1))), flat, nn.MeanSquaredError, "nn: layers 0 and 1 are both named a"},
		{"no units", nn.Dense(0), flat, nn.MeanSquaredError, "nn: layer 0 (dense1): 0 units, want at least 1"},
		{"dense on an image", nn.Sequential(nn.Conv2D(2, 3), nn.Dense(1)), image, nn.MeanSquaredError, "nn: layer 1 (dense1): input of shape 2x2x2, want a vector (n): put nn.Flatten() in front"},
		{"no filters", nn.Conv2D(0, 3), image, nn.MeanSquaredError, "nn: layer 0 (conv2d1): 0 filters, want at least 1"},
		{"convolution of a vector", nn.Conv2D(1, 3), flat, nn.MeanSquaredError, "nn: layer 0 (conv2d1): input of shape 4, want an image (height, width, channels)"},
		{"window over the image", nn.Sequential(nn.Conv2D(2, 3), nn.Conv2D(2, 3)), image, nn.MeanSquaredError, "nn: layer 1 (conv2d2): window 3x3 doesn't fit into input of shape 2x2x2 with padding 0"},
		{"window of nothing", nn.MaxPool2D(0), image, nn.MeanSquaredError, "nn: layer 0 (maxpool2d1): window size 0, want at least 1"},
		{"stride 0", nn.Conv2D(1, 3, nn.Stride(0)), image, nn.MeanSquaredError, "nn: layer 0 (conv2d1): stride 0, want at least 1"},
		{"negative padding", nn.AvgPool2D(2, nn.Pad(-1)), image, nn.MeanSquaredError, "nn: layer 0 (avgpool2d1): padding -1, want at least 0"},
		{"padding over the window", nn.MaxPool2D(2, nn.Pad(2)), image, nn.MeanSquaredError, "nn: layer 0 (maxpool2d1): padding 2 over half the window size 2: a window could lie outside the image"},
		{"same with an even window", nn.Conv2D(1, 2, nn.Same()), image, nn.MeanSquaredError, "nn: layer 0 (conv2d1): window size 2 can't keep the image's size with equal padding on both sides: want an odd size"},
		{"dropout of everything", nn.Sequential(nn.Dense(1), nn.Dropout(1)), flat, nn.MeanSquaredError, "nn: layer 1 (dropout1): probability 1 outside [0, 1)"},
		{"dropout of NaN", nn.Sequential(nn.Dense(1), nn.Dropout(math.NaN())), flat, nn.MeanSquaredError, "nn: layer 1 (dropout1): probability NaN outside [0, 1)"},
		{"momentum over 1", nn.BatchNorm(nn.Momentum(1.5)), flat, nn.MeanSquaredError, "nn: layer 0 (batchnorm1): op: batchnorm: momentum 1.5 outside [0, 1]"},
		{"epsilon 0", nn.BatchNorm(nn.Epsilon(0)), flat, nn.MeanSquaredError, "nn: layer 0 (batchnorm1): op: batchnorm: epsilon 0, want a finite number above 0"},
		{"residual of another shape", nn.Sequential(nn.Dense(4), nn.Residual(nn.Dense(3))), flat, nn.MeanSquaredError, "nn: layer 1 (residual1): its layers turn shape 4 into 3, want them equal to add the two"},
		{"error within", nn.Sequential(nn.Dense(4), nn.Residual(nn.ReLU(), nn.Dense(0))), flat, nn.MeanSquaredError, "nn: layer 1 (residual1): layer 1 (dense1): 0 units, want at least 1"},
		{"nil option of dense", nn.Dense(1, nil), flat, nn.MeanSquaredError, "nn: layer 0 (dense1): option 0 is nil"},
		{"nil option of conv2d", nn.Conv2D(1, 3, nn.Same(), nil), image, nn.MeanSquaredError, "nn: layer 0 (conv2d1): option 1 is nil"},
		{"nil option of a pool", nn.MaxPool2D(2, nil), image, nn.MeanSquaredError, "nn: layer 0 (maxpool2d1): option 0 is nil"},
		{"nil option of batchnorm", nn.BatchNorm(nn.Momentum(0.5), nil), flat, nn.MeanSquaredError, "nn: layer 0 (batchnorm1): option 1 is nil"},
		{"dirac and nothing", nn.Dense(1, nn.Init(nn.Dirac(nil))), flat, nn.MeanSquaredError, "nn: layer 0 (dense1): weight dense1.weight has no initializer"},
		{"scale by NaN", nn.Sequential(nn.Dense(1), nn.Scale(math.NaN())), flat, nn.MeanSquaredError, "nn: layer 1 (scale1): op: scale: factor NaN, want a finite number"},
		{"global pool of a vector", nn.GlobalMaxPool2D(), flat, nn.MeanSquaredError, "nn: layer 0 (globalmaxpool2d1): op: global maxpool2d: x has shape (13, 4), want (batch, height, width, channels)"},
		{"no branches", nn.Concat(), flat, nn.MeanSquaredError, "nn: layer 0 (concat1): no branches"},
		{"nil branch", nn.Concat(nn.Dense(1), nil), flat, nn.MeanSquaredError, "nn: layer 0 (concat1): branch 1: layer 0 is nil"},
		{"branches of two shapes", nn.Concat(nn.Conv2D(2, 3), nn.Conv2D(2, 1)), image, nn.MeanSquaredError, "nn: layer 0 (concat1): op: concat: input 1 has shape (13, 4, 4, 2), input 0 (13, 2, 2, 2): want them alike but for the last axis"},
		{"add nothing", nn.Add(), flat, nn.MeanSquaredError, "nn: layer 0 (add1): no branches"},
		{"add two shapes", nn.Add(nn.Dense(4), nn.Dense(3)), flat, nn.MeanSquaredError, "nn: layer 0 (add1): branch 1 turns shape 4 into 3, branch 0 into 4: want them equal to add them"},
		{"nothing frozen", nn.Freeze(nil), flat, nn.MeanSquaredError, "nn: layer 0 (nil1): the layer is nil"},
		{"everything frozen", nn.Freeze(nn.Dense(1)), flat, nn.MeanSquaredError, "nn: the network has no weights to train (2 are frozen)"},
		{"frozen in training alone", nn.Sequential(nn.Dense(1), odd(func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
			if c.Training() {
				_, err := c.Frozen("w", nn.He, 2)
				return x, err
			}
			return x, nil
		})), flat, nn.MeanSquaredError, "nn: 2 weights in the evaluation graph, 3 in the training graph"},
		{"frozen and free of one name", odd(func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
			if _, err := c.Frozen("w", nn.He, 2); err != nil {
				return nil, err
			}
			_, err := c.Weight("w", nn.He, 2)
			return x, err
		}), flat, nn.MeanSquaredError, "nn: layer 0 (odd1): two weights named odd1.w"},
		{"whitening a vector", nn.Whiten(2, nil, 1), flat, nn.MeanSquaredError, "nn: layer 0 (whiten1): input of shape 4, want an image (height, width, channels)"},
		{"whitening by half an image", nn.Whiten(2, make([]float32, 24), 1), image, nn.MeanSquaredError, "nn: layer 0 (whiten1): 24 numbers of images, want a multiple of 16 for images of shape 4x4x1"},
		{"whitening by NaN", nn.Whiten(2, append(make([]float32, 15), float32(math.NaN())), 1), image, nn.MeanSquaredError, "nn: layer 0 (whiten1): images hold numbers that are not finite, or too large: their second moment is NaN"},
		{"whitening with nothing added", nn.Whiten(2, nil, 0), image, nn.MeanSquaredError, "nn: layer 0 (whiten1): epsilon 0, want a finite number above 0"},
		{"smoothing over 1", nn.Dense(2), flat, nn.LabelSmoothing(1.1), "nn: loss: op: softmax cross-entropy: smoothing 1.1 outside [0, 1]"},
		{"logits of an image", nn.Conv2D(2, 3), image, nn.SoftmaxCrossEntropy, "nn: loss: network's output of shape 2x2x2, want a vector with a logit for each class"},
		{"no output", odd(func(*nn.Context, *gorgonia.Node) (*gorgonia.Node, error) { return nil, nil }), flat, nn.MeanSquaredError, "nn: layer 0 (odd1): no output node"},
		{"batch lost", odd(func(_ *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Sum(x, 0) }), flat, nn.MeanSquaredError, "nn: layer 0 (odd1): output of shape 4 from input of shape 13x4: the first axis must stay the batch"},
		{"weight without name", weights("", nn.He, 2), flat, nn.MeanSquaredError, "nn: layer 0 (odd1): a weight without a name"},
		{"weight without initializer", weights("w", nil, 2), flat, nn.MeanSquaredError, "nn: layer 0 (odd1): weight odd1.w has no initializer"},
		{"dense without initializer", nn.Dense(1, nn.Init(nil)), flat, nn.MeanSquaredError, "nn: layer 0 (dense1): weight dense1.weight has no initializer"},
		{"weights that aren't finite", nn.Dense(1, nn.Init(nn.Normal(math.NaN()))), flat, nn.MeanSquaredError,
			"nn: weight dense1.weight starts with NaN at element 0: its initializer gives numbers that aren't finite"},
		{"weights over float32", nn.Dense(1, nn.Init(func(_ *rand.Rand, _ []int, w []float64) { w[2] = 1e39 })), flat, nn.MeanSquaredError,
			"nn: weight dense1.weight starts with +Inf at element 2"},
		{"weight without shape", weights("w", nn.He), flat, nn.MeanSquaredError, "nn: layer 0 (odd1): weight odd1.w has no shape"},
		{"weight of nothing", weights("w", nn.He, 2, 0), flat, nn.MeanSquaredError, "nn: layer 0 (odd1): weight odd1.w has shape 2x0, want dimensions of at least 1"},
		{"weight of too much", weights("w", nn.He, 1<<30, 1<<30), flat, nn.MeanSquaredError, "2^40"},
		{"weight without use", nn.Sequential(nn.Dense(1), weights("w", nn.He, 2)), flat, nn.MeanSquaredError, `"odd1.w"`},
		{"weight name used twice", odd(func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
			if _, err := c.Weight("w", nn.He, 2); err != nil {
				return nil, err
			}
			_, err := c.Weight("w", nn.He, 2)
			return x, err
		}), flat, nn.MeanSquaredError, "nn: layer 0 (odd1): two weights named odd1.w"},
		{"weight in evaluation alone", nn.Sequential(nn.Dense(1), odd(func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
			if c.Training() {
				return x, nil
			}
			_, err := c.Weight("w", nn.He, 2)
			return x, err
		})), flat, nn.MeanSquaredError, "nn: layer 1 (odd1): weight odd1.w is in the evaluation graph alone"},
		{"weight in training alone", odd(func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
			if c.Training() {
				_, err := c.Weight("w", nn.He, 2)
				return x, err
			}
			return x, nil
		}), flat, nn.MeanSquaredError, "nn: 0 weights in the evaluation graph, 1 in the training graph"},
		{"weights that differ", odd(func(c *nn.Context, x *gorgonia.Node) (*gorgonia.Node, error) {
			n := 2
			if c.Training() {
				n = 3
			}
			_, err := c.Weight("w", nn.He, n)
			return x, err
		}), flat, nn.MeanSquaredError, "nn: layer 0 (odd1): weight odd1.w of shape 2 in the evaluation graph, odd1.w of shape 3 in the training graph"},
		{"loss without truth", nn.Dense(1), flat, func(_ *nn.Context, y *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Sum(y) }, "nn: loss: it asks neither for labels nor for targets"},
		{"loss of two truths", nn.Dense(1), flat, func(c *nn.Context, y *gorgonia.Node) (*gorgonia.Node, error) {
			if _, err := nn.MeanSquaredError(c, y); err != nil {
				return nil, err
			}
			return nn.SoftmaxCrossEntropy(c, y)
		}, "nn: loss: the truth asked for twice"},
		{"loss that is no scalar", nn.Dense(1), flat, func(c *nn.Context, y *gorgonia.Node) (*gorgonia.Node, error) {
			_, err := c.Targets(1)
			return y, err
		}, "nn: loss: the cost is not a scalar"},
		{"more classes than outputs", nn.Dense(3), flat, func(c *nn.Context, y *gorgonia.Node) (*gorgonia.Node, error) {
			if _, err := c.Labels(4); err != nil {
				return nil, err
			}
			return gorgonia.Sum(y)
		}, "nn: network's output of shape 3, want 4: one number for each class"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := nn.Build(c.net, c.shape, c.loss)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want %q", err, c.want)
			}
			if m != nil {
				t.Error("a model beside the error")
			}
		})
	}
}

func TestNilOption(t *testing.T) {
	if _, err := nn.Build(nn.Dense(1), []int{2}, nn.MeanSquaredError, nn.Seed(1), nil); err == nil || err.Error() != "nn: an option is nil" {
		t.Errorf("got error %v", err)
	}
}
