// Package kernel holds the numerical kernels under fallline: matrix products, convolution, pointwise
// functions and optimiser steps, for float32 and float64.
//
// Every kernel has a definition in plain Go. On amd64 there are two faster sets in generated assembly,
// AVX2+FMA and AVX-512; the best that the machine has is chosen at start. The environment variable
// FALLLINE_KERNEL=generic|avx2|avx512 forces one. Kernels trust their callers: lengths and shapes are
// checked where a user's values come in, not here.
package kernel

import (
	"os"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// EnvKernel names the environment variable that forces a kernel set.
const EnvKernel = "FALLLINE_KERNEL"

// set is a kernel set; a greater value is a faster set.
type set int32

const (
	setGeneric set = iota
	setAVX2
	setAVX512
)

var setNames = [...]string{setGeneric: "generic", setAVX2: "avx2", setAVX512: "avx512"}

func (s set) String() string { return setNames[s] }

var (
	best   = detect() // the fastest set of this machine; all lesser ones are available too
	active set        // the set in use: every kernel with assembly switches on it
	envErr error
)

func init() {
	active, envErr = choose(os.Getenv(EnvKernel))
}

// choose returns the set that a value of EnvKernel asks for, or the best one and an error.
func choose(name string) (set, error) {
	if name == "" {
		return best, nil
	}
	s, err := lookup(name)
	if err != nil {
		return best, errors.Wrapf(err, "kernel: %s ignored, using %s", EnvKernel, best)
	}
	return s, nil
}

func lookup(name string) (set, error) {
	i := slices.Index(setNames[:], name)
	switch {
	case i < 0:
		return 0, errors.Errorf("kernel: set %q unknown, legal are %s", name, strings.Join(setNames[:], ", "))
	case set(i) > best:
		return 0, errors.Errorf("kernel: set %s needs instructions that this machine lacks, available are %s",
			name, strings.Join(Available(), ", "))
	}
	return set(i), nil
}

// Name returns the name of the kernel set in use: "generic", "avx2" or "avx512".
func Name() string { return active.String() }

// Available returns the names of the sets that this machine can run, slowest first.
func Available() []string { return slices.Clone(setNames[:best+1]) }

// Use switches to the named set. It must not be called while kernels run.
func Use(name string) error {
	s, err := lookup(name)
	if err != nil {
		return err
	}
	active = s
	return nil
}

// Err tells why the environment's choice of a kernel set was not followed; nil if it was, or if there was none.
func Err() error { return envErr }
