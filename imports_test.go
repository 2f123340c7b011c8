package fallline

import (
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/fallline/fallline"

// diagram says which of the module's packages each package may import. A package's folders follow its row.
var diagram = map[string][]string{
	"":                   {"internal/kernel"},
	"internal/kernel":    {},
	"internal/wholefile": {},
	"schedules":          {},
	"datasets":           {"datasets", "datasets/internal/fetch"},
	"checkpoint":         {"internal/wholefile"},
	"dist":               {},
	"vector":             {"internal/kernel"},
	"blas":               {"internal/kernel"},
	"solvers":            {"schedules", "vector", "internal/kernel"},
	"graph":              {"vector", "internal/kernel"},
	"graph/op":           {"internal/kernel"},
	"nn":                 {"graph", "graph/op", "vector", "checkpoint"},
	"nn/models":          {"nn"},
	"train":              {"solvers", "schedules", "datasets", "checkpoint", "dist", "vector", "graph", "blas", "internal/kernel"},
}

// TestImports holds the diagram of who may import whom, for every package of the module but the examples, which may import anything and
// which nothing imports. Tests may import more than the package that they test.
func TestImports(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, imported := range p.Imports {
			imported, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			if under(imported, "examples") && !under(p.name(), "examples") {
				t.Errorf("%s imports %s: nothing imports examples", p.name(), imported)
			}
			if under(p.name(), "examples") {
				continue
			}
			row, ok := rowOf(p.name())
			if !ok {
				t.Errorf("package %s is not in the diagram", p.name())
				break
			}
			if !slices.Contains(diagram[row], imported) {
				t.Errorf("%s imports %s: %q may import %q", p.name(), imported, row, diagram[row])
			}
		}
	}
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func (p goPackage) name() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

func under(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

// rowOf finds the longest row of the diagram that a package stands under.
func rowOf(name string) (row string, ok bool) {
	for r := range diagram {
		if (r == name || r != "" && under(name, r)) && (!ok || len(r) > len(row)) {
			row, ok = r, true
		}
	}
	return row, ok
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 2 {
		t.Fatalf("go list found %d packages", len(all))
	}
	return all
}
