package kernel

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// TestAVX2RoutinesStayInAVX2 reads the generated assembly: the register allocator of the generator knows 32 vector registers, of
// which AVX2 has the lower 16, and an instruction on another one would need AVX-512.
func TestAVX2RoutinesStayInAVX2(t *testing.T) {
	text, err := os.ReadFile("pointwise_amd64.s")
	if err != nil {
		t.Fatal(err)
	}
	beyond := regexp.MustCompile(`\b([XY](1[6-9]|2\d|3[01])|Z\d+|K[0-7])\b`)
	functions := 0
	for _, function := range strings.Split(string(text), "\nTEXT ")[1:] {
		name, body, _ := strings.Cut(function, "(SB)")
		if !strings.Contains(name, "AVX2") {
			continue
		}
		functions++
		if r := beyond.FindString(body); r != "" {
			t.Errorf("%s uses register %s", name, r)
		}
	}
	if functions == 0 {
		t.Error("no function for AVX2 found")
	}
}

// TestRoutinesAreComplete wants every set to have every routine.
func TestRoutinesAreComplete(t *testing.T) {
	for s, name := range setNames {
		for _, k := range []any{routines32[s], routines64[s], *winogradSets[s]} {
			v := reflect.ValueOf(k)
			for i := range v.NumField() {
				f := v.Field(i)
				if what := fmt.Sprintf("%T.%s", k, v.Type().Field(i).Name); f.Kind() == reflect.Func && f.IsNil() && what != "kernel.winogradKernels.fence" {
					t.Errorf("%s has no %s", name, what)
				}
			}
		}
	}
}
