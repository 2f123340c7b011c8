package main

import (
	"context"
	"math"
	"testing"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
)

// TestLion follows two steps by hand.
func TestLion(t *testing.T) {
	l := Lion{Beta1: 0.5, Beta2: 0.75}
	s := &solvers.Step{Rate: 0.1}
	w, v := []float64{1, 2, 3}, make([]float64, 3)
	l.Update(s, w, []float64{4, -4, 0}, [][]float64{v})
	l.Update(s, w, []float64{-0.5, 8, 0}, [][]float64{v})
	for i, want := range [][2]float64{{0.8, 0.625}, {2, 1.25}, {3, 0}} {
		if math.Abs(w[i]-want[0]) > 1e-15 || math.Abs(v[i]-want[1]) > 1e-15 {
			t.Errorf("weight %d: %v with velocity %v, want %v", i, w[i], v[i], want)
		}
	}
	if _, err := solvers.New(Lion{Beta1: 1}, solvers.Rate(schedules.Constant(0.1))); err == nil {
		t.Error("beta1 of 1: no error")
	}
}

func TestLearns(t *testing.T) {
	data, err := datasets.Blobs(400, 4, 3, 0.1, 1)
	if err != nil {
		t.Fatal(err)
	}
	solver, err := solvers.New(Lion{Beta1: 0.9, Beta2: 0.99}, solvers.Rate(schedules.Constant(0.003)))
	if err != nil {
		t.Fatal(err)
	}
	test, err := fit(context.Background(), data, data, solver, train.Epochs(20))
	if err != nil {
		t.Fatal(err)
	}
	if test.Accuracy() < 0.95 {
		t.Errorf("accuracy %v on what it was trained on", test.Accuracy())
	}
}
