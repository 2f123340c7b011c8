package nn

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// protect runs a layer or a loss. Several of Gorgonia's functions panic on shapes that don't fit, as gorgonia.Must does
// on any error: what is wrong with one layer becomes an error that names it, with the stack of the panic.
func protect(f func() (*gorgonia.Node, error)) (n *gorgonia.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			n, err = nil, errors.Errorf("panic: %v", r)
		}
	}()
	return f()
}
