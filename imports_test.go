package fallline

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/fallline/fallline"

// diagram says which of the module's packages each package may import. A package's folders follow its row unless they
// have their own.
var diagram = map[string][]string{
	"":                   {"internal/kernel", "internal/kernel/threads"},
	"internal/wholefile": {},
	"internal/text":      {},
	"internal/isnil":     {},
	"internal/saved":     {"checkpoint", "vector", "internal/text"},
	"internal/memory":    {},
	"internal/finite":    {},
	"internal/tensors":   {"internal/memory"},

	"batch": {},

	"internal/kernel":            {"internal/memory"},
	"internal/kernel/threads":    {},
	"internal/kernel/pointwise":  {"internal/kernel", "internal/kernel/threads", "internal/memory"},
	"internal/kernel/step":       {"internal/kernel"},
	"internal/kernel/softmax":    {"internal/kernel", "internal/kernel/pointwise", "internal/kernel/threads", "internal/memory"},
	"internal/kernel/pool":       {"internal/kernel", "internal/kernel/threads"},
	"internal/kernel/norm":       {"internal/kernel", "internal/kernel/pointwise", "internal/kernel/pool", "internal/kernel/threads", "internal/memory"},
	"internal/kernel/gemm":       {"internal/kernel", "internal/kernel/threads"},
	"internal/kernel/direct":     {"internal/kernel", "internal/kernel/gemm", "internal/kernel/pointwise", "internal/kernel/pool", "internal/kernel/threads"},
	"internal/kernel/winograd":   {"internal/kernel", "internal/kernel/direct", "internal/kernel/gemm", "internal/kernel/pool", "internal/kernel/threads"},
	"internal/kernel/conv":       {"internal/kernel", "internal/kernel/direct", "internal/kernel/gemm", "internal/kernel/pool", "internal/kernel/winograd"},
	"internal/kernel/glm":        {"internal/kernel"},
	"internal/kernel/sparse":     {"internal/kernel", "internal/kernel/glm", "internal/memory"},
	"internal/kernel/kerneltest": {"internal/kernel", "internal/kernel/threads"},
	"internal/kernel/convtest":   {"internal/kernel", "internal/kernel/direct", "internal/kernel/gemm", "internal/kernel/kerneltest", "internal/kernel/pointwise", "internal/kernel/pool"},

	"schedules":  {},
	"datasets":   {"batch", "internal/finite", "internal/wholefile", "internal/memory", "internal/isnil", "datasets", "datasets/internal/fetch"},
	"checkpoint": {"internal/finite", "internal/wholefile"},
	"vector":     {"internal/finite", "internal/memory", "internal/kernel", "internal/kernel/pointwise"},
	"blas":       {"internal/kernel", "internal/kernel/gemm", "internal/kernel/pointwise"},
	"solvers": {
		"batch", "schedules", "vector", "internal/text",
		"internal/kernel", "internal/kernel/pointwise", "internal/kernel/step", "internal/kernel/threads",
	},
	"solvers/forgorgonia": {"solvers", "internal/tensors"},
	"linear": {
		"batch", "solvers", "schedules", "vector",
		"internal/kernel", "internal/kernel/gemm", "internal/kernel/glm", "internal/kernel/norm",
		"internal/kernel/pointwise", "internal/kernel/softmax", "internal/kernel/sparse",
		"internal/kernel/threads",
	},
	"graph": {"batch",
		"graph/internal/arena", "graph/internal/gate", "graph/internal/mend", "graph/internal/sizing",
		"graph/internal/stock", "vector", "internal/memory", "internal/tensors",
		"internal/kernel",
	},
	"graph/internal/arena": {"internal/memory"},
	"graph/internal/gate":  {},
	"graph/internal/stock": {
		"graph/internal/gate", "internal/tensors",
		"internal/kernel", "internal/kernel/gemm", "internal/kernel/norm", "internal/kernel/pointwise",
		"internal/kernel/threads",
	},
	"graph/internal/mend":   {"graph/internal/gate", "graph/internal/stock", "internal/tensors"},
	"graph/internal/sizing": {"graph/internal/gate", "graph/internal/stock", "internal/tensors"},
	"graph/op": {
		"internal/tensors",
		"internal/kernel", "internal/kernel/conv", "internal/kernel/gemm", "internal/kernel/norm",
		"internal/kernel/pointwise", "internal/kernel/pool", "internal/kernel/softmax",
		"internal/kernel/threads",
	},
	"nn":        {"batch", "graph", "graph/op", "vector", "checkpoint", "internal/memory", "internal/saved", "internal/text"},
	"nn/models": {"nn"},
	"train": {
		"batch", "solvers", "schedules", "datasets", "checkpoint", "vector", "internal/memory",
		"internal/isnil", "internal/saved", "internal/text",
		"internal/kernel", "internal/kernel/gemm", "internal/kernel/norm", "internal/kernel/pointwise",
		"internal/kernel/softmax", "train/instruments",
	},
	"train/progress": {"train", "internal/isnil"},
	"train/instruments": {
		"batch", "solvers", "vector", "internal/isnil", "internal/text",
		"internal/kernel",
	},
}

// without says what a program that uses some packages doesn't compile: packages whose paths begin so.
var without = []struct {
	path     string
	packages []string
}{
	{"gorgonia.org/", []string{"batch", "train", "train/instruments", "train/progress", "solvers", "linear", "schedules", "vector", "datasets", "checkpoint", "internal/kernel"}},
	{"github.com/schollz/progressbar", []string{"train", "nn/models", "linear"}},
	{"golang.org/x/term", []string{"train", "nn/models", "linear"}},
}

// TestWithout holds that none of them imports such a package, directly or through another, and that some other package
// of ours does.
func TestWithout(t *testing.T) {
	all := map[string][]string{} // what each package needs
	for _, p := range listPackages(t) {
		all[p.name()] = p.Deps
	}
	for _, w := range without {
		needs := func(dep string) bool { return strings.HasPrefix(dep, w.path) }
		for _, name := range w.packages {
			deps, ok := all[name]
			if k := slices.IndexFunc(deps, needs); k >= 0 {
				t.Errorf("%s needs %s", name, deps[k])
			} else if !ok {
				t.Errorf("there is no package %s", name)
			}
		}
		if !slices.ContainsFunc(slices.Collect(maps.Values(all)), func(deps []string) bool { return slices.ContainsFunc(deps, needs) }) {
			t.Errorf("nothing needs %s: what is held of it says nothing", w.path)
		}
	}
}

// TestImports holds the diagram of who may import whom, for every package of the module but the examples, which may
// import anything and which nothing imports, and that no row is empty or allows what nobody uses. Tests may import more
// than the package that they test.
func TestImports(t *testing.T) {
	unused, empty := map[string][]string{}, map[string]bool{}
	for row, allowed := range diagram {
		unused[row], empty[row] = slices.Clone(allowed), true
	}
	for _, p := range listPackages(t) {
		if row, ok := rowOf(p.name()); ok {
			empty[row] = false
		}
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
			unused[row] = slices.DeleteFunc(unused[row], func(allowed string) bool { return allowed == imported })
		}
	}
	for row := range empty {
		if empty[row] {
			t.Errorf("no package stands in row %q", row)
		}
	}
	for row, allowed := range unused {
		for _, name := range allowed {
			t.Errorf("%q may import %s, and nobody does", row, name)
		}
	}
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string // of them too
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
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...").Output()
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
