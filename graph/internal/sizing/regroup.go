package sizing

import (
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/tensor"
)

// regroup finds what a reshape of a form to a shape, which is known for the batch of the graph as built, can mean at
// another batch. Each answer has the shape at the first batch and all elements at both.
//
// The answers are first those that keep the elements' order: each axis of the target is a run of the form's factors, of
// which one that moves is never divided. So an image (b, 4, 3) becomes (b, 12), and (4, b, 3) becomes (4, 3b). Behind
// them stand all others in which the axes grow as the factors that move do: (b, 4), reshaped to (2, 8) when b was 4,
// may be (b/2, 8) or (2, 2b).
func regroup(from form, to tensor.Shape) []form {
	rest := plainFactors(from)
	return distinct(append(runs(rest, to), placements(rest, to)...))
}

// plainFactors are a form's factors, those that don't move and stand side by side made one.
func plainFactors(f form) []factor {
	var list []factor
	for _, x := range f.all() {
		last := len(list) - 1
		if last >= 0 && !x.moves && !list[last].moves {
			list[last].was *= x.was
			list[last].is *= x.is
			continue
		}
		list = append(list, x)
	}
	return list
}

// runs cuts factors into runs of the given sizes, in all ways. A factor that doesn't move may be divided.
func runs(rest []factor, to []int) []form {
	if len(to) == 0 {
		if len(rest) > 0 {
			return nil
		}
		return []form{{}}
	}
	var found []form
	cut := func(e extent, rest []factor) {
		for _, tail := range runs(rest, to[1:]) {
			found = append(found, append(form{e}, tail...))
		}
	}
	var e extent
	for n := to[0]; ; rest = rest[1:] {
		if n == 1 {
			cut(e, rest)
		}
		if len(rest) == 0 {
			return found
		}
		head := rest[0]
		switch {
		case n%head.was == 0:
			e = e.times(extent{head})
			n /= head.was
		case n > 1 && !head.moves && head.was%n == 0:
			left := head.was / n
			cut(e.times(still(n)), append([]factor{{was: left, is: left}}, rest[1:]...))
			return found
		default:
			return found
		}
	}
}

// maxPlaced is how many factors that move a reshape may have: more give too many placements to try.
const maxPlaced = 4

// placements lets axes grow as the factors that move do, in all ways.
func placements(rest []factor, to tensor.Shape) []form {
	var moving []factor
	for _, f := range rest {
		if f.moves {
			moving = append(moving, f)
		}
	}
	var found []form
	given := make([]extent, len(to))
	var place func(k int)
	place = func(k int) {
		if k == len(moving) {
			if f, ok := grown(given, to); ok {
				found = append(found, f)
			}
			return
		}
		for i := range to {
			given[i] = append(given[i], moving[k])
			place(k + 1)
			given[i] = given[i][:len(given[i])-1]
		}
	}
	place(0)
	return found
}

// grown lets axes grow as the factors that they were given do, if they can: an axis must have been a multiple of the
// batch or, but for 1, a part of it, and come out even.
func grown(given []extent, to tensor.Shape) (form, bool) {
	f := make(form, len(to))
	for i, e := range given {
		n, unit := to[i], e.unit()
		switch {
		case len(e) == 0:
			f[i] = still(n)
		case n == e.was():
			f[i] = append(extent(nil), e...)
		case n%unit != 0 && (n == 1 || unit%n != 0), n*e.is()%e.was() != 0:
			return nil, false
		default:
			f[i] = extent{{was: n, is: n * e.is() / e.was(), moves: true, unit: min(n, unit)}}
		}
	}
	return f, true
}

// distinct drops forms that are at the second batch what an earlier one is.
func distinct(forms []form) []form {
	var kept []form
next:
	for _, f := range forms {
		for _, g := range kept {
			if tensors.Same(f.is(), g.is()) {
				continue next
			}
		}
		kept = append(kept, f)
	}
	return kept
}
