package datasets

import (
	"slices"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/memory"
	"github.com/pkg/errors"
)

// Examples is a dataset of float32 rows in memory, each with a class or with targets.
type Examples struct {
	shape   []int
	x       []float32
	labels  []int
	classes int
	names   []string // of the classes; nil for numbers
	targets []float32
	outputs int
	n       int
}

// NewExamples makes a dataset for a classification: x has len(labels) rows of a shape. It keeps the slices and the
// caller must not change them.
//
// A shape that doesn't divide x into as many rows as there are labels, a label outside [0, classes) and a value that
// isn't finite are errors.
func NewExamples(shape []int, x []float32, labels []int, classes int) (*Examples, error) {
	e := &Examples{shape: append([]int{}, shape...), x: x, labels: labels, classes: classes, n: len(labels)}
	if err := e.check(); err != nil {
		return nil, err
	}
	return e, checkLabels(labels, classes)
}

// NewRegression makes a dataset for a regression: x has rows of a shape, and targets has as many rows of outputs
// values. It keeps the slices and the caller must not change them.
func NewRegression(shape []int, x, targets []float32, outputs int) (*Examples, error) {
	if outputs < 1 || len(targets)%outputs != 0 {
		return nil, errors.Errorf("datasets: %d targets in rows of %d", len(targets), outputs)
	}
	e := &Examples{shape: append([]int{}, shape...), x: x, targets: targets, outputs: outputs, n: len(targets) / outputs}
	if err := e.check(); err != nil {
		return nil, err
	}
	return e, nil
}

func (e *Examples) check() error {
	if err := checkShape(e.shape); err != nil {
		return err
	}
	if size := Features(e.shape); len(e.x)%size != 0 || len(e.x)/size != e.n {
		return errors.Errorf("datasets: %d values for %d examples of shape %v, want %d", len(e.x), e.n, e.shape, e.n*size)
	}
	if e.n == 0 {
		return errors.New("datasets: no examples")
	}
	if err := checkFinite(feature, e.x, Features(e.shape), nil); err != nil {
		return errors.WithMessage(err, "datasets")
	}
	return errors.WithMessage(checkFinite(target, e.targets, e.outputs, nil), "datasets")
}

// Len is the number of examples.
func (e *Examples) Len() int { return e.n }

// Shape is the shape of one example.
func (e *Examples) Shape() []int { return e.shape }

// Classes is the number of classes, 0 for a regression.
func (e *Examples) Classes() int { return e.classes }

// Named returns the same examples with names for the classes, by label: what ClassNames gives. Another number of names
// than there are classes, an empty name and one that is there twice are errors.
func (e *Examples) Named(names ...string) (*Examples, error) {
	if err := checkNames(names, e.classes); err != nil {
		return nil, err
	}
	named := *e
	named.names = slices.Clone(names)
	return &named, nil
}

// ClassNames returns the names of the classes by label; nil where they weren't given.
func (e *Examples) ClassNames() []string { return slices.Clone(e.names) }

// Outputs is the number of targets of an example, 0 for a classification.
func (e *Examples) Outputs() int { return e.outputs }

// Describe implements Described.
func (e *Examples) Describe() Description {
	return Description{Outputs: e.outputs, ClassNames: e.ClassNames()}
}

// Read implements Dataset. draw has no effect.
func (e *Examples) Read(b *batch.Batch, index []int32, _ uint64) error {
	if err := checkIndex(index, e.n); err != nil {
		return err
	}
	b.X = gather(b.X, e.x, index, Features(e.shape))
	b.Targets = gather(b.Targets, e.targets, index, e.outputs)
	b.Labels = b.Labels[:0]
	if e.classes > 0 {
		b.Labels = gather(b.Labels, e.labels, index, 1)
	}
	return nil
}

// gather copies the rows of these numbers.
func gather[T any](dst, rows []T, index []int32, size int) []T {
	dst = memory.Resize(dst, len(index)*size)
	for k, i := range index {
		copy(dst[k*size:(k+1)*size], rows[int(i)*size:])
	}
	return dst
}
