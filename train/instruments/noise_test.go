package instruments_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train/instruments"
	"github.com/fallline/fallline/vector"
)

// TestNoiseScale holds the estimate on exact expectations, ‖g_b‖² = G² + S/b.
func TestNoiseScale(t *testing.T) {
	const s, g2 = 300.0, 2.0
	for _, c := range [][2]int{{1, 2}, {32, 64}, {7, 1000}} {
		b, large := float64(c[0]), float64(c[1])
		n, err := instruments.NoiseScale(g2+s/b, g2+s/large, c[0], c[1])
		if err != nil || math.Abs(n.Variance-s) > 1e-9*s || math.Abs(n.Square-g2) > 1e-9 || math.Abs(n.Scale-s/g2) > 1e-6 {
			t.Errorf("%v: %+v, %v; want %v, %v", c, n, err, s, g2)
		}
	}
	if n, err := instruments.NoiseScale(9, 1, 1, 4); err != nil || !math.IsInf(n.Scale, 1) || !(n.Square < 0) {
		t.Errorf("a gradient lost in noise: %+v, %v", n, err)
	}
	if n, err := instruments.NoiseScale(1, 2, 1, 4); err != nil || n.Scale != 0 || !(n.Variance < 0) {
		t.Errorf("less noise than none: %+v, %v", n, err)
	}
	for _, c := range [][2]int{{0, 2}, {2, 2}, {3, 2}} {
		if _, err := instruments.NoiseScale(1, 1, c[0], c[1]); err == nil || !strings.HasPrefix(err.Error(), "instruments: noise scale from batches of ") {
			t.Errorf("%v: %v", c, err)
		}
	}
}

// TestNoiseMeter compares with the noise over all examples.
func TestNoiseMeter(t *testing.T) {
	for _, dt := range []vector.Type{vector.Float64, vector.Float32} {
		obj := newBowl(dt, 300, 1, 2, 0.5)
		w := []float64{1, -2, 3}
		variance, square := obj.truth(w...)
		for _, m := range []instruments.NoiseMeter{{Small: 1, Large: 8, Batches: 4000, Seed: 1}, {Small: 20, Large: 400, Batches: 40, Seed: 2}, {Small: 3, Large: 6, Batches: 3000, Seed: 3}} {
			n := must(m.Measure(context.Background(), obj, vectorOf(obj, w...)))
			if math.Abs(n.Variance-variance) > 0.1*variance || math.Abs(n.Square-square) > 0.05*square || math.Abs(n.Scale-variance/square) > 0.1*variance/square {
				t.Errorf("%+v: %+v, want a variance of %v and a square of %v", m, n, variance, square)
			}
			if n.Gradients != int64(m.Large*m.Batches) {
				t.Errorf("%+v: %d gradients", m, n.Gradients)
			}
		}
	}
}

// TestNoNoise holds that examples which agree have none.
func TestNoNoise(t *testing.T) {
	obj := newBowl(vector.Float64, 50, 1, 2)
	for i := range obj.centres {
		obj.centres[i] = []float64{1, 1}
	}
	n, err := instruments.DefaultNoiseMeter.Measure(context.Background(), obj, vectorOf(obj, 3, 0))
	if err != nil || n.Scale > 1e-12 || math.Abs(n.Square-8) > 1e-12 {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestBadNoiseMeters(t *testing.T) {
	obj := newBowl(vector.Float64, 50, 1, 2)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		m    instruments.NoiseMeter
		obj  solvers.Objective
		want string
	}{
		{nil, instruments.DefaultNoiseMeter, obj, "no context: it is nil"},
		{context.Background(), instruments.DefaultNoiseMeter, nil, "no objective or no weights: nil"},
		{context.Background(), instruments.NoiseMeter{Large: 10, Batches: 1}, obj, "small batches of 0 examples, want 1 to 50"},
		{context.Background(), instruments.NoiseMeter{Small: 51, Large: 102, Batches: 1}, obj, "small batches of 51 examples, want 1 to 50"},
		{context.Background(), instruments.NoiseMeter{Small: 5, Large: 5, Batches: 1}, obj, "large batches of 5 examples in parts of 5, want a multiple, at least twice"},
		{context.Background(), instruments.NoiseMeter{Small: 5, Large: 11, Batches: 1}, obj, "large batches of 11 examples in parts of 5"},
		{context.Background(), instruments.NoiseMeter{Small: 5, Large: 10}, obj, "0 batches, want at least 1"},
		{cancelled, instruments.DefaultNoiseMeter, obj, "context canceled"},
	} {
		_, err := c.m.Measure(c.ctx, c.obj, obj.NewVector())
		if err == nil || !strings.HasPrefix(err.Error(), "instruments: noise scale: "+c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
