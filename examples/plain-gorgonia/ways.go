package main

import (
	"slices"
	"time"

	"gonum.org/v1/gonum/blas/gonum"
	G "gorgonia.org/gorgonia"

	"github.com/fallline/fallline/blas"
	"github.com/fallline/fallline/graph"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/solvers/forgorgonia"
)

const rate = 0.01

// ways are the program before, with the first change, and with all three.
var ways = []struct {
	name string
	open func(n *network) (G.VM, G.Solver, error)
}{
	{"Gorgonia", stock},
	{"Gorgonia with fallline's BLAS", withBLAS},
	{"Gorgonia with fallline's BLAS, machine, solver", withProgram},
}

func stock(n *network) (G.VM, G.Solver, error) {
	G.Use(gonum.Implementation{}) // what Gorgonia uses by itself
	machine := G.NewTapeMachine(n.graph, G.BindDualValues(n.params...))
	solver := G.NewVanillaSolver(G.WithLearnRate(rate))
	return machine, solver, nil
}

func withBLAS(n *network) (G.VM, G.Solver, error) {
	G.Use(blas.New()) // change 1
	machine := G.NewTapeMachine(n.graph, G.BindDualValues(n.params...))
	solver := G.NewVanillaSolver(G.WithLearnRate(rate))
	return machine, solver, nil
}

func withProgram(n *network) (G.VM, G.Solver, error) {
	G.Use(blas.New())
	machine, err := graph.Compile(n.cost) // change 2
	if err != nil {
		return nil, nil, err
	}
	solver, err := forgorgonia.New(solvers.SGD{}, solvers.Rate(schedules.Constant(rate))) // change 3
	return machine, solver, err
}

// median trains a network one way, on one batch, and returns the median time of a step.
func median(open func(n *network) (G.VM, G.Solver, error), batch int, limit time.Duration) (time.Duration, error) {
	n, err := newNetwork(batch)
	if err != nil {
		return 0, err
	}
	machine, solver, err := open(n)
	if err != nil {
		return 0, err
	}
	defer machine.Close()
	var times []time.Duration
	const warmUp, least = 3, 5
	for start := time.Now(); len(times) < warmUp+least || time.Since(start) < limit; {
		t := time.Now()
		if err := step(machine, solver, n.params); err != nil {
			return 0, err
		}
		times = append(times, time.Since(t))
	}
	times = times[warmUp:]
	slices.Sort(times)
	return times[len(times)/2], nil
}

// step is the training step of any Gorgonia program.
func step(machine G.VM, solver G.Solver, params G.Nodes) error {
	if err := machine.RunAll(); err != nil {
		return err
	}
	if err := solver.Step(G.NodesToValueGrads(params)); err != nil {
		return err
	}
	machine.Reset()
	return nil
}
