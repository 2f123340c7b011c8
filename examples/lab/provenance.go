package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime"
	"sync"

	"github.com/fallline/fallline"
	"github.com/fallline/fallline/examples/internal/origin"
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
		Processor: sprintf("%s, %d in use", origin.Processor(), runtime.GOMAXPROCS(0)), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), Commit: origin.Commit(), Program: program(),
		Kernels: kernels, Threads: fallline.Threads(),
	}
	if l.data != "" {
		p.Data = digest(l.data)
	}
	return p
}

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
