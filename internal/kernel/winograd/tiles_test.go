package winograd

import "testing"

func TestWinogradAxis(t *testing.T) {
	for _, c := range []struct{ cells, wide, narrow int }{
		{1, 0, 1}, {2, 0, 1}, {3, 0, 1}, {4, 1, 0}, {5, 0, 2}, {6, 0, 2}, {7, 1, 1}, {8, 2, 0}, {9, 0, 3}, {10, 1, 2},
		{12, 3, 0}, {13, 1, 3}, {15, 3, 1}, {16, 4, 0}, {31, 7, 1}, {32, 8, 0},
	} {
		if got := cutWinogradAxis(c.cells); got != (axis{c.wide, c.narrow}) {
			t.Errorf("%d cells: %d wide and %d narrow tiles, want %d and %d", c.cells, got.wide, got.narrow, c.wide, c.narrow)
		}
	}
	if down, across := axes(45, 7); down.narrow == 0 || across.narrow == 0 {
		t.Errorf("45 x 7 cells: %v and %v have no narrow tiles", down, across)
	}
	if down, across := axes(45, 43); down != (axis{12, 0}) || across != (axis{11, 0}) {
		t.Errorf("45 x 43 cells: %v and %v, want wide tiles alone", down, across)
	}
}

// TestWinogradTiles wants every output in one tile of all parts, and the tiles that have a point side by side.
func TestWinogradTiles(t *testing.T) {
	for _, c := range []struct{ n, h, w, parts int }{
		{1, 3, 3, 1}, {5, 7, 7, 2}, {5, 15, 7, 3}, {4, 8, 8, 3}, {3, 8, 7, 2}, {3, 6, 9, 3}, {2, 45, 43, 7}, {1, 1, 5, 1},
	} {
		g := grid{n: c.n, out: images{h: c.h, w: c.w}}
		g.cut()
		seen := make([]int, c.n*c.h*c.w)
		tiles := 0
		for i := range g.shares(c.parts) {
			r := g.share(g.shares(c.parts), i)
			if tiles += r.count(); r.count() > g.most(g.shares(c.parts)) {
				t.Errorf("%+v: part %d has %d tiles, more than %d", c, i, r.count(), g.most(c.parts))
			}
			for j := range r.count() {
				p := g.at(r, j)
				for row := p.row; row < min(p.row+p.rows(), c.h); row++ {
					for col := p.col; col < min(p.col+p.cols(), c.w); col++ {
						seen[(p.image*c.h+row)*c.w+col]++
					}
				}
			}
			for lo := range r.count() {
				checkWinogradHaving(t, &g, r.part(lo, min(lo+5, r.count())))
			}
		}
		if tiles != g.tiles() {
			t.Errorf("%+v: %d tiles in the parts, want %d", c, tiles, g.tiles())
		}
		for i, n := range seen {
			if n != 1 {
				t.Fatalf("%+v: output %d is in %d tiles", c, i, n)
			}
		}
	}
}

func checkWinogradHaving(t *testing.T, g *grid, r run) {
	t.Helper()
	for cell := range cellCount {
		lo, hi := g.having(r, cell)
		for i := range r.count() {
			kind := g.at(r, i).kind
			if has := kind.has(cell); has != (lo <= i && i < hi) {
				t.Errorf("%+v of %v and %v: tile %d of kind %d has cell %d: %t, not in [%d, %d)", r, g.down, g.across, i, kind, cell, has, lo, hi)
			}
		}
	}
}
