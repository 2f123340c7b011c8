package train

import (
	"math"
	"time"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/internal/isnil"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// DefaultBatch is the number of examples in a batch where Batch isn't given, or all examples where there are fewer.
const DefaultBatch = 32

// Option is a setting of Fit. One that sets a single thing and is given twice is an error.
type Option func(*config) error

// Invalid is an Option that can't be: Fit returns the error before any work is done. It is for packages that make
// Options.
func Invalid(err error) Option {
	return func(*config) error {
		if err == nil {
			return errors.New("an option is invalid, by an error that is nil")
		}
		return err
	}
}

// Sampler makes the sampler of a run: n is the number of examples, batch and seed are as given. solvers.Reshuffled and
// solvers.WithReplacement are of this form.
type Sampler func(n, batch int, seed uint64) (solvers.Sampler, error)

// config is what the options say.
type config struct {
	given       map[string]bool
	epochs      int64 // of the whole training; 0: until iterations
	iterations  int64 // 0: until epochs
	batch       int
	scheduled   []quantity
	metric      Metric // what schedules follow; nil: nothing
	micro       int    // examples in a piece at most; 0: no limit
	limit       int64  // bytes for the evaluation of a batch; 0: no limit
	seed        uint64
	sampler     Sampler
	test        datasets.Dataset
	testEvery   Every
	onIteration []func(Iteration) error
	onEpoch     []func(Epoch) error
	solution    *vector.Vector
	statistics  int // examples from which statistics are recomputed at most; 0: all
	listeners   []Listener
	save        string
	saveEvery   Every
	resume      string
	trying      bool // nothing of it is to last
	now         func() time.Time
}

// over says whether the epochs or iterations are done at a time.
func (c *config) over(t schedules.Time) bool {
	if c.iterations > 0 {
		return t.Step >= c.iterations
	}
	return t.Seen >= c.epochs*t.N
}

func configure(options []Option) (*config, error) {
	c := &config{given: map[string]bool{}, epochs: 1, batch: DefaultBatch, statistics: DefaultRecalibration.Examples,
		sampler: solvers.Reshuffled, now: time.Now}
	for _, o := range options {
		if o == nil {
			return nil, errors.New("an option is nil")
		}
		if err := o(c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// once is an Option that may be given once.
func once(name string, set func(*config) error) Option {
	return func(c *config) error {
		if c.given[name] {
			return errors.Errorf("%s is given twice", name)
		}
		c.given[name] = true
		return set(c)
	}
}

// Epochs trains for n epochs: until each example was seen n times. The default is 1.
func Epochs(n int) Option {
	return once("Epochs", func(c *config) error {
		c.epochs = int64(n)
		return atLeast(n, 1, "epochs")
	})
}

// Iterations trains for n iterations, in the place of Epochs.
func Iterations(n int) Option {
	return once("Iterations", func(c *config) error {
		c.epochs, c.iterations = 0, int64(n)
		return atLeast(n, 1, "iterations")
	})
}

func atLeast(n, least int, what string) error {
	if n < least || n > math.MaxInt32 {
		return errors.Errorf("%d %s, want %d to %d", n, what, least, math.MaxInt32)
	}
	return nil
}

// Batch sets the number of examples in a batch; the last batch of an epoch has what is left. A single example that is
// left joins the batch before it where the model can't train on one alone, as with batch norm. The default is
// DefaultBatch. BatchSchedule has it change over time.
func Batch(n int) Option {
	return once("Batch", func(c *config) error {
		c.batch = n
		return atLeast(n, 1, "examples in a batch")
	})
}

// Seed sets what the order of the examples is a function of, together with the epoch. The default is 0.
func Seed(seed uint64) Option {
	return once("Seed", func(c *config) error {
		c.seed = seed
		return nil
	})
}

// Sample sets how batches are drawn. The default is solvers.Reshuffled: each example once in an epoch, in an order that
// is a function of the seed and the epoch.
func Sample(s Sampler) Option {
	return once("Sample", func(c *config) error {
		c.sampler = s
		if s == nil {
			return errors.New("no sampler: it is nil")
		}
		return nil
	})
}

// Test evaluates the model on a dataset at the end of each epoch, or as often as every says, and after the last
// iteration. Where hooks change the weights or the statistics after that, it is evaluated again. Its first examples are
// evaluated before the training begins, too, so that a set that can't be is an error then.
func Test(d datasets.Dataset, every ...Every) Option {
	return once("Test", func(c *config) (err error) {
		c.test = d
		if isnil.Any(d) {
			return errors.New("no test set: it is nil")
		}
		c.testEvery, err = join("Test", every)
		return err
	})
}

// Save writes a checkpoint to a file at the end of each epoch, or as often as every says, after the last iteration, and
// when the context ends the training. Each replaces the one before, whole or not at all; one with numbers that aren't
// finite in the weights, the solver's or the model's state replaces nothing, but is an error. A path that can't be
// saved to is an error before the training begins.
//
// Resume goes on from it, and nn.Model.Load takes the model from it.
func Save(path string, every ...Every) Option {
	return once("Save", func(c *config) (err error) {
		c.save = path
		if path == "" {
			return errors.New("no path to save to")
		}
		c.saveEvery, err = join("Save", every)
		return err
	})
}

// Resume goes on from a checkpoint that Save wrote: with the weights, the solver's state and the time of then. Model,
// solver, dataset, batch and seed must be as they were; Epochs and Iterations count from the beginning of the training,
// and may be more than they were. A training that was split so equals one that wasn't, bit for bit.
func Resume(path string) Option {
	return once("Resume", func(c *config) error {
		c.resume = path
		if path == "" {
			return errors.New("no path to resume from")
		}
		return nil
	})
}
