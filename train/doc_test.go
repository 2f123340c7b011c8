package train

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDocNamesEveryFile holds that the package comment says where things are, of every file, and of none that isn't
// there.
func TestDocNamesEveryFile(t *testing.T) {
	text := string(must(os.ReadFile("doc.go")))
	named := regexp.MustCompile(`\w+\.go\b`).FindAllString(text, -1)
	for _, f := range must(filepath.Glob("*.go")) {
		if f != "doc.go" && !strings.HasSuffix(f, "_test.go") && !slices.Contains(named, f) {
			t.Errorf("doc.go doesn't say what %s is for", f)
		}
	}
	for _, f := range named {
		if _, err := os.Stat(f); err != nil {
			t.Errorf("doc.go speaks of %s: %v", f, err)
		}
	}
}
