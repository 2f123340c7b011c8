package fallline

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// documented is a package's doc comments by what they are of, and the names that there are in it.
type documented struct {
	comments map[string]string
	funcs    map[string]string // those of exported functions and methods alone
	names    map[string]bool
}

func (d *documented) add(name, text string) {
	d.comments[name] = text
	d.names[name] = true
}

func (d *documented) values(list []*doc.Value) {
	for _, v := range list {
		for _, name := range v.Names {
			d.add(name, v.Doc)
		}
	}
}

func (d *documented) functions(list []*doc.Func) {
	for _, f := range list {
		d.add(f.Name, f.Doc)
		if ast.IsExported(f.Name) {
			d.funcs[f.Recv+" "+f.Name] = f.Doc
		}
	}
}

// docsOf reads the packages of the module whose source is in a folder, by name. Those of one name are taken for one.
func docsOf(t *testing.T, root string) map[string]*documented {
	t.Helper()
	all := make(map[string]*documented)
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		if name := e.Name(); path != root && strings.HasPrefix(name, ".") || name == "testdata" || strings.HasPrefix(name, "_") {
			return filepath.SkipDir
		}
		files := token.NewFileSet()
		sources, err := filepath.Glob(filepath.Join(path, "*.go"))
		if err != nil {
			return err
		}
		var parsed []*ast.File
		for _, s := range sources {
			if strings.HasSuffix(s, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(files, s, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			if f.Name.Name != "main" {
				parsed = append(parsed, f)
			}
		}
		if len(parsed) == 0 {
			return nil
		}
		p, err := doc.NewFromFiles(files, parsed, path, doc.AllDecls|doc.PreserveAST)
		if err != nil {
			return err
		}
		d := all[p.Name]
		if d == nil {
			d = &documented{map[string]string{}, map[string]string{}, map[string]bool{}}
			all[p.Name] = d
		}
		d.comments["package "+path] = p.Doc
		d.values(append(p.Consts, p.Vars...))
		d.functions(p.Funcs)
		for _, typ := range p.Types {
			d.add(typ.Name, typ.Doc)
			d.values(append(typ.Consts, typ.Vars...))
			d.functions(append(typ.Funcs, typ.Methods...))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// elsewhere are packages of others that have the name of one of ours.
var elsewhere = map[string]bool{"blas": true}

// TestDocCommentsNameWhatThereIs: a function's comment begins with its name, and what comments and pages name of a
// package of this module is there.
func TestDocCommentsNameWhatThereIs(t *testing.T) {
	all := docsOf(t, ".")
	named := regexp.MustCompile(`\b([a-z][a-z0-9]*)\.([A-Z]\w*)`)
	check := func(where, text string) {
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			if d := all[m[1]]; d != nil && !elsewhere[m[1]] && !d.names[m[2]] {
				t.Errorf("%s: there is no %s", where, m[0])
			}
		}
	}
	for pkg, d := range all {
		for name, text := range d.comments {
			check(pkg+": "+name, text)
		}
		for name, text := range d.funcs {
			own := name[strings.LastIndexByte(name, ' ')+1:]
			if text != "" && !regexp.MustCompile(`^(Deprecated: )?`+own+`\b`).MatchString(text) {
				t.Errorf("%s: the comment of %s begins with %q", pkg, name, strings.Fields(text)[0])
			}
		}
	}
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(pages, "README.md") {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		check(p, string(text))
	}
	if len(all) < 15 || len(all["solvers"].comments) < 100 {
		t.Errorf("%d packages: the search is wrong", len(all))
	}
}
