// Package kernel is what the numerical kernels under fallline have in common: the types of elements, and the sets of
// kernels for one processor or another. The kernels themselves are in the packages below it, a room for each family:
// pointwise, step, softmax, pool, norm, gemm, conv, on direct and winograd, glm and sparse; threads runs their loops.
//
// Every kernel has a definition in plain Go: the set "generic", the same on every machine. On amd64 there is "sse2",
// which has faster reductions and matrix products where that is cheap to have, and in generated assembly "avx2"
// (AVX2+FMA) and "avx512"; the best that the machine has is chosen at start. The environment variable
// FALLLINE_KERNEL=generic|sse2|avx2|avx512 forces one. A build with the tag purego leaves all assembly out. Kernels
// trust their callers: lengths and shapes are checked where a user's values come in, not here.
package kernel

import (
	"os"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// EnvKernel names the environment variable that forces a kernel set.
const EnvKernel = "FALLLINE_KERNEL"

// Set is a kernel set; a greater value is a faster set.
type Set int32

// The sets: plain Go, what every amd64 processor has, AVX2 with FMA, and AVX-512.
const (
	Generic Set = iota
	SSE2
	AVX2
	AVX512
	Sets = iota // how many there are
)

var setNames = [Sets]string{Generic: "generic", SSE2: "sse2", AVX2: "avx2", AVX512: "avx512"}

func (s Set) String() string { return setNames[s] }

// Active returns the set in use.
func Active() Set { return active }

var (
	best   = detect() // the fastest set of this machine; all lesser ones are available too
	active Set        // the set in use: every kernel with assembly switches on it
	envErr error
)

func init() {
	active, envErr = choose(os.Getenv(EnvKernel))
}

// choose returns the set that a value of EnvKernel asks for, or the best one and an error.
func choose(name string) (Set, error) {
	if name == "" {
		return best, nil
	}
	s, err := lookup(name)
	if err != nil {
		return best, errors.Wrapf(err, "kernel: %s ignored, using %s", EnvKernel, best)
	}
	return s, nil
}

func lookup(name string) (Set, error) {
	i := slices.Index(setNames[:], name)
	switch {
	case i < 0:
		return 0, errors.Errorf("kernel: set %q unknown, legal are %s", name, strings.Join(setNames[:], ", "))
	case Set(i) > best:
		return 0, errors.Errorf("kernel: set %s needs instructions that this machine lacks, available are %s",
			name, strings.Join(Available(), ", "))
	}
	return Set(i), nil
}

// Name returns the name of the kernel set in use: "generic", "sse2", "avx2" or "avx512".
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
