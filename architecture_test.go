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

var write = flag.Bool("write", false, "write the diagrams into docs/architecture.md")

// views are the diagrams of the page, each made of the table by the name under which a package stands in it; none
// leaves the package out.
var views = []struct{ name, path string }{
	{"packages", ""},
	{"graph", "graph"},
	{"kernel", "internal/kernel"},
}

// standsAs is the name under which a package stands in the view of a folder: its own inside of the folder, and in the
// view of everything that of the part of the module to which it belongs.
func standsAs(view, name string) string {
	const kernel = "internal/kernel"
	switch {
	case view != "" && under(name, view):
		return name
	case view != "":
		return ""
	case under(name, kernel):
		return kernel
	case strings.HasPrefix(name, "internal/"):
		return "" // small helpers
	}
	before, _, _ := strings.Cut(name, "/internal")
	return before
}

// seenFrom is the diagram that a view shows.
func seenFrom(view string, of map[string][]string) map[string][]string {
	seen := map[string][]string{}
	for name, imports := range of {
		from := standsAs(view, name)
		if from == "" && name != "" {
			continue
		}
		if name == "" && view != "" {
			continue
		}
		arrows := seen[from]
		for _, imported := range imports {
			if to := standsAs(view, imported); to != "" && to != from && !slices.Contains(arrows, to) {
				arrows = append(arrows, to)
			}
		}
		seen[from] = arrows
	}
	return seen
}

// TestArchitecturePage holds that the page's diagrams are those of the table of who may import whom.
func TestArchitecturePage(t *testing.T) {
	const path = "docs/architecture.md"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	for _, v := range views {
		begin, end := "<!-- diagram of "+v.name+" -->\n", "<!-- end of "+v.name+" -->"
		before, rest, found := strings.Cut(page, begin)
		have, after, closed := strings.Cut(rest, end)
		if !found || !closed {
			t.Fatalf("%s has no place for the diagram of %s", path, v.name)
		}
		want := mermaid(seenFrom(v.path, diagram))
		if have != want && !*write {
			t.Errorf("%s: the diagram of %s isn't that of imports_test.go: run go test -run ArchitecturePage -write .", path, v.name)
		}
		page = before + begin + want + end + after
	}
	if !*write || page == string(data) {
		return
	}
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
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
