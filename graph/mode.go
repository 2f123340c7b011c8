package graph

import (
	"github.com/fallline/fallline/graph/internal/gate"
	"gorgonia.org/gorgonia"
)

// mode is how a step gets its value.
type mode uint8

const (
	prealloc   mode = iota // UsePreallocDo into the step's buffer
	zeroed                 // the same into a buffer of zeros
	fresh                  // Do, whose result shares no memory with an argument
	alias                  // Do, whose result may share memory with an argument
	view                   // the argument itself in another shape
	unsafely               // the argument copied to the step's buffer, then UnsafeDo on that
	lowered                // a kernel of ours into the step's buffer
	withExtras             // DoExtras into the step's buffers
	beside                 // a value that the argument's op has computed beside its result: nothing to run
)

// ownModes say how to run ops of Gorgonia that don't run as their interfaces promise, and which of those that only have
// Do return memory of their own.
var ownModes = map[gate.Kind]mode{
	gate.Reshape:   view,
	gate.SliceGrad: zeroed,   // UsePreallocDo adds to the buffer
	gate.Unary:     unsafely, // has no UsePreallocDo
	gate.Dropout:   alias,    // UsePreallocDo reads the method value Data, and Do may return the argument
	gate.BatchNorm: fresh,    // UsePreallocDo normalises the buffer, not the argument
	gate.Max:       fresh,
	gate.Sum:       fresh,
	gate.Transpose: fresh,
	gate.Slice:     fresh,
	gate.Size:      fresh,
	gate.At:        fresh,
	gate.CTCLoss:   fresh,
}

// Viewer is an optional interface of gorgonia.Op: where View says so, the result is its only argument in another shape.
// A program then doesn't run the op: the value shares the argument's memory.
type Viewer interface {
	gorgonia.Op
	View() bool
}

// ownMode is how a slot's op runs by itself.
func (s *slot) ownMode() mode {
	m, known := ownModes[s.Kind]
	if _, ok := s.Computed().(gorgonia.UsePreallocDoer); !known {
		m = alias
		if ok {
			m = prealloc
		}
		if v, ok := s.Computed().(Viewer); ok && v.View() {
			m = view
		}
	}
	if s.Kind == gate.Product {
		switch {
		case s.Shape.IsScalar():
			m = fresh // a scalar product insists on a tensor to write to
		case s.Function == gate.Outer:
			m = zeroed // adds to the buffer
		}
	}
	if m == view && (s.Shape.IsScalar() || len(s.in) != 1) {
		m = alias
	}
	if m == unsafely && s.Shape.IsScalar() {
		m = fresh
	}
	return m
}
