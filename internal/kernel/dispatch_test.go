package kernel

import (
	"slices"
	"strings"
	"testing"
)

// forEachSet runs f under each kernel set and reports by name the ones that this machine lacks.
func forEachSet(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	defer func(s set) { active = s }(active)
	for s, name := range setNames {
		t.Run(name, func(t *testing.T) {
			if set(s) > best {
				t.Skipf("not tested: this machine lacks the instructions of %s", name)
			}
			if err := Use(name); err != nil {
				t.Fatal(err)
			}
			f(t)
		})
	}
}

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
		if err == nil || s != best || !strings.Contains(err.Error(), "generic, avx2, avx512") {
			t.Errorf("choose(%q) = %v, %v, want the best set and an error that lists the legal ones", name, s, err)
		}
	}
}

func TestUnavailableSet(t *testing.T) {
	defer func(s set) { best = s }(best)
	best = setGeneric
	if err := Use("avx512"); err == nil {
		t.Error("Use of a set that the machine lacks gave no error")
	}
	if got := Available(); !slices.Equal(got, []string{"generic"}) {
		t.Errorf("Available() = %v", got)
	}
}

func TestUse(t *testing.T) {
	forEachSet(t, func(t *testing.T) {
		if got, want := Name(), t.Name()[len("TestUse/"):]; got != want {
			t.Errorf("Name() = %q after Use(%q)", got, want)
		}
	})
	if err := Use("none"); err == nil {
		t.Error("Use of an unknown set gave no error")
	}
}
