package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/vector"
)

// finiteInput returns an error that names the first number of the examples in x that isn't finite.
func (m *Model) finiteInput(x []float32) error {
	i := vector.NotFinite(x)
	if i < 0 {
		return nil
	}
	size := product(m.input)
	return errors.Errorf("number %d of example %d is %v, want finite ones", i%size, i/size, x[i])
}

// finiteOutput returns an error that names the first output that isn't finite: no class can be told by it.
func finiteOutput[T float32 | float64](m *Model, outputs []T) error {
	i := vector.NotFinite(outputs)
	if i < 0 {
		return nil
	}
	size, what := product(m.output), "output"
	if m.net.classes > 0 {
		what = "class"
	}
	return errors.Errorf("example %d gives %v for %s %d: there are weights that aren't finite, or too large", i/size, outputs[i], what, i%size)
}

// finiteLoss returns an error where a loss isn't finite, with the last run's output where that is why.
func (m *Model) finiteLoss(loss float64) error {
	if loss-loss == 0 {
		return nil
	}
	err := errors.Errorf("the loss is %v", loss)
	t := m.eval.output.Value().(*tensor.Dense)
	why := error(nil)
	if t.Dtype() == tensor.Float32 {
		why = finiteOutput(m, t.Float32s())
	} else {
		why = finiteOutput(m, t.Float64s())
	}
	if why != nil {
		err = errors.WithMessage(why, err.Error())
	}
	return err
}
