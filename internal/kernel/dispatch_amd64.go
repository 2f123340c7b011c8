package kernel

import "golang.org/x/sys/cpu"

// detect asks the processor and, through XCR0, the operating system.
func detect() set {
	x := &cpu.X86
	switch {
	case !x.HasAVX2 || !x.HasFMA:
		return setGeneric
	case !x.HasAVX512F || !x.HasAVX512BW || !x.HasAVX512DQ || !x.HasAVX512VL || !x.HasBMI2:
		return setAVX2
	}
	return setAVX512
}
