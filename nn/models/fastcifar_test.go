package models_test

import (
	"math"
	"strings"
	"testing"

	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/nn/models"
)

// TestFastCIFARStarts: the weights start as the description says.
func TestFastCIFARStarts(t *testing.T) {
	m, err := nn.Build(models.FastCIFAR(10, nil, 32), []int{12, 12, 3}, nn.SoftmaxCrossEntropy, nn.Seed(1), nn.Float64())
	if err != nil {
		t.Fatal(err)
	}
	w := m.Weights()
	for _, r := range w.Ranges {
		if !strings.HasSuffix(r.Name, ".weight") {
			continue
		}
		out := r.Shape[len(r.Shape)-1]
		bound, most := 1/math.Sqrt(float64((r.Hi-r.Lo)/out)), 0.0 // PyTorch's, and what is there
		for i, v := range w.F64[r.Lo:r.Hi] {
			if in := 24; r.Name == "sequential1.conv2d1.weight" && i%out < in {
				want := 0.0
				if i == (4*in+i%out)*out+i%out { // the window's centre
					want = 1
				}
				if v != want {
					t.Fatalf("%s[%d] is %v, want %v", r.Name, i, v, want)
				}
				continue
			}
			if r.Name != "sequential1.conv2d2.weight" { // which is the identity alone
				most = max(most, math.Abs(v))
			}
		}
		if most > bound || most != 0 && most < 0.95*bound {
			t.Errorf("%s: numbers up to %v, want up to %v", r.Name, most, bound)
		}
	}
	for i, v := range m.Frozen().F64 {
		if want := 1 / math.Sqrt(1+5e-4); v != 0 && math.Abs(math.Abs(v)-want) > 1e-12 {
			t.Fatalf("filter's number %d is %v, want 0, %v or its negative", i, v, want)
		}
	}
}

// TestFastCIFARStatistics: each batch has 0.4 of the running statistics.
func TestFastCIFARStatistics(t *testing.T) {
	m, err := nn.Build(models.FastCIFAR(10, nil, 8), []int{12, 12, 3}, nn.SoftmaxCrossEntropy, nn.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	b := randomBatch(m, 4)
	b.MoveStats = true
	variances := func() (v []float64) {
		m.Visit(func(name string, array any) {
			if a, ok := array.([]float64); ok && strings.HasSuffix(name, ".running_var") {
				v = append(v, a...)
			}
		})
		return v
	}
	var seen [3][]float64
	for i := range seen {
		if seen[i] = variances(); len(seen[i]) != 16 {
			t.Fatalf("%d running variances, want 16", len(seen[i]))
		}
		if _, err := m.Gradient(m.Weights(), nil, b); err != nil {
			t.Fatal(err)
		}
	}
	for i, start := range seen[0] {
		first, second := seen[1][i]-start, seen[2][i]-seen[1][i]
		if math.Abs(second-0.6*first) > 1e-5*math.Abs(first) {
			t.Errorf("variance %d moves by %v, then by %v, want 0.6 of it", i, first, second)
		}
	}
}
