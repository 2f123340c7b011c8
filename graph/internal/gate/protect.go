package gate

import "github.com/pkg/errors"

// Recovered turns a panic into an error.
func Recovered(r any) error {
	if err, ok := r.(error); ok {
		return errors.Wrap(err, "panic")
	}
	return errors.Errorf("panic: %v", r)
}

// Protect calls f and turns a panic into an error: Gorgonia panics on much that it could return an error of.
func Protect(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = Recovered(r)
		}
	}()
	return f()
}
