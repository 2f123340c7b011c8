package fallline

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// theGate is the package that knows Gorgonia's private side.
const theGate = "graph/internal/gate"

// reflecting are the files outside the gate that may import reflect, none of which looks into a Gorgonia op.
var reflecting = map[string]string{
	"internal/isnil/isnil.go":      "is a value a nil pointer?",
	"internal/tensors/tensors.go":  "a slice of a tensor's type",
	"internal/tensors/values.go":   "a slice of a tensor's type over given memory",
	"solvers/describe.go":          "a rule's exported fields",
	"solvers/fields.go":            "a rule's exported fields",
	"solvers/forgorgonia/param.go": "is a source a pointer?",
	"solvers/peak.go":              "of which package is a type?",
	"solvers/solver.go":            "is a rule a nil pointer?",
	"train/observe.go":             "are two observers one?",
}

// overMemory is the file outside the gate that may import unsafe beside Gorgonia: it makes slices over the memory that
// a value's exported field Raw, or a pointer to a scalar, gives.
const overMemory = "internal/tensors/values.go"

// TestOneGate holds that no other package reflects on Gorgonia's ops, reads its values' private memory or goes by what
// its ops print.
func TestOneGate(t *testing.T) {
	unused := map[string]bool{overMemory: true}
	for name := range reflecting {
		unused[name] = true
	}
	for name, text := range goFiles(t) {
		if under(name, theGate) || strings.HasSuffix(name, "_test.go") || under(name, "internal/kernel") {
			continue
		}
		for _, what := range trespasses(t, name, text) {
			if _, ok := reflecting[name]; ok && what == reflects || name == overMemory && what == overrides {
				unused[name] = false
				continue
			}
			t.Errorf("%s %s: that belongs in %s", name, what, theGate)
		}
	}
	for name, is := range unused {
		if is {
			t.Errorf("%s may do what it doesn't: strike it off the list", name)
		}
	}
}

// TestOneGateFinds holds that a trespass is found.
func TestOneGateFinds(t *testing.T) {
	const head = "package p\n\nimport \"gorgonia.org/gorgonia\"\n\nvar op gorgonia.Op\n\n"
	for text, want := range map[string]int{
		head:                                0,
		"package p\n\nimport \"reflect\"\n": 1,
		"package p\n\nimport (\n\t\"unsafe\"\n\t\"gorgonia.org/tensor\"\n)\n":                         1,
		"package p\n\nimport \"unsafe\"\n":                                                            0,
		head + "var x = \"gorgonia.sumOp\"":                                                           1,
		head + "var x = \"*gorgonia.sliceOp\"":                                                        1,
		head + "var x = \"gorgonia.Dropout\"":                                                         0,
		head + "var x = \"+ false\"":                                                                  1,
		head + "var x = \"Aᵀ × B\"":                                                                   1,
		head + "var x = \"a ⊗ b\"":                                                                    1,
		head + "var x = \"%!s(<nil>)\"":                                                               1,
		head + "var x = op.String() == \"exp\"":                                                       1,
		head + "var x = map[string]int{}[op.String()]":                                                1,
		head + "func f() {\n\tswitch op.String() {\n\t}\n}":                                           1,
		head + "func f() {\n\tswitch s := op.String(); s {\n\t}\n}":                                   1,
		head + "var x = strings.HasPrefix(op.String(), \"softmax\")":                                  1,
		head + "var x = fmt.Sprint(op.String())":                                                      0,
		head + "var x = fmt.Sprintf(\"%T\", op) == \"sumOp\"":                                         1,
		"package p\n\nvar x = op.String() == \"exp\"\n":                                               0,
		"package p\n\nimport (\n\t\"unsafe\"\n\t\"reflect\"\n\t\"gorgonia.org/gorgonia\"\n)\n\nvar x": 2,
	} {
		if got := trespasses(t, "p.go", text); len(got) != want {
			t.Errorf("%d trespasses %q, want %d, in\n%s", len(got), got, want, text)
		}
	}
}

const (
	reflects  = "imports reflect"
	overrides = "imports unsafe beside Gorgonia"
)

// private are the names of Gorgonia's private types, how its elementwise ops and products print, and how it names what
// has no name.
var private = regexp.MustCompile(`^\*?gorgonia\.[a-z]\w*$|^[-+⊙÷^<>=!]+ (true|false)$|^[Aa]ᵀ? (×|×××|⋅|⊗) [Bb]ᵀ?$|^%!s\(`)

// trespasses lists what a file does that only the gate should.
func trespasses(t *testing.T, name, text string) (list []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if file == nil {
		t.Fatal(err)
	}
	imports := make(map[string]bool)
	for _, i := range file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		imports[path] = true
	}
	values := imports["gorgonia.org/gorgonia"] || imports["gorgonia.org/tensor"]
	if imports["reflect"] {
		list = append(list, reflects)
	}
	if imports["unsafe"] && values {
		list = append(list, overrides)
	}
	values = values || under(name, "graph")
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && private.MatchString(s) {
				list = append(list, "knows the private name "+n.Value)
			}
		default:
			if values && slices.ContainsFunc(compared(n), prints) {
				list = append(list, "goes by what something prints")
			}
		}
		return true
	})
	return list
}

// compared are the parts of a piece of code that it compares with others.
func compared(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			return []ast.Expr{n.X, n.Y}
		}
	case *ast.SwitchStmt:
		if init, ok := n.Init.(*ast.AssignStmt); ok {
			return append(slices.Clone(init.Rhs), n.Tag)
		}
		return []ast.Expr{n.Tag}
	case *ast.IndexExpr:
		return []ast.Expr{n.Index}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok {
			if from, ok := f.X.(*ast.Ident); ok && from.Name == "strings" {
				return n.Args
			}
		}
	}
	return nil
}

// prints says whether an expression is what a value prints: a call of String, or of fmt with %T.
func prints(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	if f.Sel.Name == "String" && len(call.Args) == 0 {
		return true
	}
	if f.Sel.Name != "Sprintf" || len(call.Args) == 0 {
		return false
	}
	format, ok := call.Args[0].(*ast.BasicLit)
	return ok && strings.Contains(format.Value, "%T")
}
