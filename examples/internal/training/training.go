// Package training is what the commands that train a network have in common: flags for the quantities of a training,
// the rules by name, and the result.
package training

import (
	"flag"
	"io"
	"math"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/examples/internal/cli"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/train"
	"github.com/fallline/fallline/train/progress"
)

// Plan is how a recipe trains, from which flags depart.
type Plan struct {
	Solver   string // one of Solvers
	Momentum float64
	Schedule string // one of Courses
	Rate     float64
	Batch    int
	Epochs   int
}

// Settings is what the command line says of a training, with the plan of the recipe where it says nothing.
type Settings struct {
	Plan                                   // with the numbers of the flags
	RateFlag, MomentumFlag, BatchFlag Flag // as given
	Seed                              uint64
	Threads                           int
	Save, Resume                      string
	Plot                              string
	JSON                              bool
	Set                               map[string]bool // flags that were given
}

// Register makes the flags that fill s.
func (s *Settings) Register(f *flag.FlagSet) {
	cli.Choice(f, &s.Solver, "solver", "the rule", Solvers)
	f.Var(&s.RateFlag, "lr", "learning `rate`: a number, the highest that -schedule reaches, or a whole schedule as text")
	cli.Choice(f, &s.Schedule, "schedule", "the course, after its rise, of a learning rate that is a number", Courses)
	f.Var(&s.MomentumFlag, "momentum", "`momentum` of a solver that has one: a number or a schedule")
	f.Var(&s.BatchFlag, "batch", "examples in a `batch`: a number or a schedule")
	cli.Int(f, &s.Epochs, "epochs", 1, math.MaxInt32, "`passes` over the training set")
	f.Uint64Var(&s.Seed, "seed", 1, "seed of all that is random: weights, the order of the examples, what is done to them")
	cli.Threads(f, &s.Threads)
	f.StringVar(&s.Save, "save", "", "`file` to save the training to, after each epoch and at the end")
	f.StringVar(&s.Resume, "resume", "", "`file` to go on from; it was saved with the same network, solver, batch and seed")
	f.StringVar(&s.Plot, "plot-schedule", "", "`file.svg` to draw the courses of the learning rate, the momentum and the batch to, without training")
	f.BoolVar(&s.JSON, "json", false, "print the result as a JSON object in the last line")
}

// Fill takes a recipe's plan for what f was not given. A rule that scales each weight's steps has its own rate.
func (s *Settings) Fill(f *flag.FlagSet, plan Plan) {
	given := s.Plan
	s.Plan, s.Set = plan, map[string]bool{}
	f.Visit(func(f *flag.Flag) {
		s.Set[f.Name] = true
		switch f.Name {
		case "solver":
			s.Solver = given.Solver
		case "lr":
			s.Rate = s.RateFlag.number
		case "schedule":
			s.Schedule = given.Schedule
		case "batch":
			if s.BatchFlag.Schedule == nil {
				s.Batch = int(s.BatchFlag.number)
			}
		case "epochs":
			s.Epochs = given.Epochs
		}
	})
	if rate, ok := adaptiveRates[s.Solver]; ok && !s.Set["lr"] {
		s.Rate = rate
	}
}

// Check refuses settings outside of their ranges.
func (s *Settings) Check() error {
	switch {
	case s.RateFlag.Schedule != nil && s.Set["schedule"]:
		return errors.Errorf("-lr %v is a whole schedule: -schedule goes with a number", &s.RateFlag)
	case s.BatchFlag.number != math.Trunc(s.BatchFlag.number) || math.Abs(s.BatchFlag.number) > math.MaxInt32:
		return errors.Errorf("-batch %v, want a whole number or a schedule", &s.BatchFlag)
	case s.Rate < 0:
		return errors.Errorf("-lr %v, want at least 0", s.Rate)
	case s.Batch < 1:
		return errors.Errorf("-batch %d, want at least 1", s.Batch)
	}
	return nil
}

// Options are those of train.Fit, which shows its progress on w.
func (s *Settings) Options(w io.Writer) []train.Option {
	options := []train.Option{train.Epochs(s.Epochs), train.Seed(s.Seed), progress.To(w)}
	if s.BatchFlag.Schedule != nil {
		options = append(options, train.BatchSchedule(s.BatchFlag.Schedule))
	} else {
		options = append(options, train.Batch(s.Batch))
	}
	if schedules.Follows(s.RateFlag.Schedule) || schedules.Follows(s.MomentumFlag.Schedule) || schedules.Follows(s.BatchFlag.Schedule) {
		options = append(options, train.Observe(train.TrainLoss))
	}
	if s.Save != "" {
		options = append(options, train.Save(s.Save))
	}
	if s.Resume != "" {
		options = append(options, train.Resume(s.Resume))
	}
	return options
}

// BatchValue is the size of the batches, or the text of its course.
func (s *Settings) BatchValue() any {
	if s.BatchFlag.Schedule != nil {
		return s.BatchFlag.Schedule.String()
	}
	return s.Batch
}

// batches is the size of the batches as a schedule.
func (s *Settings) batches() schedules.Schedule {
	if s.BatchFlag.Schedule != nil {
		return s.BatchFlag.Schedule
	}
	return schedules.Constant(float64(s.Batch))
}
