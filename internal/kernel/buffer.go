package kernel

import (
	"unsafe"

	"github.com/fallline/fallline/internal/memory"
)

// Buffer is a reusable block of bytes that starts on a cache line.
type Buffer struct{ bytes []byte }

// Get returns at least n bytes; what is in them is arbitrary.
func (b *Buffer) Get(n int) unsafe.Pointer {
	if len(b.bytes) < n {
		b.bytes = AlignedSlice[byte](n)
	}
	return unsafe.Pointer(unsafe.SliceData(b.bytes))
}

// Zero returns at least n bytes that are zero. Nobody may write to them, nor call Get.
func (b *Buffer) Zero(n int) unsafe.Pointer { return b.Get(n) }

// AlignedSlice makes n zeros that start on a cache line, in large pages if they are many.
func AlignedSlice[T memory.Number](n int) []T {
	s := memory.Aligned[T](n)
	memory.HugePages(memory.Bytes(s))
	return s
}
