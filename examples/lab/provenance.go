package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/fallline/fallline"
)

// provenance says what a result was made with. Equal provenances are of the same program on the same machine.
type provenance struct {
	Processor string `json:"processor"`
	System    string `json:"system"`
	Go        string `json:"go"`
	Commit    string `json:"commit"`
	Program   string `json:"program"` // the start of the SHA-256 of the executable
	Kernels   string `json:"kernels"`
	Threads   int    `json:"threads"`
	Data      string `json:"data,omitempty"` // the start of the SHA-256 of the file of -data
}

func provenanceOf(l *lab) provenance {
	kernels, _ := fallline.Kernels()
	p := provenance{
		Processor: processor(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Commit: commit(), Program: program(),
		Kernels: kernels, Threads: fallline.Threads(),
	}
	if l.data != "" {
		p.Data = digest(l.data)
	}
	return p
}

// commit is what the program was built from. go run leaves it out unless it is told -buildvcs=true.
var commit = sync.OnceValue(func() string {
	hash, changed := "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				hash = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = " with changes"
			}
		}
	}
	if hash == "" {
		return "not known: build with -buildvcs=true"
	}
	return hash[:min(12, len(hash))] + changed
})

// program is the digest of the executable.
var program = sync.OnceValue(func() string {
	file, err := os.Executable()
	if err != nil {
		return ""
	}
	return digest(file)
})

// digest is the start of a file's SHA-256; empty where it can't be read.
func digest(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// processor is the name that Linux gives, with the number of processors in use, or else the architecture.
var processor = sync.OnceValue(func() string {
	name := runtime.GOARCH
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
				name = strings.TrimSpace(value)
				break
			}
		}
	}
	return sprintf("%s, %d in use", name, runtime.GOMAXPROCS(0))
})
