package solvers

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// Solver minimises: it takes gradients from an Estimator, modifies them, and steps with a Rule at a scheduled rate.
//
// Open, and train.Fit, run it on an Objective; one Solver may run several, each in a goroutine of its own. A Stepper
// takes its steps where gradients come from somewhere else, and package forgorgonia makes it a gorgonia.Solver.
type Solver struct {
	rule      Rule
	spec      Spec
	estimator Estimator
	// the rate, the rule's hyperparameters, the modifiers' coefficients, the estimator's hyperparameters
	quantities  []quantity
	ofEstimator int         // where the latter begin
	scheduled   []scheduled // what the option Schedule was given
	modifiers   []modifier
	averaging   Averaging // nil: none
	choice      StepSize  // nil: the rate is scheduled
	clipNorm    int       // place of the quantity; 0 when there is none, because that is the rate's
	clipValue   int

	memoryLimit int64          // 0: the default
	lipschitz   float64        // L, where warn is set
	warn        func(LongStep) // nil: nobody wants to know
}

// rateIndex is the place of the rate among the quantities; the rule's hyperparameters follow.
const rateIndex = 0

// New makes a solver from a rule and options, of which Rate is required. Settings are validated here, and those that
// depend on the parameters' names when these become known.
func New(rule Rule, options ...Option) (*Solver, error) {
	if rule == nil {
		return nil, errors.New("solvers: no rule (nil)")
	}
	if v := reflect.ValueOf(rule); v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, errors.Errorf("solvers: no rule (a nil %T)", rule)
	}
	if err := validate(rule); err != nil {
		return nil, err
	}
	s := &Solver{rule: rule, spec: rule.Spec()}
	s.quantities = append(s.quantities, quantity{name: "rate", legal: AtLeast(0)})
	if err := s.checkState(); err != nil {
		return nil, err
	}
	if err := s.checkWhole(); err != nil {
		return nil, err
	}
	if err := s.declare(rule, s.spec.Hyper); err != nil {
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
	if s.estimator == nil {
		s.estimator = defaultEstimator
	}
	s.ofEstimator = len(s.quantities)
	if e, ok := s.estimator.(Scheduled); ok {
		if err := s.declare(e, e.Hyper()); err != nil {
			return nil, err
		}
	}
	if err := s.applySchedules(); err != nil {
		return nil, err
	}
	if s.quantities[rateIndex].schedule == nil {
		return nil, errors.New("solvers: no learning rate: give solvers.Rate(schedule)")
	}
	if err := s.checkChoice(); err != nil {
		return nil, err
	}
	return s, nil
}

// checkState validates the names of a rule's arrays.
func (s *Solver) checkState() error {
	seen := map[string]bool{}
	for _, name := range s.spec.State {
		if name == "" || seen[name] {
			return errors.Errorf("solvers: rule %s has state arrays %q, want different names", s.Name(), s.spec.State)
		}
		seen[name] = true
	}
	return nil
}

// declare adds the hyperparameters of a rule or an estimator to the quantities.
func (s *Solver) declare(of any, hyper []Hyper) error {
	quantities, err := quantitiesOf(of, hyper)
	if err != nil {
		return err
	}
	for _, q := range quantities {
		if slices.ContainsFunc(s.quantities, func(other quantity) bool { return other.name == q.name }) {
			return errors.Errorf("solvers: %s has hyperparameter %q, and there is another of this name", typeName(of), q.name)
		}
		s.quantities = append(s.quantities, q)
	}
	return nil
}

// Name is the name of the rule's type.
func (s *Solver) Name() string { return typeName(s.rule) }

// Estimator is where the gradient comes from.
func (s *Solver) Estimator() Estimator { return s.estimator }

// Memory is how many bytes a run on an objective takes beside the weights: a gradient, the rule's state, an average, a
// slow copy, room to choose rates, and what the estimator keeps with batches of that many examples. What the model
// takes to evaluate a batch is not in it.
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
	v := obj.NewVector()
	shapes := make([][]int, len(v.Ranges))
	for i, r := range v.Ranges {
		shapes[i] = r.Shape
	}
	return int64(vectors)*v.Bytes() + s.wholeMemory(shapes, int64(v.Type().Size())) + s.estimator.Memory(obj, batch)
}

// String writes the solver for logs, as in NAG momentum=0.9 rate=cosine(0.05,0,3752) decay=0.0005.
func (s *Solver) String() string {
	var b strings.Builder
	b.WriteString(s.Name())
	if _, ok := s.estimator.(BatchGradient); !ok {
		b.WriteString(" from " + s.describeEstimator())
	}
	for _, q := range s.quantities[1 : 1+len(s.spec.Hyper)] {
		b.WriteString(" " + q.String())
	}
	b.WriteString(" " + s.quantities[rateIndex].String())
	for _, q := range s.quantities[1+len(s.spec.Hyper):] {
		b.WriteString(" " + q.String())
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

// String writes a quantity as name=value.
func (q quantity) String() string {
	name := strings.ReplaceAll(q.name, " ", "-")
	if q.fixed {
		return fmt.Sprintf("%s=%v", name, q.schedule.At(schedules.Time{}))
	}
	return fmt.Sprintf("%s=%v", name, q.schedule)
}

// typeName is the name of a value's type without its package.
func typeName(v any) string {
	name := fmt.Sprintf("%T", v)
	return name[strings.LastIndexByte(name, '.')+1:]
}
