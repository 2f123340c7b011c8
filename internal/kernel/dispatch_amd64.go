//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

// detect asks the processor and, through XCR0, the operating system.
func detect() Set {
	x := &cpu.X86
	switch {
	case !x.HasAVX2 || !x.HasFMA:
		return SSE2
	case !x.HasAVX512F || !x.HasAVX512BW || !x.HasAVX512DQ || !x.HasAVX512VL || !x.HasBMI2:
		return AVX2
	}
	return AVX512
}
