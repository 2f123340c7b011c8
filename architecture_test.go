package fallline

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var write = flag.Bool("write", false, "write the diagram into docs/architecture.md")

// TestArchitecturePage holds that the page's diagram is that of the table of who may import whom.
func TestArchitecturePage(t *testing.T) {
	const path, begin, end = "docs/architecture.md", "<!-- diagram -->\n", "<!-- /diagram -->"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), begin)
	have, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the diagram", path)
	}
	want := mermaid(diagram)
	if have == want {
		return
	}
	if !*write {
		t.Fatalf("%s: the diagram isn't that of imports_test.go: run go test -run ArchitecturePage -write .", path)
	}
	if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// mermaid draws a diagram, without the arrows that follow from others.
func mermaid(of map[string][]string) string {
	var b strings.Builder
	b.WriteString("```mermaid\nflowchart TD\n")
	names := slices.Collect(maps.Keys(of))
	for _, to := range of {
		names = append(names, to...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for _, name := range names {
		label := name
		if name == "" {
			label = "fallline"
		}
		fmt.Fprintf(&b, "    %s[%q]\n", id(name), label)
	}
	for _, name := range names {
		for _, to := range slices.Sorted(slices.Values(of[name])) {
			if to != name && !follows(of, name, to) {
				fmt.Fprintf(&b, "    %s --> %s\n", id(name), id(to))
			}
		}
	}
	b.WriteString("```\n")
	return b.String()
}

// id is a package's name in the diagram's language.
func id(name string) string {
	return "p_" + strings.NewReplacer("/", "_").Replace(name)
}

// follows says whether an arrow follows from others: whether another of the packages that from imports reaches to.
func follows(of map[string][]string, from, to string) bool {
	for _, by := range of[from] {
		if by != to && by != from && reaches(of, by, to) {
			return true
		}
	}
	return false
}

// reaches says whether a package imports another, directly or not. A diagram of Go packages has no cycles.
func reaches(of map[string][]string, from, to string) bool {
	for _, next := range of[from] {
		if next == to || next != from && reaches(of, next, to) {
			return true
		}
	}
	return false
}
