package norm

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/pointwise"
	"github.com/fallline/fallline/internal/kernel/pool"
	"github.com/fallline/fallline/internal/memory"
)

// BatchNormGrad is the gradient of BatchNormApply of n at x. With x̂ = (x − Mean) InvStd and g = dy f′(Scale x +
// Shift),
//
//	dbeta  = Σ_r g
//	dgamma = Σ_r g x̂
//	dx     = Gamma InvStd (g − dbeta/Rows − x̂ dgamma/Rows), or with Frozen Gamma InvStd g
//
// x, dy and dx are Rows × C, the rest C long; dx may be dy. The sums are in float64.
func BatchNormGrad[T kernel.Float](n Norm[T], x, dy, dx, dgamma, dbeta []T) {
	grad(n, x, slopes[T]{then: n.Then, dy: dy}, dx, dgamma, dbeta)
}

// grad makes a pass for the sums, and one for dx as a g + b (x − mean) + e. Behind a relu g is computed in both, which
// costs less than to store it; behind a gelu the first pass leaves it in dx. Behind a pool the first pass looks at the
// maxima alone: g is 0 elsewhere.
func grad[T kernel.Float](n Norm[T], x []T, g slopes[T], dx, dgamma, dbeta []T) {
	s := kernel.StashOf[T, columnJob[T]](&columnJobs)
	j := s.Get()
	if g.then == ThenGelu && g.pool.count == 0 {
		g.kept = dx
	}
	j.open(columnNormGrad, n.Rows, n.C, x, g)
	j.scale, j.shift = n.Scale, n.Shift
	for i := range n.C {
		j.center[i] = float64(n.Mean[i])
	}
	j.run()
	count := float64(n.Rows)
	j.operands = memory.Resize(j.operands, 3*n.C)
	a, b, e := j.operands[:n.C], j.operands[n.C:2*n.C], j.operands[2*n.C:]
	for i := range n.C {
		inv := float64(n.InvStd[i])
		slope := float64(n.Gamma[i]) * inv
		dbeta[i] = T(j.first[i])
		dgamma[i] = T(j.second[i] * inv)
		a[i], b[i], e[i] = T(slope), 0, 0
		if !n.Frozen {
			b[i] = T(-slope * inv * inv * j.second[i] / count)
			e[i] = T(-slope * j.first[i] / count)
		}
	}
	if g.kept != nil {
		g = slopes[T]{dy: g.kept}
	}
	runRows(&rowJob[T]{routine: rowNormGrad, slopes: g, rows: n.Rows, cols: n.C, x: x, out: dx,
		by: operandsByColumn[T]{a: a, b: b, c: e, scale: n.Scale, shift: n.Shift, mean: n.Mean}})
	j.release(s)
}

// slopes are the derivatives g by Scale x + Shift, made where they are needed: from dy by its elements or, behind a
// pool, by its windows.
type slopes[T kernel.Float] struct {
	then Activation
	dy   []T
	kept []T     // where the first pass leaves them, or nil
	pool pooling // of 0 units without one
	arg  []uint16
}

// slopeScratch is room for what is at hand: dy spread over its windows, the maxima, and x or g behind the
// normalisation.
type slopeScratch[T kernel.Float] struct{ spread, picked, before []T }

var slopeScratches kernel.Stashes[slopeScratch[float32], slopeScratch[float64]]

// bundle is how many rows of the matrix are taken as one, and how many of those belong together.
func (g *slopes[T]) bundle(rows, cols int) (n, together int) {
	if g.pool.count == 0 {
		return bundle(rows, cols), 1
	}
	return g.pool.bundle, g.pool.pixels / g.pool.bundle
}

// direct says whether the routines can work on dy itself.
func (g *slopes[T]) direct() bool { return g.pool.count == 0 && g.then != ThenGelu }

// block is how many rows of so many elements are done at once, of a matrix whose rows follow each other.
func (g *slopes[T]) block(cols int) int {
	if g.pool.count == 0 {
		return block(cols)
	}
	return g.pool.pixels * g.pool.image.C / cols
}

// behind turns d, the derivatives by f, into g, at x; but a relu is left to the routine that takes them. They go to
// kept, or if that is nil to room.
func (g *slopes[T]) behind(s *slopeScratch[T], rows, cols int, x, d, scale, shift, kept []T) []T {
	if g.then != ThenGelu {
		return d
	}
	n := rows * cols
	s.before = memory.Resize(s.before, n)
	if kept == nil {
		kept = s.before
	}
	k := inUse[T]()
	k.apply(rows, cols, x[:n], scale, shift, s.before)
	pointwise.GeluGrad(s.before, d[:n], kept[:n])
	return kept
}

// addSums adds g and g (x − mean) of rows × cols elements to the sums by column. The rows are stride elements apart and
// begin at the place at, where x is already.
func (g *slopes[T]) addSums(at, rows, cols, stride int, x, scale, shift []T, mean, sum, product []float64) {
	k := inUse[T]()
	add := k.gradSums
	if g.then == ThenRelu {
		add = k.gradSumsRelu
	}
	if g.direct() {
		add(rows, cols, stride, x, g.dy[at:], scale, shift, mean, sum, product)
		return
	}
	s := kernel.StashOf[T, slopeScratch[T]](&slopeScratches)
	room := s.Get()
	step := 1
	if stride == cols {
		step = g.block(cols)
	}
	for r := 0; r < rows; r += step {
		m, from := min(step, rows-r), r*stride
		v, place := x[from:], at+from
		var d, kept []T
		if g.pool.count == 0 {
			d, kept = g.dy[place:], g.kept[place:]
		} else {
			u := place / (m * cols)
			room.picked = memory.Resize(room.picked, g.pool.results)
			pool.PickHere(g.pool.unit, v, unitOf(&g.pool, u, g.arg), room.picked)
			m, v, d = g.pool.results/cols, room.picked, unitOf(&g.pool, u, g.dy)
		}
		d = g.behind(room, m, cols, v, d, scale, shift, kept)
		add(m, cols, cols, v, d, scale, shift, mean, sum, product)
	}
	s.Put(room)
}

// apply writes dx of rows × cols elements, the first at the place at.
func (g *slopes[T]) apply(at, rows, cols int, x, dx []T, by *operandsByColumn[T]) {
	k := inUse[T]()
	run := k.gradApply
	if g.then == ThenRelu {
		run = k.gradApplyRelu
	}
	if g.direct() {
		run(rows, cols, x, g.dy[at:at+rows*cols], by.scale, by.shift, by.mean, by.a, by.b, by.c, dx)
		return
	}
	s := kernel.StashOf[T, slopeScratch[T]](&slopeScratches)
	room := s.Get()
	step := g.block(cols)
	n := step * cols
	room.spread = memory.Resize(room.spread, n)
	for from := 0; from < rows*cols; from += n {
		v, d, u := x[from:from+n], room.spread, (at+from)/n
		pool.MaxGradHere(g.pool.unit, unitOf(&g.pool, u, g.dy), unitOf(&g.pool, u, g.arg), d)
		d = g.behind(room, step, cols, v, d, by.scale, by.shift, nil)
		run(step, cols, v, d, by.scale, by.shift, by.mean, by.a, by.b, by.c, dx[from:from+n])
	}
	s.Put(room)
}
