package graph

import (
	"github.com/fallline/fallline/vector"
	"gorgonia.org/gorgonia"
)

// Option changes what Compile makes.
type Option func(*options)

type options struct {
	params    gorgonia.Nodes
	hasParams bool
	frozen    gorgonia.Nodes
	fixed     gorgonia.Nodes
	outputs   gorgonia.Nodes
	noFusion  bool
	group     func(name string) string
	weights   *vector.Vector
}

// Params are the inputs to differentiate the cost by. Compile calls gorgonia.Grad, so this can be done once for a
// graph; where the cost was differentiated by all of them before, those derivatives are taken.
//
// Without this option the parameters are the inputs that carry a derivative already, because gorgonia.Grad was called
// on the cost. Params of nothing makes a program that only evaluates.
func Params(nodes ...*gorgonia.Node) Option {
	return func(o *options) {
		o.params = append(o.params, nodes...)
		o.hasParams = true
	}
}

// Frozen are inputs that live in the weights beside the parameters but get no gradient: their ranges of it stay 0.
func Frozen(nodes ...*gorgonia.Node) Option {
	return func(o *options) { o.frozen = append(o.frozen, nodes...) }
}

// Fixed are inputs that have the same size at every batch, such as a table or weights that aren't the program's.
// Program.Memory counts them so.
func Fixed(nodes ...*gorgonia.Node) Option {
	return func(o *options) { o.fixed = append(o.fixed, nodes...) }
}

// Outputs are nodes whose Value must hold after a run, beside the cost's. It holds until the next run, which overwrites
// it; other nodes that the program computes have no value at all. The children of gorgonia.Read nodes are outputs too.
func Outputs(nodes ...*gorgonia.Node) Option {
	return func(o *options) { o.outputs = append(o.outputs, nodes...) }
}

// NoFusion runs every node's own op. The results are then bit-equal to a gorgonia.TapeMachine's with the same BLAS.
func NoFusion() Option {
	return func(o *options) { o.noFusion = true }
}

// Groups says which group (vector.Range.Group) a parameter belongs to, by its name.
func Groups(group func(name string) string) Option {
	return func(o *options) { o.group = group }
}

// Weights makes the program work on an existing vector, such as another program's Weights, instead of a new one.
// Parameters and frozen inputs are matched to its ranges by name and must agree in shape and type. Their own values, if
// any, are dropped.
func Weights(v *vector.Vector) Option {
	return func(o *options) { o.weights = v }
}
