package cli

import (
	"flag"
	"io"

	"github.com/pkg/errors"
)

// Flags is an empty set of flags that leaves the reports of errors to Refuse.
func Flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// Parse reads a command line, where flags and words may stand in any order, and returns the words. A text that is given
// must not be empty: that is a slip such as a variable of the shell that isn't set.
func Parse(f *flag.FlagSet, args []string) (words []string, err error) {
	for len(args) > 0 {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		if args = f.Args(); len(args) > 0 {
			words, args = append(words, args[0]), args[1:]
		}
	}
	f.Visit(func(given *flag.Flag) {
		if v, ok := given.Value.(flag.Getter); ok && v.Get() == "" {
			err = errors.Errorf("-%s is empty", given.Name)
		}
	})
	return words, err
}

// ParseFlags reads a command line of flags alone.
func ParseFlags(f *flag.FlagSet, args []string) error {
	words, err := Parse(f, args)
	if err == nil && len(words) > 0 {
		err = errors.Errorf("unexpected argument %q: all settings are flags", words[0])
	}
	return err
}
