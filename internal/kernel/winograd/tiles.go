package winograd

import "github.com/fallline/fallline/internal/kernel/threads"

// tileKind is the size of a tile: of four rows or columns or, if narrow, three.
type tileKind int

const (
	narrowRows tileKind = 1 << iota
	narrowCols
	kindCount = 1 << iota
)

// order is the order of the kinds among the tiles of some images. All tiles that have a point are neighbours in it,
// whichever the point is: the narrow ones lack number 4 of their axis.
var order = [kindCount]tileKind{narrowRows, 0, narrowCols, narrowRows | narrowCols}

// lacking is the point that a narrow tile lacks. The products at the others are of the same transformed filters.
const lacking = 4

// run is the tiles [lo, hi) of some images, counted kind after kind.
type run struct{ image, images, lo, hi int }

func (r run) count() int { return r.hi - r.lo }

// part is the tiles [lo, hi) of r.
func (r run) part(lo, hi int) run {
	r.lo, r.hi = r.lo+lo, r.lo+hi
	return r
}

// place is a tile and where in the output it starts.
type place struct {
	kind            tileKind
	image, row, col int
}

func (t place) rows() int { return 4 - int(t.kind&narrowRows) }
func (t place) cols() int { return 4 - int(t.kind&narrowCols)/int(narrowCols) }

// all is the tiles of all images.
func (g *grid) all() run { return run{0, g.n, 0, g.tiles()} }

// share cuts all tiles into parts, as many as shares allows, and returns number i of them.
func (g *grid) share(parts, i int) run {
	if g.whole {
		lo, hi := threads.Share(g.n, parts, i)
		return run{lo, hi - lo, 0, (hi - lo) * g.perImage()}
	}
	lo, hi := threads.Share(g.tiles(), parts, i)
	return g.all().part(lo, hi)
}

// most is how many tiles the largest of so many parts has.
func (g *grid) most(parts int) int {
	if g.whole {
		return (g.n + parts - 1) / parts * g.perImage()
	}
	return (g.tiles() + parts - 1) / parts
}

// shares is how many parts there can be instead of a wish.
func (g *grid) shares(wish int) int {
	if g.whole {
		return min(wish, g.n)
	}
	return min(wish, g.tiles())
}

// of is how many rows and columns of tiles of a kind an image has.
func (g *grid) of(kind tileKind) (rows, cols int) {
	rows, _ = g.down.of(kind&narrowRows != 0)
	cols, _ = g.across.of(kind&narrowCols != 0)
	return rows, cols
}

// at is tile number i of r.
func (g *grid) at(r run, i int) place {
	i += r.lo
	for _, kind := range order {
		rows, top := g.down.of(kind&narrowRows != 0)
		cols, left := g.across.of(kind&narrowCols != 0)
		if n := r.images * rows * cols; i >= n {
			i -= n
			continue
		}
		t := place{kind: kind, image: r.image + i/(rows*cols)}
		t.row = top + i/cols%rows*t.rows()
		t.col = left + i%cols*t.cols()
		return t
	}
	panic("kernel: no such tile")
}

// having returns which tiles [lo, hi) of r have a cell of the transforms.
func (g *grid) having(r run, cell int) (lo, hi int) {
	var ends [kindCount]int
	n := 0
	for i, kind := range order {
		rows, cols := g.of(kind)
		n += r.images * rows * cols
		ends[i] = n
	}
	lo, hi = r.lo, r.hi
	if cell/6 == lacking {
		lo, hi = max(lo, ends[0]), min(hi, ends[2])
	}
	if cell%6 == lacking {
		hi = min(hi, ends[1])
	}
	return lo - r.lo, max(lo, hi) - r.lo
}
