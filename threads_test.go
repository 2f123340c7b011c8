package fallline

import (
	"os"
	"runtime"
	"testing"
)

func TestThreads(t *testing.T) {
	defer SetThreads(0)
	if err := SetThreads(3); err != nil || Threads() != 3 {
		t.Errorf("SetThreads(3): %v, then %d threads", err, Threads())
	}
	if err := SetThreads(-1); err == nil || Threads() != 3 {
		t.Errorf("SetThreads(-1): %v, then %d threads", err, Threads())
	}
	if err := SetThreads(0); err != nil || Threads() != runtime.GOMAXPROCS(0) {
		t.Errorf("SetThreads(0): %v, then %d threads", err, Threads())
	}
}

func TestKernels(t *testing.T) {
	name, err := Kernels()
	if want := os.Getenv("FALLLINE_KERNEL"); want != "" && err == nil && name != want {
		t.Errorf("kernel set %s without an error, the environment asks for %s", name, want)
	}
	if name == "" {
		t.Error("the kernel set has no name")
	}
}
