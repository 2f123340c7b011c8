package nn

import (
	"math/rand/v2"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/vector"
)

// checkRows is the number of examples that CheckGradient looks at.
const checkRows = 5

// CheckGradient compares the gradient of a network, or of a single layer or loss of one's own, with central differences
// of its loss, in float64: by every weight that learns, and by the input. It takes Build's arguments; MeanSquaredError
// does for a layer.
//
//	(f(w + h e) − f(w − h e)) / 2h   for up to 50 elements e of each weight, and along random directions
//
// Weights start as they do in Build and are moved a little, so that no bias is 0; input, labels and targets are random.
// All are functions of the option Seed. Batch norm's statistics stay, and dropout drops the same numbers each time.
//
// It returns nil where all agree to 1e-6 of the largest element of the weight's gradient. Else the error names the
// worst element with both numbers; the weight input.shift, which is added to every example, stands for the input. Where
// a ReLU or a maximum pool happens to have a kink between two points the difference is wrong, not the gradient: another
// seed tells.
func CheckGradient(net Layer, shape []int, loss Loss, options ...Option) error {
	n, err := newNetwork(options)
	if err != nil {
		return err
	}
	n.dtype = tensor.Float64
	return errors.WithMessage(checkGradient(n, net, shape, loss), "nn")
}

func checkGradient(n *network, net Layer, shape []int, loss Loss) error {
	layers, err := description(net, shape, loss)
	if err != nil {
		return err
	}
	n.front = Func("input", shiftInput)
	train, err := n.assemble(layers, shape, loss, true)
	if err != nil {
		return err
	}
	if _, err := n.assemble(layers, shape, loss, false); err != nil {
		return err
	}
	weights, frozen, err := n.vectors()
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(n.seed, hash("gradient check")))
	for i := range weights.F64 {
		weights.F64[i] += 0.1 * r.NormFloat64()
	}
	if err := train.bindFrozen(frozen); err != nil {
		return err
	}
	if err := train.bindExamples(n, weights, r); err != nil {
		return err
	}
	for _, s := range n.states {
		s.state.Move(false)
	}
	return graph.CheckGradient(train.cost, train.context.params)
}

// bindExamples gives the weights, and random examples, to the graph's inputs.
func (a assembly) bindExamples(n *network, weights *vector.Vector, r *rand.Rand) error {
	for i, p := range a.context.params {
		if err := gorgonia.Let(p, graph.View(weights, i)); err != nil {
			return errors.Wrapf(err, "weight %s", p.Name())
		}
	}
	// Let would want the number of rows that the graph was made with
	gorgonia.WithValue(randomNumbers(r, a.context.Shape(a.x)))(a.x)
	truth := randomNumbers(r, n.targets)
	if n.classes > 0 {
		labels := make([]int, checkRows)
		for i := range labels {
			labels[i] = r.IntN(n.classes)
		}
		truth = tensor.New(tensor.WithBacking(labels))
	}
	gorgonia.WithValue(truth)(a.context.target)
	return nil
}

// randomNumbers are normal numbers for a few examples of a shape.
func randomNumbers(r *rand.Rand, shape []int) *tensor.Dense {
	x := make([]float64, checkRows*product(shape))
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return tensor.New(tensor.WithShape(append([]int{checkRows}, shape...)...), tensor.WithBacking(x))
}
