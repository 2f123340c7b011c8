package kernel

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/cpu"
)

// ofAVX2 matches the names of the functions that the AVX2 set runs, whose vectors have 32 bytes.
var ofAVX2 = regexp.MustCompile(`AVX2|V256|^(conv|winograd)[A-Za-z]+Y(\d|M|$)`)

// TestAssemblyNeedsWhatIsDetected reads the generated assembly: a set's functions may need no more of the processor than detect asks it for,
// and the generic set's no more than every amd64 has. The register allocator of the generator knows 32 vector registers, of which all but AVX-512
// have the lower 16.
func TestAssemblyNeedsWhatIsDetected(t *testing.T) {
	needs := map[set]string{
		setGeneric: "SSE2",
		setAVX2:    "MMX+ CMOV AVX AVX2 FMA3",
		setAVX512:  "MMX+ CMOV AVX AVX2 FMA3 AVX512F AVX512BW AVX512DQ AVX512VL BMI2",
	}
	beyond := regexp.MustCompile(`\b([XY](1[6-9]|2\d|3[01])|Z\d+|K[0-7])\b`)
	functions := map[set]int{}
	var files []string
	for _, pattern := range []string{"*_amd64.s", "*/*_amd64.s"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, function := range strings.Split(string(text), "\n// func ")[1:] {
			name, body, _ := strings.Cut(function, "(")
			of := setAVX512
			switch {
			case strings.Contains(name, "SSE2"):
				of = setGeneric
			case ofAVX2.MatchString(name):
				of = setAVX2
			}
			functions[of]++
			if _, list, ok := strings.Cut(body, "\n// Requires: "); ok {
				list, _, _ = strings.Cut(list, "\n")
				for _, need := range strings.Split(list, ", ") {
					if !slices.Contains(strings.Fields(needs[of]), need) {
						t.Errorf("%s needs %s", name, need)
					}
				}
			}
			if r := beyond.FindString(body); of != setAVX512 && r != "" {
				t.Errorf("%s uses register %s", name, r)
			}
		}
	}
	if functions[setGeneric] == 0 || functions[setAVX2] < 200 || functions[setAVX512] < functions[setAVX2] {
		t.Errorf("%d functions for SSE2, %d for AVX2 and %d for AVX-512 found, want more", functions[setGeneric], functions[setAVX2], functions[setAVX512])
	}
}

// TestDetect takes one thing after another from this processor.
func TestDetect(t *testing.T) {
	all := cpu.X86
	defer func() { cpu.X86 = all }()
	if detect() != setAVX512 {
		t.Skip("not tested: this machine lacks the instructions of avx512")
	}
	for _, c := range []struct {
		name string
		has  *bool
		want set
	}{
		{"AVX512F", &cpu.X86.HasAVX512F, setAVX2}, {"AVX512BW", &cpu.X86.HasAVX512BW, setAVX2}, {"AVX512DQ", &cpu.X86.HasAVX512DQ, setAVX2},
		{"AVX512VL", &cpu.X86.HasAVX512VL, setAVX2}, {"BMI2", &cpu.X86.HasBMI2, setAVX2},
		{"AVX2", &cpu.X86.HasAVX2, setGeneric}, {"FMA", &cpu.X86.HasFMA, setGeneric},
	} {
		*c.has = false
		if got := detect(); got != c.want {
			t.Errorf("without %s: %s, want %s", c.name, got, c.want)
		}
		*c.has = true
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
