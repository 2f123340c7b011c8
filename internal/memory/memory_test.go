package memory

import (
	"slices"
	"testing"
	"unsafe"
)

func testAligned[T Number](t *testing.T) {
	for n := range 130 {
		s := Aligned[T](n)
		if len(s) != n || cap(s) != n {
			t.Errorf("%T: length %d and capacity %d, want %d", s, len(s), cap(s), n)
		}
		if at := uintptr(unsafe.Pointer(unsafe.SliceData(s))); at%Line != 0 {
			t.Errorf("%T of %d: begins at %#x", s, n, at)
		}
		if len(Bytes(s)) != n*int(unsafe.Sizeof(T(0))) {
			t.Errorf("%T of %d: %d bytes", s, n, len(Bytes(s)))
		}
	}
}

func TestAligned(t *testing.T) {
	testAligned[byte](t)
	testAligned[uint16](t)
	testAligned[float32](t)
	testAligned[float64](t)
}

func TestBytes(t *testing.T) {
	s := []uint16{1, 2}
	clear(Bytes(s)[2:])
	if !slices.Equal(s, []uint16{1, 0}) {
		t.Errorf("%v after its second half was cleared", s)
	}
}

func TestResize(t *testing.T) {
	s := make([]int, 3, 8)
	if r := Resize(s, 8); len(r) != 8 || &r[0] != &s[0] {
		t.Error("a slice with room was not used")
	}
	if r := Resize(s, 9); len(r) != 9 {
		t.Errorf("%d elements, want 9", len(r))
	}
	if n := testing.AllocsPerRun(10, func() { s = Resize(s, 5) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
