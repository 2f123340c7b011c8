package norm

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// TestColSumIsInFloat64 adds what float32 would lose.
func TestColSumIsInFloat64(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		x, sum := make([]float32, 1000), make([]float32, 1)
		for i := range x {
			x[i] = 1
		}
		x[0] = 1 << 30
		if ColSum(len(x), 1, x, sum); sum[0] != 1<<30+999 {
			t.Errorf("ColSum %v", sum[0])
		}
	})
}

func TestColSum(t *testing.T) {
	kerneltest.Distinct.EachType(t, testColSum[float32], testColSum[float64])
}

func testColSum[T kernel.Float](t *testing.T) {
	r := rand.New(rand.NewPCG(67, 68))
	for _, shape := range [][2]int{{0, 3}, {1, 1}, {3, 5}, {128, 10}, {5000, 20}, {100, 700}, {3, 20000}, {70000, 1}} {
		rows, cols := shape[0], shape[1]
		x := make([]T, rows*cols)
		want := make([]float64, cols)
		for i := range x {
			x[i] = T(r.IntN(201) - 100) // sums are exact
			want[i%cols] += float64(x[i])
		}
		sum := kerneltest.Normals[T](r, cols)
		ColSum(rows, cols, x, sum)
		for j, w := range want {
			if float64(sum[j]) != w {
				t.Fatalf("ColSum of %v: column %d is %v, want %v", shape, j, sum[j], w)
			}
		}
	}
}
