package main

import (
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
)

// resetPeak gives memory back that earlier models left and lets the system's count of the peak begin anew. Where there
// is no such count there is nothing to reset.
func resetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

var highWater = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// peak is the most memory that the process held at a time, in MB, or "-" where the system doesn't tell as Linux does.
func peak() string {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "-"
	}
	m := highWater.FindSubmatch(status)
	if m == nil {
		return "-"
	}
	kb, err := strconv.Atoi(string(m[1]))
	if err != nil {
		return "-"
	}
	return strconv.Itoa((kb*1024 + 500_000) / 1_000_000)
}
