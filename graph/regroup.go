package graph

import "gorgonia.org/tensor"

// regroup finds what a reshape of a form to a shape, which is known for the batch of the graph as built, can mean at
// another batch. Each answer has the shape at the first batch and all elements at both.
//
// The answers are first those that keep the elements' order: each axis of the target is a run of the form's factors, of
// which one that moves is never divided. So an image (b, 4, 3) becomes (b, 12), and (4, b, 3) becomes (4, 3b). Then
// those in which an axis is just what an axis that moves was, as both axes of (b, 4) are when b was 4. Only without
// either, those that give what moves to any axis that it divides.
func regroup(from form, to tensor.Shape) []form {
	rest := plainFactors(from)
	found := runs(rest, to)
	found = append(found, placements(rest, to, true)...)
	if len(found) == 0 {
		found = placements(rest, to, false)
	}
	return distinct(found)
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

// maxPlaced is how many factors that move placements takes: more give too many placements to try.
const maxPlaced = 3

// placements gives each factor that moves to an axis that it divides, in all ways; or, with exact, to one that it is.
func placements(rest []factor, to tensor.Shape, exact bool) []form {
	var moving []factor
	for _, f := range rest {
		if f.moves {
			moving = append(moving, f)
		}
	}
	if len(moving) > maxPlaced {
		return nil
	}
	var found []form
	given := make([]extent, len(to))
	var place func(k int)
	place = func(k int) {
		if k == len(moving) {
			if f, ok := filled(given, to, exact); ok {
				found = append(found, f)
			}
			return
		}
		for i, n := range to {
			if n%(given[i].was()*moving[k].was) != 0 {
				continue
			}
			given[i] = append(given[i], moving[k])
			place(k + 1)
			given[i] = given[i][:len(given[i])-1]
		}
	}
	place(0)
	return found
}

// filled gives axes that were given factors what they lack of their sizes.
func filled(given []extent, to tensor.Shape, exact bool) (form, bool) {
	f := make(form, len(to))
	for i, e := range given {
		left := to[i] / e.was()
		switch {
		case len(e) == 0:
			f[i] = still(to[i])
		case left == 1:
			f[i] = append(extent(nil), e...)
		case exact:
			return nil, false
		default:
			f[i] = moved(to[i], left*e.is())
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
			if sameShape(f.is(), g.is()) {
				continue next
			}
		}
		kept = append(kept, f)
	}
	return kept
}
