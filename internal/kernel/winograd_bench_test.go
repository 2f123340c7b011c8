package kernel

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkWinograd times the 3 by 3 layers of ResNet-9 both ways.
func BenchmarkWinograd(b *testing.B) {
	k := winogradSets[active]
	for _, l := range convLayers {
		s := l.s
		if s.KH != 3 || s.StrideH != 1 {
			continue
		}
		r := rand.New(rand.NewPCG(1, 2))
		nx, nw, ny := convSizes(s)
		x, w, y := randomSlice[float32](r, nx), randomSlice[float32](r, nw), randomSlice[float32](r, ny)
		dx, dw := make([]float32, nx), make([]float32, nw)
		e := Epilogue[float32]{Bias: randomSlice[float32](r, s.K), ReLU: true}
		direct := s
		direct.Direct = true
		for _, p := range []struct {
			name             string
			winograd, direct func()
		}{
			{"forward", func() { winogradForward(k, s, x, w, y, e, winogradPool{}) }, func() { ConvForward(direct, x, w, y, e) }},
			{"data", func() { winogradBackwardData(k, s, y, w, dx, winogradPool{}) }, func() { ConvBackwardData(direct, y, w, dx) }},
			{"weights", func() { winogradBackwardWeights(k, s, x, y, dw, winogradPool{}) }, func() { ConvBackwardWeights(direct, x, y, dw) }},
		} {
			for i, run := range []func(){p.winograd, p.direct} {
				b.Run(l.name+"/"+p.name+"/"+[]string{"winograd", "direct"}[i], func(b *testing.B) {
					run()
					for b.Loop() {
						run()
					}
				})
			}
		}
	}
}
