package kerneltest

import (
	"testing"
	"unsafe"
)

func TestField(t *testing.T) {
	for n := range 5 {
		for offset := range 40 {
			f := NewField(n, offset, 1.5)
			if len(f.Slice()) != n || cap(f.Slice()) != n || Spoiled(f) {
				t.Fatalf("%d elements at %d: %d, with room for %d", n, offset, len(f.Slice()), cap(f.Slice()))
			}
			if at := uintptr(unsafe.Pointer(&f.All[f.at])); int(at%line)/8 != offset%8 {
				t.Errorf("%d elements at %d begin at %#x", n, offset, at)
			}
			for _, i := range []int{f.at - 1, f.at + n} {
				f.All[i] = 2
				if !Spoiled(f) {
					t.Errorf("%d elements at %d: element %d has changed unnoticed", n, offset, i-f.at)
				}
				f.All[i] = 1.5
			}
		}
	}
}
