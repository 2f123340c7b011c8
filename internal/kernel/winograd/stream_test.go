package winograd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/convtest"
	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// TestWinogradStream wants the bits of the output through the caches from the one past them, and nothing beside it.
func TestWinogradStream(t *testing.T) {
	defer func(n int) { streamBytes = n }(streamBytes)
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		k := inUse()
		if k.fence == nil {
			t.Skip("the set has no such stores")
		}
		r := rand.New(rand.NewPCG(15, 16))
		for _, s := range []direct.Shape{
			convtest.Square(3, 15, 20, 48, 3, 1, 1), convtest.Square(2, 7, 64, 256, 3, 1, 1), convtest.Square(1, 5, 3, 16, 3, 1, 0), convtest.Square(20, 4, 20, 96, 3, 1, 1),
		} {
			nx, nw, ny := convtest.Sizes(s)
			x, w, want := kerneltest.Normals[float32](r, nx), kerneltest.Normals[float32](r, nw), make([]float32, ny)
			e := gemm.Epilogue[float32]{Bias: kerneltest.Normals[float32](r, s.K), ReLU: true}
			streamBytes = math.MaxInt
			Forward(s, x, w, want, e, Pool{})
			streamBytes = 0
			for _, skip := range []int{16, 24} { // at the start of a line, and within one, which can't be streamed to
				const guard = 7.5
				var m kernel.Buffer
				all := unsafe.Slice((*float32)(m.Get(4*(ny+64))), ny+64)
				for i := range all {
					all[i] = guard
				}
				Forward(s, x, w, all[skip:skip+ny], e, Pool{})
				if !slices.Equal(all[skip:skip+ny], want) {
					t.Errorf("%+v from element %d on: differs", s, skip)
				}
				for i, v := range all {
					if (i < skip || i >= skip+ny) && v != guard {
						t.Fatalf("%+v from element %d on: wrote at %d", s, skip, i)
					}
				}
			}
		}
	})
}
