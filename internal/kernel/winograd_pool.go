package kernel

import "unsafe"

// winogradPool is a maximum pool behind a convolution. Tasks take whole images through both, so that what lies between them, or the
// gradient by it, never leaves the cache. Without results there is no pool.
type winogradPool struct {
	Pool
	back    bool      // the gradient is spread to the cells that had the maxima
	results []float32 // maxima, or the gradient by them
	arg     []uint16
}

// forward reports whether there is a pool of the output.
func (p *winogradPool) forward() bool { return p.results != nil && !p.back }

// run runs a routine of the pool on images from number first on, whose cells are given.
func (p *winogradPool) run(routine poolRoutine, first, images int, cells unsafe.Pointer) {
	oh, ow := p.Out()
	image, size := p.H*p.W*p.C, oh*ow*p.C
	j := poolJob[float32]{
		Pool: p.Pool, routine: routine, image: unsafe.Slice((*float32)(cells), images*image),
		results: p.results[first*size : (first+images)*size], arg: p.arg[first*size : (first+images)*size],
	}
	j.N = images
	j.measure()
	j.span(0, j.units)
}

// around returns the input and output of c for the tiles of r: with a pool, one of them is a scratch copy of these images alone, which
// for the input is filled.
func (p *winogradPool) around(c *winogradConv, s *winogradScratch, r winogradRun) (in, out winogradImages) {
	in, out = c.in, c.out
	if p.results == nil {
		return in, out
	}
	cells := s.images.get(4 * r.images * p.H * p.W * p.C)
	if p.back {
		p.run(poolMaxGrad, r.image, r.images, cells)
		in.first, in.cells = r.image, cells
	} else {
		out.first, out.cells = r.image, cells
	}
	return in, out
}

// poolsByWinograd reports whether a pass of s is to be computed together with a pool behind s.
func (s Conv) poolsByWinograd(is32 bool, pass convPass) bool {
	rows, cols := s.Out()
	if pass == passData {
		rows, cols = s.H, s.W
	}
	down, across := winogradAxes(rows, cols)
	tiles := down.tiles() * across.tiles()
	return s.byWinograd(is32, pass) && tiles <= winogradMixed && s.N*tiles > winogradFew
}
