package graph

import (
	"hash"
	"io"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// gradientOp is an op of our own that a mended derivative needs. It has no derivative itself.
type gradientOp struct {
	name  string // with its attributes: it tells one from another
	like  int    // the result has the type and shape of this argument
	types []hm.Type
	f32   func() lowering
	f64   func() lowering
}

// apply adds the op's node. The result is like argument number like.
func (o gradientOp) apply(args ...*gorgonia.Node) (*gorgonia.Node, error) {
	for _, a := range args {
		o.types = append(o.types, a.Type())
	}
	return gorgonia.ApplyOp(&o, args...)
}

// kernel is the op's kernel for a type.
func (o *gradientOp) kernel(dt tensor.Dtype) lowering {
	if dt == tensor.Float32 {
		return o.f32()
	}
	return o.f64()
}

func (o *gradientOp) Arity() int { return len(o.types) }

// Type is made anew at every call, since Gorgonia takes it apart.
func (o *gradientOp) Type() hm.Type {
	return hm.NewFnType(append(append([]hm.Type(nil), o.types...), o.types[o.like])...)
}

func (o *gradientOp) InferShape(in ...gorgonia.DimSizer) (tensor.Shape, error) {
	return in[o.like].(tensor.Shape).Clone(), nil
}

// Do computes the result in memory of its own.
func (o *gradientOp) Do(in ...gorgonia.Value) (gorgonia.Value, error) {
	like := in[o.like]
	var out gorgonia.Value
	if shape := like.Shape(); shape.IsScalar() {
		out = newScalar(like.Dtype())
	} else {
		out = tensor.New(tensor.Of(like.Dtype()), tensor.WithShape(shape.Clone()...))
	}
	err := protect(func() error {
		o.kernel(like.Dtype())(out, in)
		return nil
	})
	return out, err
}

func (o *gradientOp) ReturnsPtr() bool { return false }

func (o *gradientOp) CallsExtern() bool { return false }

func (o *gradientOp) OverwritesInput() int { return -1 }

func (o *gradientOp) DiffWRT(inputs int) []bool { return make([]bool, inputs) }

func (o *gradientOp) SymDiff(gorgonia.Nodes, *gorgonia.Node, *gorgonia.Node) (gorgonia.Nodes, error) {
	return nil, nil
}

func (o *gradientOp) WriteHash(h hash.Hash) { io.WriteString(h, o.name) }

func (o *gradientOp) Hashcode() uint32 { return hashcode(o) }

func (o *gradientOp) String() string { return o.name }
