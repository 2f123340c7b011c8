// Package kerneltest holds what the tests of several kernel packages need. Only tests import it.
package kerneltest

import (
	"testing"

	"github.com/fallline/fallline/internal/kernel/threads"
)

// WithThreads runs f under each thread count and restores the default.
func WithThreads(t testing.TB, counts []int, f func(n int)) {
	t.Helper()
	t.Cleanup(func() { threads.Set(0) })
	for _, n := range counts {
		if err := threads.Set(n); err != nil {
			t.Fatal(err)
		}
		f(n)
	}
}
