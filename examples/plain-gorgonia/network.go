package main

import (
	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// network is a graph of Gorgonia's own operations.
type network struct {
	graph  *G.ExprGraph
	cost   *G.Node
	params G.Nodes
}

// newNetwork builds the graph on a random batch.
func newNetwork(batch int) (n *network, err error) {
	defer func() { // G.Must panics
		if r := recover(); r != nil {
			err = errors.Errorf("building the graph: %v", r)
		}
	}()
	g := G.NewGraph()
	weight := func(name string, in, out int) *G.Node {
		return G.NewMatrix(g, tensor.Float32, G.WithShape(in, out), G.WithName(name), G.WithInit(G.GlorotU(1)))
	}
	x := G.NewMatrix(g, tensor.Float32, G.WithShape(batch, 784), G.WithName("x"), G.WithInit(G.Uniform(0, 1)))
	y := G.NewMatrix(g, tensor.Float32, G.WithShape(batch, 10), G.WithName("y"), G.WithInit(G.Uniform(0, 1)))
	w0, w1, w2 := weight("w0", 784, 512), weight("w1", 512, 512), weight("w2", 512, 10)

	h := G.Must(G.Rectify(G.Must(G.Mul(x, w0))))
	h = G.Must(G.Rectify(G.Must(G.Mul(h, w1))))
	p := G.Must(G.SoftMax(G.Must(G.Mul(h, w2))))
	cost := G.Must(G.Neg(G.Must(G.Mean(G.Must(G.HadamardProd(G.Must(G.Log(p)), y))))))
	if _, err := G.Grad(cost, w0, w1, w2); err != nil {
		return nil, err
	}
	return &network{g, cost, G.Nodes{w0, w1, w2}}, nil
}
