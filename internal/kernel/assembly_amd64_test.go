package kernel

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/cpu"
)

// TestAssemblyNeedsWhatIsDetected reads the generated assembly: a set's functions may need no more of the processor
// than detect asks it for, and the set sse2's no more than every amd64 has. The register allocator of the generator
// knows 32 vector registers, of which all but AVX-512 have the lower 16.
func TestAssemblyNeedsWhatIsDetected(t *testing.T) {
	needs := map[Set]string{
		SSE2:   "SSE2",
		AVX2:   "MMX+ CMOV AVX AVX2 FMA3",
		AVX512: "MMX+ CMOV AVX AVX2 FMA3 AVX512F AVX512BW AVX512DQ AVX512VL BMI2",
	}
	beyond := regexp.MustCompile(`\b([XY](1[6-9]|2\d|3[01])|Z\d+|K[0-7])\b`)
	functions := map[Set]int{}
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
			of := AVX512
			switch {
			case strings.Contains(name, "SSE2"), name == "pause":
				of = SSE2
			case strings.Contains(name, "AVX2"):
				of = AVX2
			case !strings.Contains(name, "AVX512"):
				t.Errorf("%s: %s is of no set by its name", file, name)
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
			if r := beyond.FindString(body); of != AVX512 && r != "" {
				t.Errorf("%s uses register %s", name, r)
			}
		}
	}
	if functions[SSE2] == 0 || functions[AVX2] < 200 || functions[AVX512] < functions[AVX2] {
		t.Errorf("%d functions for SSE2, %d for AVX2 and %d for AVX-512 found, want more", functions[SSE2], functions[AVX2], functions[AVX512])
	}
}

// TestDetect takes one thing after another from this processor.
func TestDetect(t *testing.T) {
	all := cpu.X86
	defer func() { cpu.X86 = all }()
	if detect() != AVX512 {
		t.Skip("not tested: this machine lacks the instructions of avx512")
	}
	for _, c := range []struct {
		name string
		has  *bool
		want Set
	}{
		{"AVX512F", &cpu.X86.HasAVX512F, AVX2}, {"AVX512BW", &cpu.X86.HasAVX512BW, AVX2}, {"AVX512DQ", &cpu.X86.HasAVX512DQ, AVX2},
		{"AVX512VL", &cpu.X86.HasAVX512VL, AVX2}, {"BMI2", &cpu.X86.HasBMI2, AVX2},
		{"AVX2", &cpu.X86.HasAVX2, SSE2}, {"FMA", &cpu.X86.HasFMA, SSE2},
	} {
		*c.has = false
		if got := detect(); got != c.want {
			t.Errorf("without %s: %s, want %s", c.name, got, c.want)
		}
		*c.has = true
	}
}
