package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// lin is an extent k·n + c for a batch of n.
type lin struct{ k, c int }

func (l lin) at(n int) int { return l.k*n + l.c }

// mixed is a value of a mix, with its shape at any batch.
type mixed struct {
	x     *gorgonia.Node
	shape []lin
}

// mix builds a graph in which each op takes any of the values that there are, with the batch on any axis, on several,
// twice as long, or with something beside it. What it draws depends on the seed alone, so that it makes one graph for
// each batch.
type mix struct {
	r    *rig
	rng  *rand.Rand
	pool []mixed
	made int
	log  []string
}

// mixSteps are the ops, the often used ones several times.
var mixSteps = []func(m *mix, p mixed){
	(*mix).unary, (*mix).unary, (*mix).binary, (*mix).binary, (*mix).binary, (*mix).byScalar,
	(*mix).reduce, (*mix).reduce, (*mix).reduce, (*mix).reduceTwo, (*mix).transpose, (*mix).transpose,
	(*mix).merge, (*mix).merge, (*mix).merge, (*mix).split, (*mix).split, (*mix).split,
	(*mix).reshape, (*mix).reshape, (*mix).reshape, (*mix).reshape, (*mix).reshape, (*mix).reshape,
	(*mix).weigh, (*mix).weigh, (*mix).multiply, (*mix).multiply, (*mix).gram, (*mix).stacked, (*mix).contract,
	(*mix).join, (*mix).join, (*mix).join, (*mix).joinParam, (*mix).slice, (*mix).slice, (*mix).slice,
	(*mix).broadcast, (*mix).broadcast, (*mix).broadcast, (*mix).softmax, (*mix).outer, (*mix).norm, (*mix).bySize, (*mix).constant,
	(*mix).rowSoftmax, (*mix).affine, (*mix).joinLast, (*mix).flatten, (*mix).batchNorm, (*mix).meanSquared,
}

// mixOf is the mix of a seed. Its cost takes all values in.
func mixOf(seed uint64, log *[]string) func(r *rig) *gorgonia.Node {
	return func(r *rig) *gorgonia.Node {
		m := &mix{r: r, rng: rand.New(rand.NewPCG(seed, 77))}
		m.start()
		for range 200 {
			if mixSteps[m.rng.IntN(len(mixSteps))](m, m.pick()); len(m.pool) > 3+int(seed%6) {
				break
			}
		}
		*log = m.log
		var sum *gorgonia.Node
		for _, p := range m.pool {
			c := p.x
			if !c.IsScalar() {
				c = must(gorgonia.Mean(must(gorgonia.Square(must(gorgonia.Tanh(c))))))
			}
			if sum == nil {
				sum = c
			} else {
				sum = must(gorgonia.Add(sum, c))
			}
		}
		return sum
	}
}

func (m *mix) start() {
	n, a, b := lin{1, 0}, m.width(), m.width()
	switch m.rng.IntN(4) {
	case 0:
		m.put("x", must(gorgonia.Mul(m.r.feed("x", 3), m.r.param("w", 3, a))), n, lin{0, a})
	case 1:
		m.put("x", must(gorgonia.HadamardProd(m.r.feed("x", a, b), m.r.param("w"))), n, lin{0, a}, lin{0, b})
	case 2:
		m.put("x", must(gorgonia.Mul(m.r.feed("x", 3), m.r.param("w", 3))), n)
		m.put("y", must(gorgonia.HadamardProd(m.r.feed("y", a), m.r.param("wy"))), n, lin{0, a})
	case 3:
		m.put("x", must(gorgonia.HadamardProd(m.r.feed("x", a, b, 2), m.r.param("w"))), n, lin{0, a}, lin{0, b}, lin{0, 2})
	}
}

func (m *mix) name(what string) string {
	m.made++
	return fmt.Sprint(what, m.made)
}

// at is a shape at the batch of the graph.
func (m *mix) at(shape []lin) tensor.Shape {
	s := tensor.Shape{}
	for _, l := range shape {
		s = append(s, l.at(m.r.n))
	}
	return s
}

