package graph

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// notOps are the functions of Gorgonia that return nodes and compute nothing of their own.
var notOps = map[string]string{
	"NewScalar": "an input", "NewVector": "an input", "NewMatrix": "an input", "NewTensor": "an input", "NewUniqueNode": "any node",
	"NodeFromAny": "an input", "NodesFromInputs": "a list", "ApplyOp": "any op", "ApplyOpWithName": "any op", "Must": "a node it is given",
	"Grad": "the gradients in every row", "Backpropagate": "what Grad calls", "Sort": "an order", "UnstableSort": "an order",
	"Read": "a copy of a value", "Set": "no result",
}

// TestEveryStockOp checks that no function of Gorgonia that makes nodes is missing from stockOps.
func TestEveryStockOp(t *testing.T) {
	have := make(map[string]bool)
	for _, op := range stockOps() {
		have[op.of] = true
	}
	made := nodeMakers(t)
	for _, name := range made {
		if !have[name] && notOps[name] == "" {
			t.Errorf("gorgonia.%s has no row", name)
		}
	}
	if len(made) < 100 {
		t.Errorf("%d functions of Gorgonia make nodes: the search is wrong", len(made))
	}
	for name := range notOps {
		if !slices.Contains(made, name) || have[name] {
			t.Errorf("gorgonia.%s doesn't belong among those that compute nothing", name)
		}
	}
}

// nodeMakers are the exported functions of the gorgonia package of which a result is a node or several.
func nodeMakers(t *testing.T) []string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "gorgonia.org/gorgonia").Output()
	if err != nil {
		t.Fatal(err)
	}
	p, err := build.ImportDir(strings.TrimSpace(string(dir)), 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range p.GoFiles {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, file), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Recv == nil && fn.Name.IsExported() && fn.Type.Results != nil && slices.ContainsFunc(fn.Type.Results.List, isNode) {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names
}

// isNode says whether a result is a *Node or Nodes.
func isNode(r *ast.Field) bool {
	typ := r.Type
	if p, ok := typ.(*ast.StarExpr); ok {
		typ = p.X
	}
	id, ok := typ.(*ast.Ident)
	return ok && (id.Name == "Node" || id.Name == "Nodes")
}
