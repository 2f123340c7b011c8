package conv

// winogradAxis cuts an axis of an image into tiles of four cells and, after those, narrow ones of three. A tile takes products at two
// points more than it has cells, so that 7 = 4 + 3 cells take 11 where two tiles of four would take 12.
type winogradAxis struct{ wide, narrow int }

// winogradMixed is how many tiles an image may have if some of them are narrow: these gain little on large images, and images whose
// tiles are of several kinds are taken as a whole.
const winogradMixed = 100

// winogradAxes cuts the axes of an image.
func winogradAxes(h, w int) (down, across winogradAxis) {
	down, across = cutWinogradAxis(h), cutWinogradAxis(w)
	if down.tiles()*across.tiles() > winogradMixed {
		return winogradAxis{wide: (h + 3) / 4}, winogradAxis{wide: (w + 3) / 4}
	}
	return down, across
}

// cutWinogradAxis cuts n cells, or more, so that the points are fewest.
func cutWinogradAxis(n int) winogradAxis {
	best := winogradAxis{wide: (n + 3) / 4}
	for narrow := 1; narrow <= 3; narrow++ {
		if a := (winogradAxis{max(0, n-3*narrow+3) / 4, narrow}); a.points() < best.points() {
			best = a
		}
	}
	return best
}

func (a winogradAxis) tiles() int  { return a.wide + a.narrow }
func (a winogradAxis) points() int { return 6*a.wide + 5*a.narrow }

// of is the number of tiles of a kind, and the cell at which the first of them starts.
func (a winogradAxis) of(narrow bool) (tiles, first int) {
	if narrow {
		return a.narrow, 4 * a.wide
	}
	return a.wide, 0
}

// winogradTiles returns how many tiles an image of h by w outputs has.
func winogradTiles(h, w int) int {
	down, across := winogradAxes(h, w)
	return down.tiles() * across.tiles()
}