// put adds a value. It panics, so that there is no graph, where Gorgonia dropped an axis of 1, and where it made one
// node of two reshapes that are one at this batch alone: then nobody can tell them apart at another.
func (m *mix) put(what string, x *gorgonia.Node, shape ...lin) {
	if !shapeOf(x).Eq(m.at(shape)) && !(len(shape) == 0 && x.IsScalar()) {
		panic(fmt.Sprintf("%s: shape %v, want %v", what, x.Shape(), m.at(shape)))
	}
	for _, p := range m.pool {
		if p.x == x && !slices.Equal(p.shape, shape) {
			panic(fmt.Sprintf("%s: one node of shapes %v and %v", what, p.shape, shape))
		}
	}
	m.log = append(m.log, fmt.Sprintf("%d %s %v", len(m.pool), what, shape))
	m.pool = append(m.pool, mixed{x, slices.Clone(shape)})
}

func (m *mix) pick() mixed {
	if m.rng.IntN(2) == 0 {
		return m.pool[len(m.pool)-1]
	}
	return m.pool[m.rng.IntN(len(m.pool))]
}

// like is another value of a value's shape.
func (m *mix) like(p mixed) *gorgonia.Node {
	var fit []*gorgonia.Node
	for _, q := range m.pool {
		if slices.Equal(q.shape, p.shape) {
			fit = append(fit, q.x)
		}
	}
	switch {
	case len(fit) > 1 && m.rng.IntN(2) == 0:
		return fit[m.rng.IntN(len(fit))]
	case len(p.shape) > 0 && p.shape[0] == lin{1, 0} && allStill(p.shape[1:]) && m.rng.IntN(2) == 0:
		return m.r.feed(m.name("f"), m.at(p.shape[1:])...)
	case allStill(p.shape) && m.rng.IntN(2) == 0:
		return m.r.param(m.name("p"), m.at(p.shape)...)
	}
	return must(gorgonia.Tanh(p.x))
}

// axis is one of a value's, 0 for a number.
func (m *mix) axis(p mixed) int { return m.rng.IntN(max(1, len(p.shape))) }

// width is a number of features, which may be a batch's.
func (m *mix) width() int { return []int{1, 2, 3, 4, 5, 8}[m.rng.IntN(6)] }

func allStill(s []lin) bool { return !slices.ContainsFunc(s, func(l lin) bool { return l.k != 0 }) }

func without(s []lin, axis int) []lin { return slices.Delete(slices.Clone(s), axis, axis+1) }

// TestMixesAtAnotherBatch wants of mixes of ops what a graph built for the batch gives, or a refusal by name.
func TestMixesAtAnotherBatch(t *testing.T) {
	quiet(t)
	seeds := uint64(250)
	if testing.Short() {
		seeds = 60
	}
	count := make(map[verdict]int)
	apart, refusals := 0, 0 // at batches that no other axis is a multiple of
	for seed := range seeds {
		rng := rand.New(rand.NewPCG(seed, 8))
		pairs := [][2]int{{batches[rng.IntN(6)], batches[rng.IntN(6)]}, {7, batches[rng.IntN(5)]}, {11, 4}, {2, 3}, {4, 6}, {8, 4}, {6, 9}}
		for _, p := range pairs {
			var log []string
			v, err := atAnother(mixOf(seed, &log), p[0], p[1])
			count[v]++
			if v == wrong || v == refused && p[0] == p[1] {
				t.Errorf("seed %d, built for %d, run at %d: %v: %v", seed, p[0], p[1], err, log)
			}
			if p[0] == 11 && v != unbuilt {
				if apart++; v == refused {
					refusals++
				}
			}
		}
	}
	t.Logf("%d equal, %d refused, %d not built; of %d built for 11 %d were refused", count[equal], count[refused], count[unbuilt], apart, refusals)
	if refusals*4 > apart || count[unbuilt]*4 > int(seeds)*7 {
		t.Errorf("of %d built for 11 %d were refused; %d were not built", apart, refusals, count[unbuilt])
	}
}
