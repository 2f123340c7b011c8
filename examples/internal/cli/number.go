package cli

import (
	"flag"
	"math"
	"runtime"
	"strconv"

	"github.com/pkg/errors"
)

// Int makes a flag for a whole number from least to most. The value it has when the flag isn't given is the one it has
// now.
func Int(f *flag.FlagSet, value *int, name string, least, most int, usage string) {
	f.Var(&number{value, least, most}, name, usage)
}

// Threads makes the flag for the number of threads, all processors unless it is given.
func Threads(f *flag.FlagSet, value *int) {
	*value = runtime.GOMAXPROCS(0)
	Int(f, value, "threads", 1, math.MaxInt32, "`threads` to compute on")
}

type number struct {
	value       *int
	least, most int
}

func (n *number) String() string {
	if n.value == nil {
		return "0"
	}
	return strconv.Itoa(*n.value)
}

// Set refuses what is no whole number and what lies outside of the range.
func (n *number) Set(s string) error {
	v, err := strconv.Atoi(s)
	if err != nil || v < n.least || v > n.most {
		return errors.Errorf("want a whole number from %d to %d", n.least, n.most)
	}
	*n.value = v
	return nil
}
