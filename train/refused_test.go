package train_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// counting is a dataset that counts how often it is read.
type counting struct {
	*datasets.Examples
	reads *atomic.Int64
}

func (d counting) Read(b *batch.Batch, index []int32, draw uint64) error {
	d.reads.Add(1)
	return d.Examples.Read(b, index, draw)
}

// unreadable is a dataset that can't be read.
type unreadable struct{ *datasets.Examples }

func (unreadable) Read(*batch.Batch, []int32, uint64) error { return errors.New("the disk is gone") }

// odd is a model with more state, which refuses to be evaluated and to take some batches.
type odd struct {
	*nn.Model
	state    map[string]any
	evaluate error
	size     int
}

func (m odd) Visit(visit func(string, any)) {
	for name, s := range m.state {
		visit(name, s)
		visit(strings.TrimSuffix(name, "2"), s)
	}
}

func (m odd) Evaluate(w *vector.Vector, b batch.Batch) (float64, int, error) {
	if m.evaluate != nil {
		return 0, 0, m.evaluate
	}
	return m.Model.Evaluate(w, b)
}

func (m odd) Memory(batch int) (int64, error) {
	if batch == m.size {
		return 0, errors.Errorf("an op takes no batch of %d", batch)
	}
	return m.Model.Memory(batch)
}

// late is an averaging whose share isn't legal after some steps.
type late struct{}

func (late) Share(k int64) float64 { return min(1, float64(k)/5) * float64(max(1, k-20)) }
func (late) String() string        { return "late" }

// foreign shows what can't be saved.
type foreign struct{ solvers.MiniBatch }

func (e foreign) Open(o solvers.Objective, s solvers.Sampler) (solvers.Source, error) {
	source, err := e.MiniBatch.Open(o, s)
	return foreignSource{source}, err
}

type foreignSource struct{ solvers.Source }

func (s foreignSource) Visit(visit func(string, any)) {
	s.Source.Visit(visit)
	visit("words", []string{"a"})
}

