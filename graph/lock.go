package graph

import "sync"

var building sync.Mutex

// Lock keeps other goroutines that also take it from building graphs; Compile takes it while it extends one. Gorgonia's
// graphs share constant nodes, so that two goroutines can't build two graphs at once. Running programs needs no lock.
//
//	graph.Lock()
//	cost, err := build()
//	graph.Unlock()
//	program, err := graph.Compile(cost)
func Lock() { building.Lock() }

// Unlock releases Lock.
func Unlock() { building.Unlock() }
