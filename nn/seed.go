package nn

import (
	"hash/fnv"
	"math/rand/v2"

	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// hash is a name's 64 bits (FNV-1a).
func hash(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name)) // never fails
	return h.Sum64()
}

// Stream returns a random stream for an op of the layer that is being applied, as op.Dropout takes it. Its seed is a
// function of the model's seed and the layer's name; the model sets draw and example indices before each run.
func (c *Context) Stream() *op.Stream {
	s := &op.Stream{Seed: rand.NewPCG(c.net.seed, hash(c.scope.path)).Uint64()}
	c.streams = append(c.streams, s)
	return s
}

// vector makes a vector of the weights with their starting numbers, a function of the seed and the weight's name.
func (p *parameters) vector(n *network) (*vector.Vector, error) {
	t, err := graph.VectorType(n.dtype)
	if err != nil {
		return nil, err
	}
	v, err := vector.New(t, p.list...)
	if err != nil {
		return nil, err
	}
	for i, r := range v.Ranges {
		w := make([]float64, r.Hi-r.Lo)
		p.inits[i](rand.New(rand.NewPCG(n.seed, hash(r.Name))), r.Shape, w)
		for j, x := range w {
			v.Set(r.Lo+j, x)
		}
	}
	if name, element, x, bad := v.Bad(); bad {
		return nil, errors.Errorf("weight %s starts with %v at element %d: its initializer gives numbers that aren't finite", name, x, element)
	}
	return v, nil
}
