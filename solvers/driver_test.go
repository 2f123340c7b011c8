package solvers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// concrete matches the files of the parts that a solver is put together from. All others are the driver's, and what is
// made of them.
var concrete = regexp.MustCompile(`^(rule|estimator|sampler|stepsize|modifier|average)_`)

// TestDriverKnowsNoPart holds that the driver names no type of a concrete part: what a part may do, one of one's own
// can do as well.
func TestDriverKnowsNoPart(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	parsed := map[string]*ast.File{}
	parts := map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed[name] = f
		if !concrete.MatchString(name) {
			continue
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				for _, s := range g.Specs {
					if _, contract := s.(*ast.TypeSpec).Type.(*ast.InterfaceType); !contract {
						parts[s.(*ast.TypeSpec).Name.Name] = name
					}
				}
			}
		}
	}
	if len(parts) < 30 {
		t.Fatalf("found %d types of parts", len(parts))
	}
	for name, f := range parsed {
		if concrete.MatchString(name) {
			continue
		}
		eachName(f, func(id *ast.Ident) {
			if file := parts[id.Name]; file != "" {
				t.Errorf("%s names %s of %s", name, id.Name, file)
			}
		})
	}
}

// eachName calls visit with each name in n that isn't a field's, a method's or a variable's of the function.
func eachName(n ast.Node, visit func(*ast.Ident)) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			eachName(n.X, visit)
			return false
		case *ast.Ident:
			if n.Obj == nil {
				visit(n)
			}
		}
		return true
	})
}
