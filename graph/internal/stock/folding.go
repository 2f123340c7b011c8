package stock

import "gorgonia.org/tensor"

// folding walks the elements of a shape in order and knows which group each is of when axes are taken out.
type folding struct {
	// stride: how far a step along an axis moves among the groups, 0 for one that is taken out
	size, stride, at [maxAxes]int
	axes, groups     int
	place, folded    int // the group, and how far the axes that are taken out are from their first element
}

// foldingOf starts at the first element. It panics on more axes than a kernel takes.
func foldingOf(shape tensor.Shape, along []int) (f folding) {
	want("axes", min(len(shape), maxAxes), len(shape))
	f.axes, f.groups = len(shape), 1
	for a := len(shape) - 1; a >= 0; a-- {
		f.size[a], f.stride[a] = shape[a], f.groups
		for _, out := range along {
			if out == a {
				f.stride[a] = 0
			}
		}
		if f.stride[a] > 0 {
			f.groups *= shape[a]
		}
	}
	return f
}

// group is the group of the present element.
func (f *folding) group() int { return f.place }

// first says whether the present element is the first of its group.
func (f *folding) first() bool { return f.folded == 0 }

// step goes to the next element.
func (f *folding) step() {
	for a := f.axes - 1; a >= 0; a-- {
		f.at[a]++
		f.place += f.stride[a]
		if f.stride[a] == 0 {
			f.folded++
		}
		if f.at[a] < f.size[a] {
			return
		}
		f.place -= f.at[a] * f.stride[a]
		if f.stride[a] == 0 {
			f.folded -= f.at[a]
		}
		f.at[a] = 0
	}
}
