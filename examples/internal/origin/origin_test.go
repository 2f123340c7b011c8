package origin

import (
	"regexp"
	"testing"
)

func TestOrigin(t *testing.T) {
	if !regexp.MustCompile(`^([0-9a-f]{40}\+?|unknown)$`).MatchString(Commit()) {
		t.Errorf("commit %q", Commit())
	}
	if Processor() == "" {
		t.Error("no processor")
	}
}
