package sizing

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/tensors"
)

// This file says of Gorgonia's ops what the form of the result is, by those of the arguments. Their own InferShape
// gives numbers without saying where they come from, gives those of the graph as built for some, and doesn't notice
// arguments that no longer fit for others.

// apply finds what node i's op may give.
func (z *sizing) apply(i int) ([]answer, error) {
	s := &z.graph.form.Nodes[i]
	args := make([]form, len(s.Inputs))
	for j, k := range s.Inputs {
		args[j] = z.chosen[k].form
	}
	switch s.Kind {
	case gate.Reshape:
		return reshaped(s, args[0])
	case gate.Slice:
		return z.sliced(i, s, args[0])
	case gate.SliceGrad:
		return unsliced(s, args[0], args[1])
	}
	f, err := z.form(s, args)
	if err != nil {
		return nil, err
	}
	_, ruled := rules[s.Kind]
	return []answer{{form: f, asked: !ruled}}, nil
}

// form is the result's form of an op that leaves no doubt. What its rule doesn't take is inferred by the op.
func (z *sizing) form(s *gate.Node, args []form) (form, error) {
	if err := rigid(s.Kind); err != nil {
		return nil, err
	}
	if rule, ok := rules[s.Kind]; ok {
		f, ok, err := rule(s, args)
		if err != nil {
			return nil, err
		}
		if ok && tensors.Same(f.was(), s.Shape) {
			return f, nil
		}
	}
	if s.Kind == gate.Repeat {
		return z.repeated(s, args[0])
	}
	return inferred(s, args)
}

// rule finds the form of an op's result. It says false where the op isn't used in a way that it knows.
type rule func(s *gate.Node, args []form) (f form, ok bool, err error)

var rules = map[gate.Kind]rule{
	gate.Unary:             first,
	gate.Softmax:           first,
	gate.Sparsemax:         first,
	gate.Dropout:           first,
	gate.BatchNorm:         first,
	gate.ByIndicesGrad:     first,
	gate.MaxPoolGrad:       first,
	gate.UpsampleGrad:      first,
	gate.Binary:            elementwise,
	gate.MinBetween:        elementwise,
	gate.MaxBetween:        elementwise,
	gate.SoftmaxGrad:       elementwise,
	gate.SparsemaxGrad:     elementwise,
	gate.BatchNormGrad:     elementwise,
	gate.Product:           multiplied,
	gate.Tensordot:         contracted,
	gate.Sum:               reduced,
	gate.Max:               reduced,
	gate.Size:              scalar,
	gate.At:                picked,
	gate.Transpose:         transposed,
	gate.Concat:            joined,
	gate.DiagFlat:          diagonal,
	gate.ByIndices:         indexed,
	gate.Columns:           perImage,
	gate.Upsample:          perImage,
	gate.GlobalAveragePool: perImage,
	gate.MaxPool:           perImage,
}

// owns are the ops of Gorgonia that hold the shape of their argument, whatever they are given.
var owns = map[gate.Kind]bool{
	gate.ColumnsGrad: true,
	gate.Convert:     true,
	gate.CTCLoss:     true,
	gate.CTCLossGrad: true,
}

// rigid is the error of an op that can't do another batch.
func rigid(kind gate.Kind) error {
	if owns[kind] {
		return doubtf("the op works at its own batch only")
	}
	return nil
}
