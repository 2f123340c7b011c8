package fallline

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDocs holds that every block of Go in README.md and in docs/ stands, but for indentation and empty lines, in a Go
// file of the repository: so that it compiles, and what it does is tested. A block of another language than go is not
// looked at.
func TestDocs(t *testing.T) {
	pages, err := markdown("README.md", "docs")
	if err != nil {
		t.Fatal(err)
	}
	code, err := sources(".")
	if err != nil {
		t.Fatal(err)
	}
	blocks := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range goBlocks(string(text)) {
			blocks++
			if !stands(b, code) {
				t.Errorf("%s: a block is in no Go file:\n%s", page, strings.Join(b, "\n"))
			}
		}
	}
	if blocks == 0 {
		t.Error("no blocks of Go found")
	}
}

// TestLinks holds that what a page links to in the repository is there.
func TestLinks(t *testing.T) {
	pages, err := markdown(".")
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range link.FindAllStringSubmatch(fenced.ReplaceAllString(string(text), ""), -1) {
			links++
			to, _, _ := strings.Cut(l[1], "#")
			if to == "" || strings.Contains(to, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), to)); err != nil {
				t.Errorf("%s links to %s: %v", page, l[1], err)
			}
		}
	}
	if links == 0 {
		t.Error("no links found")
	}
}

var (
	link   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fenced = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
)

// TestDiagrams holds that no node of a mermaid diagram is named by a word of that language, with which it isn't drawn.
func TestDiagrams(t *testing.T) {
	pages, err := markdown(".")
	if err != nil {
		t.Fatal(err)
	}
	nodes := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range diagrams.FindAllString(string(text), -1) {
			for _, n := range node.FindAllStringSubmatch(d, -1) {
				nodes++
				if slices.Contains([]string{"class", "click", "default", "end", "flowchart", "graph", "style", "subgraph"}, n[1]) {
					t.Errorf("%s: a node of a diagram is named %q", page, n[1])
				}
			}
		}
	}
	if nodes < 20 {
		t.Errorf("found %d nodes", nodes)
	}
}

var (
	diagrams = regexp.MustCompile("(?ms)^```mermaid$.*?^```$")
	node     = regexp.MustCompile(`(?m)^ *(\w+)[\[({]`)
)

// TestDocsFinds holds that the comparison can fail.
func TestDocsFinds(t *testing.T) {
	code := [][]string{bare("package p\n\nfunc f() {\n\treturn\n}\n")}
	for text, want := range map[string]bool{
		"```go\n    func f() {\n\n    return\n    }\n```":   true,
		"```go\nfunc f() {\n}\n```":                         false,
		"```go\nreturn\n}\n```\ntext\n```sh\nrm x\n```":     true,
		"text\n```go\nreturn\n```\n```go\nfunc g()\n```":    false,
		"```go\nturn\n```":                                  false,
		"1. item\n   ```go\n   return\n   ```\n   and text": true,
	} {
		found := true
		blocks := goBlocks(text)
		for _, b := range blocks {
			found = found && stands(b, code)
		}
		if len(blocks) == 0 || found != want {
			t.Errorf("%q: %d blocks, found: %t, want %t", text, len(blocks), found, want)
		}
	}
}

// markdown lists the pages among files and in folders.
func markdown(roots ...string) (pages []string, err error) {
	for _, root := range roots {
		err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".md") {
				pages = append(pages, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// sources returns the bare lines of each Go file in a folder.
func sources(root string) (files [][]string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() != "." && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		text, err := os.ReadFile(path)
		files = append(files, bare(string(text)))
		return err
	})
	return files, err
}

// bare returns the lines of a text that aren't empty, without the space around them.
func bare(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// goBlocks returns the bare lines of each fenced block of Go in a page.
func goBlocks(page string) (blocks [][]string) {
	inside, goes := false, false
	for _, line := range bare(page) {
		switch tag, fence := strings.CutPrefix(line, "```"); {
		case fence:
			inside = !inside
			if goes = inside && tag == "go"; goes {
				blocks = append(blocks, nil)
			}
		case goes:
			blocks[len(blocks)-1] = append(blocks[len(blocks)-1], line)
		}
	}
	return blocks
}

// stands says whether the lines of a block follow each other somewhere in the code.
func stands(block []string, code [][]string) bool {
	for _, file := range code {
		for i := 0; i+len(block) <= len(file); i++ {
			if slices.Equal(block, file[i:i+len(block)]) {
				return true
			}
		}
	}
	return false
}
