package tensors

import (
	"fmt"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

// count makes a tensor of the numbers from 0 on.
func count[T float32 | float64 | int](shape ...int) *tensor.Dense {
	x := make([]T, tensor.Shape(shape).TotalSize())
	for i := range x {
		x[i] = T(i)
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))
}

// TestOrdered compares with the elements that Dense.At finds.
func TestOrdered(t *testing.T) {
	transposed := func(d *tensor.Dense, axes ...int) *tensor.Dense {
		if err := d.T(axes...); err != nil {
			t.Fatal(err)
		}
		return d
	}
	cut := func(d *tensor.Dense, s ...tensor.Slice) *tensor.Dense {
		v, err := d.Slice(s...)
		if err != nil {
			t.Fatal(err)
		}
		return v.(*tensor.Dense)
	}
	for name, d := range map[string]*tensor.Dense{
		"in order":       count[float32](3, 4),
		"transposed":     transposed(count[float64](3, 4)),
		"axes permuted":  transposed(count[int](2, 3, 4), 2, 0, 1),
		"columns":        cut(count[float32](3, 4), nil, tensor.S(1, 3)),
		"middle":         cut(count[float64](4, 3, 2), tensor.S(1, 3), tensor.S(0, 2)),
		"column major":   tensor.New(tensor.WithShape(2, 3), tensor.AsFortran([]float32{0, 1, 2, 3, 4, 5})),
		"transposed cut": transposed(cut(count[float32](4, 4), tensor.S(0, 2), tensor.S(1, 4))),
	} {
		if ordered := name == "in order"; InOrder(d) != ordered {
			t.Errorf("%s: InOrder says %v", name, !ordered)
		}
		o := Ordered(d)
		if !InOrder(o) || !slices.Equal(o.Shape(), d.Shape()) || o.Dtype() != d.Dtype() {
			t.Errorf("%s: %v of %v, in order: %v", name, o.Shape(), o.Dtype(), InOrder(o))
			continue
		}
		at := make([]int, d.Dims())
		for i := range d.Shape().TotalSize() {
			for k, rest := d.Dims()-1, i; k >= 0; k-- {
				at[k], rest = rest%d.Shape()[k], rest/d.Shape()[k]
			}
			want, err := d.At(at...)
			if err != nil {
				t.Fatal(err)
			}
			if have := fmt.Sprint(o.Get(i)); have != fmt.Sprint(want) {
				t.Errorf("%s: element %v is %s, want %v", name, at, have, want)
			}
		}
	}
}
