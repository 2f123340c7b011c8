package graph

// This file says of Gorgonia's ops what the form of the result is, by those of the arguments. Their own InferShape
// gives numbers without saying where they come from, gives those of the graph as built for some, and doesn't notice
// arguments that no longer fit for others.

// apply finds what slot i's op may give.
func (z *sizing) apply(i int) ([]answer, error) {
	s := &z.p.slots[i]
	args := make([]form, len(s.args))
	for j, k := range s.args {
		args[j] = z.chosen[k].form
	}
	name := opType(computed(s.node))
	switch name {
	case "gorgonia.reshapeOp":
		return reshaped(s, args[0])
	case "*gorgonia.sliceOp":
		return z.sliced(i, s, args[0])
	case "gorgonia.sliceIncrOp":
		return unsliced(s, args[0], args[1])
	}
	f, err := z.form(s, name, args)
	if err != nil {
		return nil, err
	}
	_, ruled := rules[name]
	return []answer{{form: f, asked: !ruled}}, nil
}

// form is the result's form of an op that leaves no doubt. What its rule doesn't take is inferred by the op.
func (z *sizing) form(s *slot, name string, args []form) (form, error) {
	if err := rigid(name); err != nil {
		return nil, err
	}
	if rule, ok := rules[name]; ok {
		f, ok, err := rule(s, args)
		if err != nil {
			return nil, err
		}
		if ok && sameShape(f.was(), s.shape) {
			return f, nil
		}
	}
	if name == "*gorgonia.repeatOp" {
		return z.repeated(s, args[0])
	}
	return inferred(s, args)
}

// rule finds the form of an op's result. It says false where the op isn't used in a way that it knows.
type rule func(s *slot, args []form) (f form, ok bool, err error)

var rules = map[string]rule{
	"gorgonia.elemUnaryOp":          first,
	"*gorgonia.softmaxOp":           first,
	"*gorgonia.sparsemaxOp":         first,
	"*gorgonia.dropoutOp":           first,
	"*gorgonia.clampOp":             first,
	"*gorgonia.BatchNormOp":         first,
	"*gorgonia.byIndicesOpDiffOp":   first,
	"*gorgonia.maxPoolDiffOp":       first,
	"*gorgonia.upsampleDiffOp":      first,
	"gorgonia.elemBinOp":            elementwise,
	"gorgonia.minBetween":           elementwise,
	"gorgonia.maxBetween":           elementwise,
	"*gorgonia.softmaxDiffOp":       elementwise,
	"*gorgonia.sparsemaxDiffOp":     elementwise,
	"*gorgonia.batchnormDiffOp":     elementwise,
	"gorgonia.linAlgBinOp":          multiplied,
	"gorgonia.tensordotOp":          contracted,
	"gorgonia.sumOp":                reduced,
	"*gorgonia.maxOp":               reduced,
	"gorgonia.sizeOp":               scalar,
	"gorgonia.atOp":                 picked,
	"gorgonia.transposeOp":          transposed,
	"gorgonia.concatOp":             joined,
	"gorgonia.diagFlatOp":           diagonal,
	"*gorgonia.byIndicesOp":         indexed,
	"gorgonia.im2colOp":             perImage,
	"*gorgonia.upsampleOp":          perImage,
	"*gorgonia.globalAveragePoolOp": perImage,
	"*gorgonia.maxPoolOp":           perImage,
}

// owns are the ops of Gorgonia that hold the shape of their argument, whatever they are given.
var owns = map[string]bool{
	"gorgonia.col2imOp":       true,
	"*gorgonia.dtConvOp":      true,
	"*gorgonia.ctcLossOp":     true,
	"*gorgonia.ctcLossDiffOp": true,
}

// rigid is the error of an op that can't do another batch.
func rigid(name string) error {
	if owns[name] {
		return doubtf("the op works at its own batch only")
	}
	return nil
}
