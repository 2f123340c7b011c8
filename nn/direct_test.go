package nn_test

import (
	"slices"
	"testing"

	"github.com/fallline/fallline"
	"github.com/fallline/fallline/nn"
)

// TestDirect: the option of a layer and that of a model leave Winograd's method out, which rounds in another way.
func TestDirect(t *testing.T) {
	kernels, err := fallline.Kernels()
	if err != nil {
		t.Fatal(err)
	}
	for name, layer := range map[string]func(...nn.Conv2DOption) nn.Layer{
		"conv2d": func(options ...nn.Conv2DOption) nn.Layer {
			return nn.Conv2D(64, 3, append(options, nn.Same())...)
		},
		"whiten": func(...nn.Conv2DOption) nn.Layer { return nn.Whiten(3, smoothImages(4, 16, 16, 16), 0.1) },
	} {
		of := func(layer nn.Layer, options ...nn.Option) []float32 {
			m := build(t, nn.Sequential(layer, nn.Flatten(), nn.Dense(2)), []int{16, 16, 16}, options...)
			return outputs(t, m, smoothImages(8, 16, 16, 16))
		}
		fast, direct := of(layer()), of(layer(), nn.NoWinograd())
		if slices.Equal(fast, direct) && kernels != "generic" && kernels != "sse2" {
			t.Errorf("%s: NoWinograd makes no difference", name)
		}
		if name == "conv2d" && !slices.Equal(of(layer(nn.Direct())), direct) {
			t.Errorf("%s: Direct isn't what NoWinograd is", name)
		}
	}
}
