package train

import (
	"context"
	"math/rand/v2"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Recalibration recomputes a model's statistics, such as batch norm's running ones, for given weights: each becomes its
// mean over batches of training examples,
//
//	s = Σ nₖ s(batchₖ) / Σ nₖ
//
// Weights that weren't stepped to, as an average over a training, need that before they are used: the running
// statistics follow the weights that were.
//
//	model.Weights().Copy(mean)
//	err := train.DefaultRecalibration.Run(ctx, model, digits.Train, model.Weights())
//
// It is a pass of the training graph without gradients, about a third of the time of as many examples in training: with
// dropout and augmentation as in training, at one draw. The batches are as few and as even as can be, of two examples
// at least where there are two.
//
// Izmailov, Podoprikhin, Garipov, Vetrov & Wilson 2018, Averaging weights leads to wider optima, section 3.2; PyTorch's
// torch.optim.swa_utils.update_bn for batches of one size.
type Recalibration struct {
	Examples int    // of the dataset at most, the same ones for the same seed, each once; 0: all
	Batch    int    // examples in a batch at most, at least 1: as many as in training
	Seed     uint64 // of the order of the examples
}

// DefaultRecalibration takes as many examples as make a mean good to about a hundredth of the standard deviation over
// them.
var DefaultRecalibration = Recalibration{Examples: 8192, Batch: 128}

// Run recomputes the statistics for the weights w: the model's own, or a vector like them. Everything else stays as it
// is, and a model without statistics is left alone. Statistics that aren't finite are a solvers.Diverged. It ends
// early, with the context's error, between batches; after an error the statistics are as they were.
func (r Recalibration) Run(ctx context.Context, model Model, data datasets.Dataset, w *vector.Vector) error {
	if ctx == nil {
		return errors.New("train: recalibration: no context: it is nil")
	}
	err := checkModel(model)
	if err == nil {
		err = checkData(model, data, "dataset")
	}
	if err == nil && w == nil {
		err = errors.New("no weights: the vector is nil")
	}
	if err == nil {
		err = errors.WithMessage(w.Check(model.Weights()), "the weights")
	}
	if err == nil {
		err = r.check()
	}
	if err == nil {
		err = r.run(ctx, model, data, w)
	}
	return errors.WithMessage(err, "train: recalibration")
}

func (r Recalibration) check() error {
	if r.Examples < 0 {
		return errors.Errorf("%d examples, want at least 1, or 0 for all", r.Examples)
	}
	return atLeast(r.Batch, 1, "examples in a batch")
}

// checkFor finds examples, of n, and batches that the model can't take statistics from.
func (r Recalibration) checkFor(model Model, n int) error {
	least := minBatch(model)
	if r.Examples > 0 {
		n = min(n, r.Examples)
	}
	if n = min(n, r.Batch); n < least && hasStatistics(model) {
		return errors.Errorf("statistics from batches of %d: the model takes batches of at least %d in training: %s", n, least, alone)
	}
	return nil
}

// run is Run for what was checked.
func (r Recalibration) run(ctx context.Context, model Model, data datasets.Dataset, w *vector.Vector) (err error) {
	m, ok := model.(Statistical)
	if !ok || !hasStatistics(model) {
		return nil
	}
	reader, err := datasets.NewReader(data, 1)
	if err != nil {
		return err
	}
	defer reader.Close()
	before := newBackup(model)
	defer func() {
		if err != nil {
			before.restore()
		}
	}()
	if err := r.checkFor(model, data.Len()); err != nil {
		return err
	}
	seen, batches := 0, r.batches(data.Len(), minBatch(model))
	for i, index := range batches {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := reader.Batch(batch.Batch{Index: index, MoveStats: true})
		if err != nil {
			return err
		}
		if i+1 < len(batches) {
			reader.Prefetch(batch.Batch{Index: batches[i+1]})
		}
		seen += len(index)
		if err := m.MoveStatistics(w, b, float64(len(index))/float64(seen)); err != nil {
			return err
		}
	}
	return finiteState(model)
}

// batches draws them from n examples, of at least least.
func (r Recalibration) batches(n, least int) [][]int32 {
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	random := rand.New(rand.NewPCG(r.Seed, 2))
	random.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	if r.Examples > 0 {
		order = order[:min(n, r.Examples)]
	}
	count := (len(order) + r.Batch - 1) / r.Batch
	if r.Batch > 1 {
		count = min(count, max(1, len(order)/max(2, least)))
	}
	batches := make([][]int32, count)
	for i := range batches {
		batches[i] = order[i*len(order)/count : (i+1)*len(order)/count]
	}
	return batches
}
