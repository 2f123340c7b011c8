package winograd

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel/direct"
	"github.com/fallline/fallline/internal/kernel/pool"
)

// Pool is a maximum pool behind a convolution. Tasks take whole images through both, so that what lies between them, or
// the gradient by it, never leaves the cache. Without results there is no pool.
type Pool struct {
	pool.Shape
	back    bool      // the gradient is spread to the cells that had the maxima
	Results []float32 // maxima, or the gradient by them
	Arg     []uint16
}

// forward reports whether there is a pool of the output.
func (p *Pool) forward() bool { return p.Results != nil && !p.back }

// run pools the images from number first on, whose cells are given, or spreads the gradient to them.
func (p *Pool) run(first, images int, cells unsafe.Pointer) {
	oh, ow := p.Out()
	size := oh * ow * p.C
	image := unsafe.Slice((*float32)(cells), images*p.H*p.W*p.C)
	results, arg := p.Results[first*size:(first+images)*size], p.Arg[first*size:(first+images)*size]
	some := p.Shape
	some.N = images
	if p.back {
		pool.MaxGradHere(some, results, arg, image)
	} else {
		pool.MaxHere(some, image, results, arg)
	}
}

// around returns the input and output of c for the tiles of r: with a pool, one of them is a scratch copy of these
// images alone, which for the input is filled.
func (p *Pool) around(c *conv, s *scratch, r run) (in, out images) {
	in, out = c.in, c.out
	if p.Results == nil {
		return in, out
	}
	cells := s.images.Get(4 * r.images * p.H * p.W * p.C)
	if p.back {
		p.run(r.image, r.images, cells)
		in.first, in.cells = r.image, cells
	} else {
		out.first, out.cells = r.image, cells
	}
	return in, out
}

// Pools reports whether a pass of s is to be computed together with a pool behind s.
func Pools(s direct.Shape, is32 bool, pass direct.Pass) bool {
	rows, cols := s.Out()
	if pass == direct.PassData {
		rows, cols = s.H, s.W
	}
	down, across := axes(rows, cols)
	tiles := down.tiles() * across.tiles()
	return Pays(s, is32, pass) && tiles <= mixed && s.N*tiles > few
}
