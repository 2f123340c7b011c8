package datasets

import (
	"slices"

	"github.com/fallline/fallline/internal/isnil"
	"github.com/pkg/errors"
)

// expected is what a file takes over from a training set, or what its settings say in its place: the one way by which
// the task, the numbers of the classes, the features and their order get from one file to another.
type expected struct {
	given     bool // by a training set
	task      Task
	classes   []string // nil for those that are found
	outputs   int
	shape     []int    // nil for as found
	columns   []string // nil where the training set doesn't name them
	targets   []string // the same
	zeroBased bool
}

// expectedOf is what settings say: a training set, nil for none, and the names of classes, nil for none.
func expectedOf(d Dataset, names []string) (expected, error) {
	if isnil.Any(d) {
		l := expected{classes: names}
		if names != nil {
			l.task = Classification
		}
		return l, nil
	}
	if names != nil {
		return expected{}, errors.New("both Classes and Like are given, want one of the two")
	}
	if err := Validate(d); err != nil {
		return expected{}, errors.WithMessage(err, "Like")
	}
	says := Describe(d)
	return expected{
		given: true, task: taskOf(d), classes: ClassNames(d), outputs: says.Outputs, shape: slices.Clone(d.Shape()),
		columns: slices.Clone(says.Columns), targets: says.targets, zeroBased: says.zeroBased,
	}, nil
}
