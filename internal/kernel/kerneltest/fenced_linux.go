package kerneltest

import (
	"syscall"
	"testing"
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
)

// Fenced returns n elements whose neighbours on one side can't be read or written: after the last one, or before
// the first.
func Fenced[T kernel.Float](t *testing.T, n int, before bool) []T {
	page := syscall.Getpagesize()
	bytes := n * kernel.SizeOf[T]()
	size := (bytes + page - 1) / page * page
	m, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Munmap(m) })
	for _, fence := range [][]byte{m[:page], m[page+size:]} {
		if err := syscall.Mprotect(fence, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	body := m[page : page+size]
	if !before {
		body = body[size-bytes:]
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(body))), n)
}
