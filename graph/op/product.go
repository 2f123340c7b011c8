package op

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// product is a matrix product of which one factor may be transposed: the two gradients of Affine.
type product[T kernel.Float] struct{ transA, transB bool }

func (p product[T]) String() string {
	switch {
	case p.transA:
		return "aᵀ·b"
	case p.transB:
		return "a·bᵀ"
	}
	return "a·b"
}

// dims returns the sizes m, n, k of a product of (m, k) and (k, n).
func (p product[T]) dims(a, b tensor.Shape) (m, n, k, k2 int) {
	m, k, k2, n = a[0], a[1], b[0], b[1]
	if p.transA {
		m, k = k, m
	}
	if p.transB {
		k2, n = n, k2
	}
	return m, n, k, k2
}

func (p product[T]) Shape(in []tensor.Shape) (tensor.Shape, error) {
	a, b := in[0], in[1]
	if len(a) != 2 || len(b) != 2 {
		return nil, errors.Errorf("shapes %v and %v, want two matrices", a, b)
	}
	m, n, k, k2 := p.dims(a, b)
	if k != k2 {
		return nil, errors.Errorf("shapes %v and %v don't fit", a, b)
	}
	return tensor.Shape{m, n}, nil
}

func (p product[T]) Run(out gorgonia.Value, in []gorgonia.Value) error {
	a, b := in[0].Shape(), in[1].Shape()
	m, n, k, _ := p.dims(a, b)
	gemm.Gemm(p.transA, p.transB, m, n, k, 1, data[T](in[0]), a[1], data[T](in[1]), b[1], 0, data[T](out), n)
	return nil
}
