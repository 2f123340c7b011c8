package solvers

import (
	"fmt"
	"strings"

	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// Solver minimises: it takes gradients from an Estimator, modifies them, and steps with a Rule at a scheduled rate.
//
// Open, and train.Fit, run it on an Objective; one Solver may run several, each in a goroutine of its own. A Stepper takes its steps where
// gradients come from somewhere else, and package forgorgonia makes it a gorgonia.Solver.
type Solver struct {
	rule      Rule
	spec      Spec
	estimator Estimator
	knobs     []knob // the rate, the rule's hyperparameters in their order, the modifiers'
	scheduled []knob // what the option Schedule was given
	modifiers []modifier
	averaging Averaging // nil: none
	choice    StepSize  // nil: the rate is scheduled
	clipNorm  int       // place of the knob; 0 when there is none, because that is the rate's
	clipValue int

	memoryLimit int64          // 0: the default
	lipschitz   float64        // L, where warn is set
	warn        func(LongStep) // nil: nobody wants to know
}

// rateKnob is the place of the rate among the knobs; the rule's hyperparameters follow.
const rateKnob = 0

// New makes a solver from a rule and options, of which Rate is required. Settings are validated here, and those that depend on
// the parameters' names when these become known.
func New(rule Rule, options ...Option) (*Solver, error) {
	if rule == nil {
		return nil, errors.New("solvers: no rule (nil)")
	}
	if err := validate(rule); err != nil {
		return nil, err
	}
	s := &Solver{rule: rule, spec: rule.Spec()}
	s.knobs = append(s.knobs, knob{name: "rate", legal: AtLeast(0)})
	for _, h := range s.spec.Hyper {
		s.knobs = append(s.knobs, knob{name: h.Name, schedule: schedules.Constant(h.Value), legal: h.Legal, fixed: true})
	}
	if err := s.checkSpec(); err != nil {
		return nil, err
	}
	for _, o := range options {
		if o == nil {
			return nil, errors.New("solvers: an option is nil")
		}
		if err := o(s); err != nil {
			return nil, err
		}
	}
	if err := s.applySchedules(); err != nil {
		return nil, err
	}
	if s.knobs[rateKnob].schedule == nil {
		return nil, errors.New("solvers: no learning rate: give solvers.Rate(schedule)")
	}
	if err := s.checkChoice(); err != nil {
		return nil, err
	}
	if s.estimator == nil {
		s.estimator = MiniBatch{}
	}
	return s, nil
}

// checkSpec validates what a rule says of itself.
func (s *Solver) checkSpec() error {
	seen := map[string]bool{}
	for _, name := range s.spec.State {
		if name == "" || seen[name] {
			return errors.Errorf("solvers: rule %s has state arrays %q, want different names", s.Name(), s.spec.State)
		}
		seen[name] = true
	}
	clear(seen)
	for i, k := range s.knobs {
		if k.name == "" || seen[k.name] {
			return errors.Errorf("solvers: rule %s has hyperparameter %q, want different names", s.Name(), k.name)
		}
		seen[k.name] = true
		if x := k.schedule; i != rateKnob && !k.legal.Has(x.At(schedules.Time{})) {
			return errors.Errorf("solvers: %s %v outside %v", k.name, x.At(schedules.Time{}), k.legal)
		}
	}
	return nil
}

// Name is the name of the rule's type.
func (s *Solver) Name() string { return typeName(s.rule) }

// Estimator is where the gradient comes from.
func (s *Solver) Estimator() Estimator { return s.estimator }

// Memory is how many bytes a run on an objective takes beside the weights: a gradient, the rule's state, an average, a slow copy, room to choose rates, and what the estimator
// keeps with batches of that many examples. What the model takes to evaluate a batch is not in it.
func (s *Solver) Memory(obj Objective, batch int) int64 {
	vectors := 1 + len(s.spec.State)
	if s.averaging != nil {
		vectors++
	}
	if s.pulls() {
		vectors++
	}
	if s.choice != nil {
		vectors += 2
	}
	return int64(vectors)*obj.NewVector().Bytes() + s.estimator.Memory(obj, batch)
}

// String writes the solver for logs, as in NAG momentum=0.9 rate=cosine(0.05,0,3752) decay=0.0005.
func (s *Solver) String() string {
	var b strings.Builder
	b.WriteString(s.Name())
	if _, ok := s.estimator.(BatchGradient); !ok {
		b.WriteString(" from " + describe(s.estimator))
	}
	for _, k := range s.knobs[1 : 1+len(s.spec.Hyper)] {
		b.WriteString(" " + k.String())
	}
	b.WriteString(" " + s.knobs[rateKnob].String())
	for _, k := range s.knobs[1+len(s.spec.Hyper):] {
		b.WriteString(" " + k.String())
	}
	for _, m := range s.modifiers {
		switch m.kind {
		case proximal:
			b.WriteString(" " + m.name)
		case pulled:
			fmt.Fprintf(&b, " every=%d", m.every)
		}
	}
	if s.averaging != nil {
		b.WriteString(" average=" + s.averaging.String())
	}
	return b.String()
}

// String writes a knob as name=value.
func (k knob) String() string {
	name := strings.ReplaceAll(k.name, " ", "-")
	if k.fixed {
		return fmt.Sprintf("%s=%v", name, k.schedule.At(schedules.Time{}))
	}
	return fmt.Sprintf("%s=%v", name, k.schedule)
}

// typeName is the name of a value's type without its package.
func typeName(v any) string {
	name := fmt.Sprintf("%T", v)
	return name[strings.LastIndexByte(name, '.')+1:]
}
