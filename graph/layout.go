package graph

import (
	"github.com/fallline/fallline/graph/internal/arena"
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// places are the spans of an arena that the steps' results have, by slot, and the values beside them, by step.
type places struct {
	results map[int]arena.Span
	extras  map[int][]arena.Span // of size 0 where none is needed
}

// layOut places the steps' results, and the values beside them, in the arena.
func (p *Program) layOut(pl *plan, shapes []tensor.Shape) (places, error) {
	dying := make([][]arena.Span, len(pl.steps)+1)
	last := p.lastUses(pl)
	at := places{map[int]arena.Span{}, map[int][]arena.Span{}}
	var l arena.Layout
	for i := range pl.steps {
		st := &pl.steps[i]
		s := &p.slots[st.slot]
		shape := shapes[st.slot]
		if shape.TotalSize() < 1 {
			return at, errors.Errorf("graph: node %s has shape %v", s.Expr.Name(), shape)
		}
		if st.out == nil && !shape.IsScalar() && st.mode != fresh && st.mode != alias && st.mode != view {
			place := l.Take(shape.TotalSize() * int(s.Type.Size()))
			at.results[st.slot] = place
			dying[last[st.slot]] = append(dying[last[st.slot]], place)
		}
		if st.mode == withExtras {
			list, err := s.extraShapes(s.argShapes(shapes))
			if err != nil {
				return at, err
			}
			for k, e := range s.extras {
				var place arena.Span
				if p.wants(e) && st.extras[k] == nil {
					place = l.Take(list[k].TotalSize() * int(e.dtype.Size()))
					until := i
					if e.slot >= 0 {
						until = last[e.slot]
					}
					dying[until] = append(dying[until], place)
				}
				at.extras[i] = append(at.extras[i], place)
			}
		}
		for _, place := range dying[i] {
			l.Release(place)
		}
	}
	pl.bytes = l.Size
	return at, nil
}
