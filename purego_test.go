package fallline

import (
	"os/exec"
	"strings"
	"testing"
)

// goList is what go list says of packages.
func goList(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list %s: %v", strings.Join(args, " "), err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// TestPurego holds that the tag purego leaves the assembly of this module out, and that the kernels then stand on
// nobody else's.
func TestPurego(t *testing.T) {
	const files = `{{range .SFiles}}{{$.ImportPath}}/{{.}}{{"\n"}}{{end}}`
	with, without := goList(t, "-f", files, "./..."), goList(t, "-tags", "purego", "-f", files, "./...")
	if without[0] != "" {
		t.Errorf("a build with the tag purego has assembly in it: %q", without)
	}
	if onAMD64 := goList(t, "-f", "{{context.GOARCH}}", ".")[0] == "amd64"; onAMD64 && with[0] == "" && !purego(t) {
		t.Error("a build without the tag has no assembly: the test finds nothing")
	}
	for _, file := range goList(t, "-tags", "purego", "-deps", "-f", `{{if not .Standard}}`+files+`{{end}}`, "./internal/kernel/...") {
		if file != "" && !strings.HasPrefix(file, "golang.org/x/sys/") {
			t.Errorf("the kernels of a build with the tag purego need %s", file)
		}
	}
}

// purego says whether the go command has the tag by itself, from its environment.
func purego(t *testing.T) bool {
	return strings.Contains(strings.Join(goList(t, "-f", "{{context.BuildTags}}", "."), " "), "purego")
}
