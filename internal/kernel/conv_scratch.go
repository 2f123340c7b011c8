package kernel

import "unsafe"

// scratch is memory that one thread works in during a convolution. It grows to what was ever needed.
type scratch struct {
	source, stage, zeros, winners memory
	offsets                       [2][16]int
	spans                         []span
	runs                          []cellRuns
	window                        []int
}

var scratches stash[scratch]

// memory is a reusable block of bytes that starts on a cache line.
type memory struct{ bytes []byte }

// at least n bytes; what is in them is arbitrary.
func (m *memory) get(n int) unsafe.Pointer {
	const line = 64
	if len(m.bytes) < n {
		b := make([]byte, n+line-1)
		HugePages(b)
		skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(b))) & (line - 1))
		m.bytes = b[skip : skip+n]
	}
	return unsafe.Pointer(unsafe.SliceData(m.bytes))
}

// zero returns at least n bytes that are zero. Nobody may write to them, nor call get.
func (m *memory) zero(n int) unsafe.Pointer { return m.get(n) }