// TestRefusedBeforehand goes through the options, solvers, schedules and files of a training that can't work: each is
// an error that says which, and no iteration was done and no example read before it.
func TestRefusedBeforehand(t *testing.T) {
	const wrong = 15 // the iteration at which schedules are no longer legal: the second epoch
	examples, other := blobs(100), blobs(60)
	dir := t.TempDir()
	text, momentum, seventh := filepath.Join(dir, "text"), filepath.Join(dir, "momentum"), filepath.Join(dir, "seventh")
	if err := os.WriteFile(text, []byte("no checkpoint"), 0o600); err != nil {
		t.Fatal(err)
	}
	start := func(path string, s *solvers.Solver, options ...train.Option) {
		must(train.Fit(context.Background(), network(examples), examples, s, append(options, train.Batch(10), train.Iterations(3), train.Save(path))...))
	}
	flat := solvers.Rate(schedules.Constant(0.1))
	start(momentum, must(solvers.New(solvers.Momentum{Momentum: 0.9}, flat)))
	start(seventh, nag(), train.Seed(7))
	if err := checkpoint.Save(filepath.Join(dir, "arrays"), nil, nil); err != nil {
		t.Fatal(err)
	}
	with := func(rule solvers.Rule, options ...solvers.Option) func() *solvers.Solver {
		return func() *solvers.Solver { return must(solvers.New(rule, options...)) }
	}
	falls := schedules.Linear(0.1, -0.1, 2*(wrong-1))
	negative := func(e solvers.Estimator) func() *solvers.Solver {
		return with(solvers.SGD{}, solvers.Rate(falls), solvers.From(e))
	}
	over := schedules.Linear(0, 2, 2*wrong)
	plateau := with(solvers.SGD{}, solvers.Rate(&schedules.Plateau{Of: schedules.Constant(0.1), Factor: 0.5, Patience: 1}))
	plain := with(solvers.SGD{}, flat)
	o := func(options ...train.Option) []train.Option { return options }
	b := func(options ...train.Option) []train.Option {
		return append(options, train.Batch(10), train.Iterations(30))
	}
	rows := []struct {
		name    string
		want    string
		solver  func() *solvers.Solver
		options []train.Option
		model   func(*nn.Model) train.Model
	}{
		{"test loss without a test", "no test loss to observe", plateau, b(train.Observe(train.TestLoss)), nil},
		{"test accuracy without a test", "no test accuracy to observe", plateau, b(train.Observe(train.TestAccuracy)), nil},
		{"each second epoch", "no test loss to observe: the model was not tested at the end of epoch 1", plateau,
			o(train.Observe(train.TestLoss), train.Test(other, train.EveryEpochs(2)), train.Epochs(4)), nil},
		{"each second epoch, by iterations", "at the end of epoch 1", plateau,
			o(train.Observe(train.TestLoss), train.Test(other, train.EveryEpochs(2)), train.Iterations(25), train.Batch(10)), nil},
		{"not at each end", "at the end of epoch 1", plateau, o(train.Observe(train.TestAccuracy), train.Test(other, train.EveryIterations(4)), train.Iterations(20+15), train.Batch(20)), nil},
		{"a metric for nobody", "no schedule follows a metric", plain, b(train.Observe(train.TrainLoss)), nil},
		{"no metric", "give Observe", plateau, b(), nil},

		{"rate of MiniBatch", "rate -0", negative(solvers.MiniBatch{}), b(), nil},
		{"rate of FullBatch", "rate -0", negative(solvers.FullBatch{}), o(train.Epochs(30)), nil},
		{"rate of SVRG", "rate -0", negative(solvers.SVRG{Passes: 2}), b(), nil},
		{"rate of LSVRG", "rate -0", negative(solvers.LSVRG{}), b(), nil},
		{"rate of SARAH", "rate -0", negative(solvers.SARAH{Passes: 0.5}), b(), nil},
		{"rate of PAGE", "rate -0", negative(solvers.PAGE{}), b(), nil},
		{"rate of STORM", "rate -0", negative(solvers.STORM{K: 1, W: 1, C: 1}), b(), nil},
		{"rate of Katyusha", "rate -0", negative(solvers.Katyusha{Passes: 2, Tau1: 0.4, Tau2: 0.5}), b(), nil},
		{"rate of SAGA", "rate -0", negative(solvers.SAGA{Lock: true}), b(), nil},
		{"rate with replacement", "rate -0", negative(solvers.MiniBatch{}), b(train.Sample(solvers.WithReplacement)), nil},
		{"alpha", "alpha 1.06", with(solvers.SGD{}, flat, solvers.From(solvers.AlphaSVRG{Passes: 2, Alpha: 1}), solvers.Schedule("alpha", over)), b(), nil},
		{"a of STORM", "a 1.06", with(solvers.SGD{}, flat, solvers.From(solvers.STORM{A: 0.5}), solvers.Schedule("a", over)), b(), nil},
		{"momentum", "momentum 1 outside [0, 1)", with(solvers.NAG{Momentum: 0.5}, flat, solvers.Schedule("momentum", over)), b(), nil},
		{"dropout", "dropout1: probability 1 outside [0, 1)", plain, b(train.Schedule("dropout", over)), nil},
		{"share of an average", "late: share 2 outside [0, 1]", with(solvers.SGD{}, flat, solvers.Average(late{})), o(train.Epochs(8)), nil},
		{"batch", "batch 160 outside [1, 100]", plain, o(train.BatchSchedule(schedules.Step(10, 2, 2)), train.Iterations(30)), nil},
		{"batch of SVRG", "wants batches of one size", with(solvers.SGD{}, flat, solvers.From(solvers.SVRG{Passes: 2})), o(train.BatchSchedule(schedules.Step(10, 2, 8))), nil},
		{"batch twice", "Batch and a schedule of the batch are both given", plain, o(train.BatchSchedule(schedules.Constant(10)), train.Batch(10)), nil},
		{"no such quantity", `schedule of "dropoff"`, plain, b(train.Schedule("dropoff", over)), nil},
		{"no rate to schedule", "can't be scheduled", with(solvers.SGD{}, solvers.ChooseRate(solvers.DefaultArmijo)), b(train.Schedule("rate", over)), nil},
		{"a rate chosen for SVRG", "not the gradient of a loss", with(solvers.SGD{}, solvers.ChooseRate(solvers.DefaultArmijo), solvers.From(solvers.SVRG{Passes: 1})), b(), nil},
		{"a batch that the model can't take", "iteration 14: a batch of 2 examples: an op takes no batch of 2", plain, o(train.Batch(7)),
			func(m *nn.Model) train.Model { return odd{Model: m, size: 2} }},

		{"no such parameter", `no parameter or group is called "embedding"`, with(solvers.SGD{}, flat, solvers.Decay(0.1, solvers.Only("embedding"))), b(), nil},
		{"no parameter left", "no parameter is left", with(solvers.SGD{}, flat, solvers.Decay(0.1, solvers.Except("*", "bias"))), b(), nil},
		{"table over the solver's limit", "over the limit of 1000 bytes", with(solvers.SGD{}, flat, solvers.MemoryLimit(1000), solvers.From(solvers.SAGA{Lock: true})), b(), nil},
		{"batch over the memory limit", "over the memory limit of 100 bytes", plain, b(train.MemoryLimit(100)), nil},
		{"random examples in a table", "set Lock", with(solvers.SGD{}, flat, solvers.From(solvers.SAGA{})), b(), nil},
		{"clipping for Katyusha", "takes its steps itself", with(solvers.SGD{}, flat, solvers.ClipNorm(1), solvers.From(solvers.Katyusha{Passes: 2, Tau1: 0.4, Tau2: 0.5})), b(), nil},
		{"solution of another model", "the vector for the solution", plain, b(train.Solution(must(vector.New(vector.Float32, vector.Param{Name: "w", Shape: []int{1}})))), nil},

		{"no such folder", "a new file in", plain, b(train.Save(filepath.Join(dir, "none", "run"))), nil},
		{"a folder", "not a regular file", plain, b(train.Save(dir)), nil},
		{"a file for a folder", "a new file in", plain, b(train.Save(filepath.Join(text, "run"))), nil},
		{"state of a strange type", "[]string", plain, b(train.Save(filepath.Join(dir, "run"))),
			func(m *nn.Model) train.Model { return odd{Model: m, state: map[string]any{"words2": []string{}}} }},
		{"states of one name", `two arrays are named "model/counts"`, plain, b(train.Save(filepath.Join(dir, "run"))),
			func(m *nn.Model) train.Model { return odd{Model: m, state: map[string]any{"counts": []int64{1}}} }},
		{"a source's state of a strange type", "[]string", with(solvers.SGD{}, flat, solvers.From(foreign{})), b(train.Save(filepath.Join(dir, "run"))), nil},
		{"no file to resume from", "no such file", plain, b(train.Resume(filepath.Join(dir, "none"))), nil},
		{"a text to resume from", "not a safetensors file", plain, b(train.Resume(text)), nil},
		{"arrays to resume from", `format is ""`, plain, b(train.Resume(filepath.Join(dir, "arrays"))), nil},
		{"another rule of the same state", "the checkpoint's solver has the rule Momentum, want NAG", nag, b(train.Resume(momentum)), nil},
		{"another seed", `seed is "7", want "0"`, nag, b(train.Resume(seventh)), nil},

		{"a test set that can't be read", "test set: evaluate: the disk is gone", plain, b(train.Test(unreadable{other})), nil},
		{"a model that can't be evaluated", "test set: evaluate: no", plain, b(train.Test(other)), func(m *nn.Model) train.Model { return odd{Model: m, evaluate: errors.New("no")} }},
	}
	for _, c := range rows {
		data := counting{examples, new(atomic.Int64)}
		var m train.Model = network(examples)
		if c.model != nil {
			m = c.model(m.(*nn.Model))
		}
		begun := 0
		options := append(c.options, train.OnIteration(func(train.Iteration) error {
			begun++
			return nil
		}))
		_, err := train.Fit(context.Background(), m, data, c.solver(), options...)
		if text := errorText(err); !strings.HasPrefix(text, "train: ") || !strings.Contains(text, c.want) {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
		if begun > 0 || data.reads.Load() > 0 {
			t.Errorf("%s: %d iterations and %d reads before the error", c.name, begun, data.reads.Load())
		}
	}
}

// TestWhatComesTrueIsNotRefused holds that nothing is refused which goes well: what is observed is there whenever it is
// wanted.
func TestWhatComesTrueIsNotRefused(t *testing.T) {
	d := blobs(100)
	for name, options := range map[string][]train.Option{
		"each epoch":               {train.Test(d), train.Epochs(3)},
		"after each iteration":     {train.Test(d, train.EveryIterations(1)), train.Epochs(2)},
		"at each end":              {train.Test(d, train.EveryIterations(5)), train.Epochs(2)},
		"the only epoch":           {train.Test(d, train.EveryEpochs(2))},
		"the only end, at the end": {train.Test(d, train.EveryEpochs(3)), train.Iterations(10)},
		"no end":                   {train.Test(d, train.EveryEpochs(3)), train.Iterations(9)},
	} {
		s := must(solvers.New(solvers.SGD{}, solvers.Rate(&schedules.Plateau{Of: schedules.Constant(0.1), Factor: 0.5, Patience: 1})))
		if _, err := train.Fit(context.Background(), network(d), d, s, append(options, train.Batch(10), train.Observe(train.TestLoss))...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
