package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/vector"
)

// machine runs one of a model's two graphs.
type machine struct {
	program  *graph.Program
	output   *gorgonia.Node
	x, truth *gorgonia.Node
	streams  []*op.Stream
}

// newMachine compiles a graph over the given weights; only the training graph is differentiated.
func newMachine(a assembly, weights *vector.Vector, training bool) (*machine, error) {
	params, frozen := a.context.params, gorgonia.Nodes(nil)
	if !training {
		params, frozen = nil, params
	}
	p, err := graph.Compile(a.cost, graph.Weights(weights), graph.Params(params...), graph.Frozen(frozen...),
		graph.Fixed(a.context.frozen...), graph.Fixed(a.context.fixed...), graph.Outputs(a.output))
	if err != nil {
		return nil, err
	}
	return &machine{
		program: p, output: a.output, x: a.x, truth: a.context.target, streams: a.context.streams,
	}, nil
}

// run binds a batch and evaluates the cost at w, and its gradient into g where g is not nil.
func (m *machine) run(w, g *vector.Vector, b batch.Batch) (float64, error) {
	err := graph.Feed(m.program, m.x, b.X)
	if err == nil && m.truth.Dtype() == tensor.Int {
		err = graph.Feed(m.program, m.truth, b.Labels)
	} else if err == nil {
		err = graph.Feed(m.program, m.truth, b.Targets)
	}
	if err != nil {
		return 0, errors.WithMessage(err, "bind")
	}
	for _, s := range m.streams {
		s.Draw, s.Index = b.Draw, b.Index
	}
	cost, err := m.program.Evaluate(w, g)
	return cost, errors.WithMessage(err, "run")
}
