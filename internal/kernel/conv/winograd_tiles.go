package conv

import "github.com/fallline/fallline/internal/kernel/threads"

// winogradKind is the size of a tile: of four rows or columns or, if narrow, three.
type winogradKind int

const (
	narrowRows winogradKind = 1 << iota
	narrowCols
	winogradKinds = 1 << iota
)

// winogradOrder is the order of the kinds among the tiles of some images. All tiles that have a point are neighbours in it, whichever
// the point is: the narrow ones lack number 4 of their axis.
var winogradOrder = [winogradKinds]winogradKind{narrowRows, 0, narrowCols, narrowRows | narrowCols}

// winogradLacking is the point that a narrow tile lacks. The products at the others are of the same transformed filters.
const winogradLacking = 4

// winogradRun is the tiles [lo, hi) of some images, counted kind after kind.
type winogradRun struct{ image, images, lo, hi int }

func (r winogradRun) count() int { return r.hi - r.lo }

// part is the tiles [lo, hi) of r.
func (r winogradRun) part(lo, hi int) winogradRun {
	r.lo, r.hi = r.lo+lo, r.lo+hi
	return r
}

// winogradPlace is a tile and where in the output it starts.
type winogradPlace struct {
	kind            winogradKind
	image, row, col int
}

func (t winogradPlace) rows() int { return 4 - int(t.kind&narrowRows) }
func (t winogradPlace) cols() int { return 4 - int(t.kind&narrowCols)/int(narrowCols) }

// all is the tiles of all images.
func (g *winogradGrid) all() winogradRun { return winogradRun{0, g.n, 0, g.tiles()} }

// share cuts all tiles into parts, as many as shares allows, and returns number i of them.
func (g *winogradGrid) share(parts, i int) winogradRun {
	if g.whole {
		lo, hi := threads.Share(g.n, parts, i)
		return winogradRun{lo, hi - lo, 0, (hi - lo) * g.perImage()}
	}
	lo, hi := threads.Share(g.tiles(), parts, i)
	return g.all().part(lo, hi)
}

// most is how many tiles the largest of so many parts has.
func (g *winogradGrid) most(parts int) int {
	if g.whole {
		return (g.n + parts - 1) / parts * g.perImage()
	}
	return (g.tiles() + parts - 1) / parts
}

// shares is how many parts there can be instead of a wish.
func (g *winogradGrid) shares(wish int) int {
	if g.whole {
		return min(wish, g.n)
	}
	return min(wish, g.tiles())
}

// of is how many rows and columns of tiles of a kind an image has.
func (g *winogradGrid) of(kind winogradKind) (rows, cols int) {
	rows, _ = g.down.of(kind&narrowRows != 0)
	cols, _ = g.across.of(kind&narrowCols != 0)
	return rows, cols
}

// at is tile number i of r.
func (g *winogradGrid) at(r winogradRun, i int) winogradPlace {
	i += r.lo
	for _, kind := range winogradOrder {
		rows, top := g.down.of(kind&narrowRows != 0)
		cols, left := g.across.of(kind&narrowCols != 0)
		if n := r.images * rows * cols; i >= n {
			i -= n
			continue
		}
		t := winogradPlace{kind: kind, image: r.image + i/(rows*cols)}
		t.row = top + i/cols%rows*t.rows()
		t.col = left + i%cols*t.cols()
		return t
	}
	panic("kernel: no such tile")
}

// having returns which tiles [lo, hi) of r have a cell of the transforms.
func (g *winogradGrid) having(r winogradRun, cell int) (lo, hi int) {
	var ends [winogradKinds]int
	n := 0
	for i, kind := range winogradOrder {
		rows, cols := g.of(kind)
		n += r.images * rows * cols
		ends[i] = n
	}
	lo, hi = r.lo, r.hi
	if cell/6 == winogradLacking {
		lo, hi = max(lo, ends[0]), min(hi, ends[2])
	}
	if cell%6 == winogradLacking {
		hi = min(hi, ends[1])
	}
	return lo - r.lo, max(lo, hi) - r.lo
}
