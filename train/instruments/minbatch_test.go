package instruments_test

import (
	"context"
	"testing"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/train/instruments"
)

// TestInstrumentsLeaveNobodyAlone measures on a network with batch norm where pieces of 512 examples leave one over.
func TestInstrumentsLeaveNobodyAlone(t *testing.T) {
	d := must(datasets.Blobs(513, 4, 3, 0.3, 1))
	m := batchNormed(d)
	obj := objective(t, m, d)
	if _, err := (instruments.Curvature{Iterations: 2, Tolerance: 1e-3}).Measure(context.Background(), obj, m.Weights()); err != nil {
		t.Errorf("Curvature: %v", err)
	}
	if _, err := (instruments.NoiseMeter{Small: 2, Large: 4, Batches: 2}).Measure(context.Background(), obj, m.Weights()); err != nil {
		t.Errorf("NoiseMeter: %v", err)
	}
	if _, err := (train.RangeTest{From: 1e-3, To: 1e-1, Iterations: 9, Stop: 4}).Find(context.Background(), m, d, sgdFrom(solvers.SVRG{Passes: 1}), train.Batch(128)); err != nil {
		t.Errorf("RangeTest: %v", err)
	}
	_, err := train.Fit(context.Background(), m, d, sgdFrom(solvers.SVRG{Passes: 1}), train.Batch(128), train.OnIteration(func(it train.Iteration) error {
		_, err := solvers.VarianceMeter{Batches: 2}.Measure(it.Run)
		return err
	}))
	if err != nil {
		t.Errorf("VarianceMeter: %v", err)
	}
}

// TestAloneIsRefused holds that a batch of one example, which has no answer under batch norm, is an error that says
// what is wanted.
func TestAloneIsRefused(t *testing.T) {
	d := must(datasets.Blobs(9, 4, 3, 0.3, 1))
	one := must(datasets.Subset(d, []int32{3}))
	obj, single := objective(t, batchNormed(d), d), objective(t, batchNormed(d), one)
	for want, measure := range map[string]func() error{
		"instruments: curvature: 1 example, want 2 to 9, or 0 for all": func() error {
			_, err := instruments.Curvature{Examples: 1, Iterations: 1, Tolerance: 1}.Measure(context.Background(), obj, obj.NewVector())
			return err
		},
		"instruments: curvature: an objective of 1 example, which takes batches of at least 2: one example alone has no answer, as under batch norm": func() error {
			_, err := instruments.DefaultCurvature.Measure(context.Background(), single, obj.NewVector())
			return err
		},
		"instruments: noise scale: small batches of 1 example, want 2 to 9": func() error {
			_, err := instruments.NoiseMeter{Small: 1, Large: 2, Batches: 1}.Measure(context.Background(), obj, obj.NewVector())
			return err
		},
	} {
		if err := measure(); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
