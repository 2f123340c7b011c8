package blas

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// library is what the benchmarks compare.
type library interface {
	blas.Float32
	blas.Float64
}

var libraries = []struct {
	name string
	library
}{{"fallline", New()}, {"gonum", gonum.Implementation{}}}

func BenchmarkVectors(b *testing.B) {
	for _, l := range libraries {
		for _, n := range []int{64, 1000, 20000, 1000000} {
			x, y := make([]float32, n), make([]float32, n)
			b.Run(fmt.Sprintf("Saxpy/%d/%s", n, l.name), func(b *testing.B) {
				b.SetBytes(int64(12 * n))
				for b.Loop() {
					l.Saxpy(n, 0.5, x, 1, y, 1)
				}
			})
			// fallline's is summed in float64, as Dsdot is
			b.Run(fmt.Sprintf("Sdot/%d/%s", n, l.name), func(b *testing.B) {
				b.SetBytes(int64(8 * n))
				for b.Loop() {
					l.Sdot(n, x, 1, y, 1)
				}
			})
			b.Run(fmt.Sprintf("Dsdot/%d/%s", n, l.name), func(b *testing.B) {
				b.SetBytes(int64(8 * n))
				for b.Loop() {
					l.Dsdot(n, x, 1, y, 1)
				}
			})
			wide, other := make([]float64, n), make([]float64, n)
			b.Run(fmt.Sprintf("Ddot/%d/%s", n, l.name), func(b *testing.B) {
				b.SetBytes(int64(16 * n))
				for b.Loop() {
					l.Ddot(n, wide, 1, other, 1)
				}
			})
		}
	}
}

func BenchmarkMatrixVector(b *testing.B) {
	for _, l := range libraries {
		for _, s := range [][2]int{{10, 784}, {512, 784}, {2000, 2000}} {
			m, n := s[0], s[1]
			a, x, y := make([]float32, m*n), make([]float32, m), make([]float32, n)
			run := func(name string, f func()) {
				b.Run(fmt.Sprintf("%s/%dx%d/%s", name, m, n, l.name), func(b *testing.B) {
					b.SetBytes(int64(4 * m * n))
					for b.Loop() {
						f()
					}
				})
			}
			run("SgemvN", func() { l.Sgemv(blas.NoTrans, m, n, 1, a, n, y, 1, 0, x, 1) })
			run("SgemvT", func() { l.Sgemv(blas.Trans, m, n, 1, a, n, x, 1, 0, y, 1) })
			run("SgemvT1", func() { l.Sgemv(blas.Trans, m, n, 1, a, n, x, 1, 1, y, 1) })
		}
	}
}
