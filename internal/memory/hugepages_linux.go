package memory

import (
	"syscall"
	"unsafe"
)

// HugePages asks the system to back memory by large pages, as far as whole ones lie in it. What walks through many rows
// of images at once is then spared from waiting for translations of addresses. It is best called before the memory is
// first touched. Where the system declines, nothing changes.
func HugePages(b []byte) {
	const (
		page   = 2 << 20
		advice = 14 // MADV_HUGEPAGE
	)
	skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(b))) & (page - 1))
	if whole := (len(b) - skip) &^ (page - 1); whole > 0 {
		_ = syscall.Madvise(b[skip:skip+whole], advice)
	}
}
