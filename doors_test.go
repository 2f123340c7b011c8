package fallline

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestOneDoorToTheType holds that only package vector finds out the type of a vector's numbers by which of its slices
// is set: others ask for the Type, or take what vector.ByType chooses.
func TestOneDoorToTheType(t *testing.T) {
	peeks := regexp.MustCompile(`\.F(32|64)\s*[!=]=\s*nil`)
	found := 0
	for path, source := range goFiles(t) {
		for n, line := range strings.Split(source, "\n") {
			if !peeks.MatchString(line) {
				continue
			}
			found++
			if !strings.HasPrefix(path, "vector/") {
				t.Errorf("%s:%d: %s: use vector.ByType or Vector.Type", path, n+1, strings.TrimSpace(line))
			}
		}
	}
	if found == 0 {
		t.Error("the pattern finds nothing, not even in package vector")
	}
}

// goFiles is the module's Go files by their paths, without those of other modules below it.
func goFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); path != "." && (err == nil || strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(path, ".go") {
			data, err := os.ReadFile(path)
			files[filepath.ToSlash(path)] = string(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
