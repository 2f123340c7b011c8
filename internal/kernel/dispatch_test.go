package kernel

import (
	"slices"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	for _, name := range Available() {
		if s, err := choose(name); err != nil || s.String() != name {
			t.Errorf("choose(%q) = %v, %v", name, s, err)
		}
	}
	if s, err := choose(""); err != nil || s != best {
		t.Errorf("no choice gives %v, %v, want %v", s, err, best)
	}
	for _, name := range []string{"sse", "AVX2", " "} {
		s, err := choose(name)
		if err == nil || s != best || !strings.Contains(err.Error(), "generic, sse2, avx2, avx512") {
			t.Errorf("choose(%q) = %v, %v, want the best set and an error that lists the legal ones", name, s, err)
		}
	}
}

func TestUnavailableSet(t *testing.T) {
	defer func(s Set) { best = s }(best)
	best = Generic
	if err := Use("avx512"); err == nil {
		t.Error("Use of a set that the machine lacks gave no error")
	}
	if got := Available(); !slices.Equal(got, []string{"generic"}) {
		t.Errorf("Available() = %v", got)
	}
}

func TestUse(t *testing.T) {
	defer Use(Name())
	for _, name := range Available() {
		if err := Use(name); err != nil || Name() != name {
			t.Errorf("Name() = %q after Use(%q), which gave %v", Name(), name, err)
		}
	}
	if err := Use("none"); err == nil {
		t.Error("Use of an unknown set gave no error")
	}
}
