package winograd

// axis cuts an axis of an image into tiles of four cells and, after those, narrow ones of three. A tile takes products
// at two points more than it has cells, so that 7 = 4 + 3 cells take 11 where two tiles of four would take 12.
type axis struct{ wide, narrow int }

// mixed is how many tiles an image may have if some of them are narrow: these gain little on large images, and images
// whose tiles are of several kinds are taken as a whole.
const mixed = 100

// axes cuts the axes of an image.
func axes(h, w int) (down, across axis) {
	down, across = cutWinogradAxis(h), cutWinogradAxis(w)
	if down.tiles()*across.tiles() > mixed {
		return axis{wide: (h + 3) / 4}, axis{wide: (w + 3) / 4}
	}
	return down, across
}

// cutWinogradAxis cuts n cells, or more, so that the points are fewest.
func cutWinogradAxis(n int) axis {
	best := axis{wide: (n + 3) / 4}
	for narrow := 1; narrow <= 3; narrow++ {
		if a := (axis{max(0, n-3*narrow+3) / 4, narrow}); a.points() < best.points() {
			best = a
		}
	}
	return best
}

func (a axis) tiles() int  { return a.wide + a.narrow }
func (a axis) points() int { return 6*a.wide + 5*a.narrow }

// of is the number of tiles of a kind, and the cell at which the first of them starts.
func (a axis) of(narrow bool) (tiles, first int) {
	if narrow {
		return a.narrow, 4 * a.wide
	}
	return a.wide, 0
}

// Tiles returns how many tiles an image of h by w outputs has.
func Tiles(h, w int) int {
	down, across := axes(h, w)
	return down.tiles() * across.tiles()
}
