package mend

import (
	"hash"
	"io"

	"github.com/chewxy/hm"
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/internal/stock"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Gradient is an op of our own that a mended derivative needs. It has no derivative itself.
type Gradient struct {
	name  string // with its attributes: it tells one from another
	like  int    // the result has the type and shape of this argument
	types []hm.Type
	f32   func() stock.Kernel
	f64   func() stock.Kernel
}

// apply adds the op's node. The result is like argument number like.
func (o Gradient) apply(args ...*gorgonia.Node) (*gorgonia.Node, error) {
	for _, a := range args {
		o.types = append(o.types, a.Type())
	}
	return gorgonia.ApplyOp(&o, args...)
}

// Kernel is the op's kernel for a type.
func (o *Gradient) Kernel(dt tensor.Dtype) stock.Kernel {
	if dt == tensor.Float32 {
		return o.f32()
	}
	return o.f64()
}

func (o *Gradient) Arity() int { return len(o.types) }

// Type is made anew at every call, since Gorgonia takes it apart.
func (o *Gradient) Type() hm.Type {
	return hm.NewFnType(append(append([]hm.Type(nil), o.types...), o.types[o.like])...)
}

func (o *Gradient) InferShape(in ...gorgonia.DimSizer) (tensor.Shape, error) {
	return in[o.like].(tensor.Shape).Clone(), nil
}

// Do computes the result in memory of its own.
func (o *Gradient) Do(in ...gorgonia.Value) (gorgonia.Value, error) {
	like := in[o.like]
	var out gorgonia.Value
	if shape := like.Shape(); shape.IsScalar() {
		out = tensors.NewScalar(like.Dtype())
	} else {
		out = tensor.New(tensor.Of(like.Dtype()), tensor.WithShape(shape.Clone()...))
	}
	err := gate.Protect(func() error {
		o.Kernel(like.Dtype())(out, in)
		return nil
	})
	return out, err
}

func (o *Gradient) ReturnsPtr() bool { return false }

func (o *Gradient) CallsExtern() bool { return false }

func (o *Gradient) OverwritesInput() int { return -1 }

func (o *Gradient) DiffWRT(inputs int) []bool { return make([]bool, inputs) }

func (o *Gradient) SymDiff(gorgonia.Nodes, *gorgonia.Node, *gorgonia.Node) (gorgonia.Nodes, error) {
	return nil, nil
}

func (o *Gradient) WriteHash(h hash.Hash) { io.WriteString(h, o.name) }

func (o *Gradient) Hashcode() uint32 { return hashcode(o) }

func (o *Gradient) String() string { return o.name }
