package train

import (
	"fmt"
	"math"
	"reflect"

	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/pkg/errors"
)

// Metric is a figure of an epoch that a schedule can follow. An error ends the training.
type Metric func(Epoch) (float64, error)

// Observe hands a metric at the end of each epoch to all of the training's schedules that follow one, as
// schedules.Plateau does: those of the solver, and those of Schedule and BatchSchedule. Each is changed by it, and its
// state is saved and resumed with the training.
//
//	plateau := &schedules.Plateau{Of: schedules.Constant(0.1), Factor: 0.1, Patience: 2}
//	train.Fit(ctx, model, data, solver, train.Schedule("rate", plateau), train.Observe(train.TrainLoss))
//
// It comes after the epoch's evaluation and before hooks and saving. Following the loss or the accuracy on a test set
// makes the test set a part of the training: set some examples aside for it. A training whose schedules follow a metric
// without Observe is an error, and so is the other way round.
func Observe(m Metric) Option {
	return once("Observe", func(c *config) error {
		c.metric = m
		if m == nil {
			return errors.New("no metric: it is nil")
		}
		return nil
	})
}

// TrainLoss is the mean loss over the examples seen in the epoch.
func TrainLoss(e Epoch) (float64, error) { return e.Loss, nil }

// TestLoss is the loss of the evaluation at the epoch's end, and an error where there was none: to observe it wants
// Test at the end of each epoch, which Fit looks at before the training begins.
func TestLoss(e Epoch) (float64, error) {
	if e.Test == nil {
		return math.NaN(), errors.Errorf("no test loss to observe: the model was not tested at the end of epoch %d", e.Number)
	}
	return e.Test.Loss, nil
}

// TestAccuracy is the accuracy of the evaluation at the epoch's end, and an error where there was none. It is for
// schedules to which higher is better.
func TestAccuracy(e Epoch) (float64, error) {
	if e.Test == nil {
		return math.NaN(), errors.Errorf("no test accuracy to observe: the model was not tested at the end of epoch %d", e.Number)
	}
	return e.Test.Accuracy(), nil
}

// untested is the error of TestLoss and TestAccuracy after an epoch that ends without an evaluation; what other metrics
// want isn't known.
func (m Metric) untested(epoch int) error {
	for _, of := range []Metric{TestLoss, TestAccuracy} {
		if m == nil || reflect.ValueOf(m).Pointer() != reflect.ValueOf(of).Pointer() {
			continue
		}
		_, err := of(Epoch{Number: epoch})
		return errors.Errorf("%v: Observe of it wants Test at the end of each epoch", err)
	}
	return nil
}

// checkMetric returns an error where the metric is one of an evaluation that isn't made, as far as the options alone
// tell.
func (c *config) checkMetric() error {
	if c.test == nil || c.testEvery.epochs > 1 && c.epochs > 1 {
		return c.metric.untested(1)
	}
	return nil
}

// followers are the schedules of a training that follow a metric or have a state, each once.
type followers struct {
	all       []quantity
	observers string // says of the first that follows a metric which it is; empty where none does
}

// newFollowers finds them among the schedules of the solver and of the options.
func newFollowers(c *config, solver *solvers.Solver) *followers {
	f := &followers{}
	seen := map[schedules.Schedule]bool{}
	find := func(name string, s schedules.Schedule) {
		if f.observers == "" && schedules.Follows(s) {
			f.observers = fmt.Sprintf("%s follows a metric (%v)", name, s)
		}
		schedules.Walk(s, func(in schedules.Schedule) {
			if !follows(in) || seen[in] {
				return
			}
			seen[in] = true
			f.all = append(f.all, quantity{name, in})
		})
	}
	solver.Schedules(find)
	for _, q := range c.scheduled {
		find(q.name, q.schedule)
	}
	return f
}

// check returns an error unless there is a metric where one is followed.
func (f *followers) check(m Metric) error {
	switch {
	case m == nil && f.observers != "":
		return errors.Errorf("the schedule of %s: give Observe, which tells it one", f.observers)
	case m != nil && f.observers == "":
		return errors.New("Observe is given, and no schedule follows a metric")
	}
	return nil
}

// follows says whether a schedule changes by more than the time. One that does is a pointer.
func follows(s schedules.Schedule) bool {
	_, observer := s.(schedules.Observer)
	_, stateful := s.(schedules.Stateful)
	return (observer || stateful) && reflect.TypeOf(s).Comparable()
}

// observe hands the metric of an epoch to them.
func (f *followers) observe(m Metric, e Epoch) error {
	if m == nil {
		return nil
	}
	x, err := m(e)
	if err != nil {
		return err
	}
	for _, q := range f.all {
		if o, ok := q.schedule.(schedules.Observer); ok {
			o.Observe(x)
		}
	}
	return nil
}

// visit shows their states under the names of their quantities, with a number where one has several: the order of
// options is no part of them.
func (f *followers) visit(visit func(name string, array any)) {
	count := map[string]int{}
	for _, q := range f.all {
		s, ok := q.schedule.(schedules.Stateful)
		if !ok {
			continue
		}
		prefix := q.name + "/"
		if count[q.name]++; count[q.name] > 1 {
			prefix = fmt.Sprintf("%s#%d/", q.name, count[q.name])
		}
		s.Visit(func(name string, array any) { visit(prefix+name, array) })
	}
}
