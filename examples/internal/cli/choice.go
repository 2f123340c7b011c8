package cli

import (
	"flag"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// Choice makes a flag that takes one of a few words. about says what the word is; the legal ones are added to it.
func Choice(f *flag.FlagSet, value *string, name, about string, legal []string) {
	f.Var(choice{value, legal}, name, "`name` of "+about+": "+List(legal))
}

type choice struct {
	value *string
	legal []string
}

func (c choice) String() string {
	if c.value == nil {
		return ""
	}
	return *c.value
}

// Set refuses any other word and lists the legal ones.
func (c choice) Set(s string) error {
	if !slices.Contains(c.legal, s) {
		return errors.Errorf("want %s", List(c.legal))
	}
	*c.value = s
	return nil
}

// List writes words as a, b or c.
func List(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
