package solvers

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// Accumulate makes an Objective that evaluates a batch in pieces of at most limit examples and adds the gradients up,
// weighted by their examples, for batches whose memory is too large at once. Pieces are as few as can be and, but for
// rounding, of one size, so that none is left with too few examples for a statistic; where one would have fewer than a
// MinBatcher takes, they are as even as can be, of one example more than limit if need be. A limit below that is an
// error. The result is that of the whole batch, but for rounding and for batch norm, whose statistics are each piece's
// own; its running statistics move with the first piece alone.
//
// watch functions are told of each batch that was evaluated in several pieces and moves those statistics, which is the
// batch of an iteration at its own weights: what the gradients of the pieces are worth apart.
func Accumulate(obj Objective, limit int, watch ...func(Pieces)) (Objective, error) {
	if obj == nil {
		return nil, errors.New("solvers: no objective (nil) to accumulate")
	}
	if limit < 1 {
		return nil, errors.Errorf("solvers: pieces of %d examples, want at least 1", limit)
	}
	for _, w := range watch {
		if w == nil {
			return nil, errors.New("solvers: a function to watch pieces is nil")
		}
	}
	if least := minBatch(obj); limit < least {
		return nil, errors.Errorf("solvers: pieces of %d examples, want at least %d: %s", limit, least, alone)
	}
	p := newPieces(obj, limit)
	p.watch = watch
	return p, nil
}

// Pieces is what there is to know of the gradients g₁ ... g_k of a batch's pieces, of b₁ ... b_k examples, and their
// mean g over all B of them.
type Pieces struct {
	Count    int     // k, at least 2
	Examples int     // B
	Squares  float64 // Σ bᵢ ‖gᵢ‖²
	Square   float64 // ‖g‖²
}

// pieces evaluates batches in pieces. Residuals of a linear objective take no memory to speak of, and need none: Linear
// is the objective's.
type pieces struct {
	Wrapped
	limit int
	least int
	watch []func(Pieces)
	part  *vector.Vector // gradient of a piece, made when there is a second one
	after batch.Batch    // the batch that comes after the one to be evaluated
}

func newPieces(obj Objective, limit int) *pieces {
	return &pieces{Wrapped: Wrapped{obj}, limit: limit, least: minBatch(obj)}
}

// end is where the piece of n examples ends that begins at i: after ⌈n/count⌉ of them in as few pieces as can be, or
// where the last would then be too small, after ⌈n/count⌉ in the first n mod count pieces and ⌊n/count⌋ in the others,
// of count pieces that are large enough.
func (p *pieces) end(n, i int) int {
	count := max(1, (n+p.limit-1)/p.limit)
	size := (n + count - 1) / count
	if last := n - (count-1)*size; last >= p.least || count == 1 {
		return min(i+size, n)
	}
	count = max(1, min(count, n/p.least))
	size = n / count
	if longer := n % count; i < longer*(size+1) {
		size++
	}
	return i + size
}

// piece is the part of b that begins at example i.
func (p *pieces) piece(b batch.Batch, i int) batch.Batch {
	part := b
	part.Index = b.Index[i:p.end(len(b.Index), i)]
	part.MoveStats = b.MoveStats && i == 0
	return part
}

// Gradient adds up the gradients of the pieces.
func (p *pieces) Gradient(w, g *vector.Vector, b batch.Batch) (loss float64, err error) {
	seen := Pieces{Examples: len(b.Index)}
	watched := len(p.watch) > 0 && b.MoveStats && p.end(len(b.Index), 0) < len(b.Index)
	for i := 0; i < len(b.Index); i = p.end(len(b.Index), i) {
		part := p.piece(b, i)
		to := g
		if i > 0 {
			if p.part == nil {
				p.part = p.NewVector()
			}
			to = p.part
		}
		p.announce(b, i)
		l, err := p.Objective.Gradient(w, to, part)
		if err != nil {
			return 0, err
		}
		if watched {
			seen.Count++
			seen.Squares += float64(len(part.Index)) * to.Dot(to)
		}
		share := float64(len(part.Index)) / float64(len(b.Index))
		loss += share * l
		switch {
		case i > 0:
			g.Axpy(share, p.part)
		case share != 1:
			g.Scale(share)
		}
	}
	if watched {
		seen.Square = g.Dot(g)
		for _, watch := range p.watch {
			watch(seen)
		}
	}
	return loss, nil
}

// Loss adds up the losses of the pieces.
func (p *pieces) Loss(w *vector.Vector, b batch.Batch) (loss float64, err error) {
	for i := 0; i < len(b.Index); i = p.end(len(b.Index), i) {
		part := p.piece(b, i)
		l, err := p.Objective.Loss(w, part)
		if err != nil {
			return 0, err
		}
		loss += l * float64(len(part.Index)) / float64(len(b.Index))
	}
	return loss, nil
}

// Prefetch notes a batch; its first piece is announced during the last piece of the batch before it.
func (p *pieces) Prefetch(b batch.Batch) { p.after = b }

// announce has the objective read ahead what comes after the piece of b that begins at example i.
func (p *pieces) announce(b batch.Batch, i int) {
	switch next := p.end(len(b.Index), i); {
	case next < len(b.Index):
		p.Wrapped.Prefetch(p.piece(b, next))
	case len(p.after.Index) > 0:
		p.Wrapped.Prefetch(p.piece(p.after, 0))
	}
}
