package guide

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/fallline/fallline/schedules"
)

// TestTexts holds that each schedule that a page gives as text is one.
func TestTexts(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("`([a-z]+\\([^`]*\\))`").FindAllSubmatch(text, -1) {
			found++
			if _, err := schedules.Parse(string(m[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
	if found == 0 {
		t.Error("no schedules found")
	}
}
