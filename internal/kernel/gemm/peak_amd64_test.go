//go:build !purego

package gemm

import (
	"slices"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
)

// BenchmarkPeak measures what one core can do: multiply-adds on registers alone. The figures of BenchmarkGemm are to be
// compared with it.
func BenchmarkPeak(b *testing.B) {
	const rounds, flops = 10000, 24 // a round of 12 multiply-adds has 24 operations for each lane
	for _, p := range []struct {
		name  string
		set   kernel.Set
		lanes int
		loop  func(n int)
	}{
		{"avx2/f32", kernel.AVX2, 8, peakAVX2F32},
		{"avx2/f64", kernel.AVX2, 4, peakAVX2F64},
		{"avx512/f32", kernel.AVX512, 16, peakAVX512F32},
		{"avx512/f64", kernel.AVX512, 8, peakAVX512F64},
	} {
		b.Run(p.name, func(b *testing.B) {
			if !slices.Contains(kernel.Available(), p.set.String()) {
				b.Skipf("not measured: this machine lacks the instructions of %s", p.set)
			}
			for b.Loop() {
				p.loop(rounds)
			}
			b.ReportMetric(float64(b.N)*rounds*flops*float64(p.lanes)/1e9/b.Elapsed().Seconds(), "GFLOP/s")
		})
	}
}
