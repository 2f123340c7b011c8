package fallline

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// asked are interfaces that a value is asked for though they are no optional ones, or though they can't be exported,
// and why.
var asked = map[string]string{
	"graph/op.Body":                        "one of the two that a Description is",
	"graph/op.ExtraBody":                   "the other one",
	"solvers.Rule":                         "a copy of a rule is made by reflection",
	"datasets: interface{ Opaque() bool }": "the standard library's own optional interface of image.Image, which has no name there",
}

// TestOptionalInterfaces holds that whatever a value is asked for by a type assertion can be found: it is exported,
// documented as an optional interface, and listed under that heading of its package.
func TestOptionalInterfaces(t *testing.T) {
	packages := parsePackages(t)
	unused := map[string]bool{}
	for name := range asked {
		unused[name] = true
	}
	found := 0
	for dir, p := range packages {
		p.assertions(func(pos token.Position, in, name string) {
			if _, known := asked[name]; known {
				delete(unused, name)
				return
			}
			if in == "" {
				t.Errorf("%v: a type assertion to %s, which nobody can find: give it a name", pos, strings.TrimPrefix(name, dir+": "))
				return
			}
			of, known := packages[in]
			if !known {
				return
			}
			short := strings.TrimPrefix(name, in+".")
			doc, isInterface := of.interfaces[short]
			switch {
			case !isInterface:
				return
			case !ast.IsExported(short):
				t.Errorf("%v: a type assertion to %s, which nobody can find: export it", pos, name)
				return
			case !regexp.MustCompile(`^` + short + ` is an optional\s+interface\s+of\s+([a-z]+\.)?[A-Z]`).MatchString(doc):
				t.Errorf("%v: the comment of %s doesn't begin with “%s is an optional interface of ...”", pos, name, short)
			}
			_, list, _ := strings.Cut(of.doc, "# Optional interfaces")
			if !regexp.MustCompile(`\b` + short + `\b`).MatchString(list) {
				t.Errorf("%v: %s isn't listed under “# Optional interfaces” of package %s", pos, name, in)
			}
			found++
		})
	}
	for name := range unused {
		t.Errorf("nobody asks for %s any more: take it out of the list", name)
	}
	if found < 20 {
		t.Errorf("found only %d type assertions to interfaces of this module", found)
	}
}

// parsed is a package of the module without its tests.
type parsed struct {
	files      []*ast.File
	set        *token.FileSet
	dir        string
	doc        string
	interfaces map[string]string // their comments by name
}

// parsePackages parses the module's packages, by folder.
func parsePackages(t *testing.T) map[string]*parsed {
	packages := map[string]*parsed{}
	for name, source := range goFiles(t) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		dir := path.Dir(name)
		p := packages[dir]
		if p == nil {
			p = &parsed{set: token.NewFileSet(), dir: dir, interfaces: map[string]string{}}
			packages[dir] = p
		}
		file, err := parser.ParseFile(p.set, name, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		p.files = append(p.files, file)
		if file.Doc != nil {
			p.doc += file.Doc.Text()
		}
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range g.Specs {
				if s, ok := s.(*ast.TypeSpec); ok {
					if _, is := s.Type.(*ast.InterfaceType); is {
						p.interfaces[s.Name.Name] = g.Doc.Text() + s.Doc.Text()
					}
				}
			}
		}
	}
	return packages
}

// assertions calls visit with each type that a value is asserted to be, or to be in a case of a type switch: its
// package's folder and its name with it, or no folder and the text of an interface without a name.
func (p *parsed) assertions(visit func(pos token.Position, in, name string)) {
	for _, file := range p.files {
		imports := map[string]string{}
		for _, i := range file.Imports {
			full, _ := strconv.Unquote(i.Path.Value)
			if dir, ours := strings.CutPrefix(full, module+"/"); ours {
				imports[path.Base(dir)] = dir
			}
		}
		see := func(e ast.Expr) {
			pos := p.set.Position(e.Pos())
			switch e := e.(type) {
			case *ast.Ident:
				visit(pos, p.dir, p.dir+"."+e.Name)
			case *ast.SelectorExpr:
				if x, ok := e.X.(*ast.Ident); ok && imports[x.Name] != "" {
					visit(pos, imports[x.Name], imports[x.Name]+"."+e.Sel.Name)
				}
			case *ast.InterfaceType:
				text := "interface{}"
				if m := e.Methods.List; len(m) > 0 && len(m[0].Names) > 0 {
					text = "interface{ " + m[0].Names[0].Name + "() bool }"
				}
				visit(pos, "", p.dir+": "+text)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeAssertExpr:
				if n.Type != nil {
					see(n.Type)
				}
			case *ast.TypeSwitchStmt:
				for _, c := range n.Body.List {
					for _, e := range c.(*ast.CaseClause).List {
						see(e)
					}
				}
			}
			return true
		})
	}
}
