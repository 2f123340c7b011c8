package conv

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
	"github.com/fallline/fallline/internal/kernel/winograd"
)

// BenchmarkWinograd times the 3 by 3 layers of ResNet-9 both ways.
func BenchmarkWinograd(b *testing.B) {
	for _, l := range convtest.Layers {
		s := l.S
		if s.KH != 3 || s.StrideH != 1 {
			continue
		}
		r := rand.New(rand.NewPCG(1, 2))
		nx, nw, ny := convtest.Sizes(s)
		x, w, y := kerneltest.Normals[float32](r, nx), kerneltest.Normals[float32](r, nw), kerneltest.Normals[float32](r, ny)
		dx, dw := make([]float32, nx), make([]float32, nw)
		e := gemm.Epilogue[float32]{Bias: kerneltest.Normals[float32](r, s.K), ReLU: true}
		direct := s
		direct.Direct = true
		for _, p := range []struct {
			name             string
			winograd, direct func()
		}{
			{"forward", func() { winograd.Forward(s, x, w, y, e, winograd.Pool{}) }, func() { Forward(direct, x, w, y, e) }},
			{"data", func() { winograd.BackwardData(s, y, w, dx, winograd.Pool{}) }, func() { BackwardData(direct, y, w, dx) }},
			{"weights", func() { winograd.BackwardWeights(s, x, y, dw, winograd.Pool{}) }, func() { BackwardWeights(direct, x, y, dw) }},
		} {
			for i, run := range []func(){p.winograd, p.direct} {
				b.Run(l.Name+"/"+p.name+"/"+[]string{"winograd", "direct"}[i], func(b *testing.B) {
					run()
					for b.Loop() {
						run()
					}
				})
			}
		}
	}
}
