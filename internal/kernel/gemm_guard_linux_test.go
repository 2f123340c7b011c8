package kernel

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// fenced returns n elements whose neighbours on one side can't be read or written: after the last one, or before
// the first.
func fenced[T Float](t *testing.T, n int, before bool) []T {
	page := syscall.Getpagesize()
	bytes := n * sizeOf[T]()
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

// TestGemmStaysInside computes on matrices that end, or start, at memory that may not be touched.
func TestGemmStaysInside(t *testing.T) {
	forEachGemm(t, testGemmStaysInside[float32], testGemmStaysInside[float64])
}

func testGemmStaysInside[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	shapes := append([][3]int{{40, 35, 70}, {13, 17, 19}, {7, 31, 66}, {31, 7, 66}, {6, 16, 8}, {14, 32, 16}}, shapesToTest()...)
	for _, before := range []bool{false, true} {
		for _, shape := range shapes {
			everyTranspose(func(ta, tb bool) {
				c := gemmCase{ta: ta, tb: tb, m: shape[0], n: shape[1], k: shape[2], alpha: 1}
				o := newOperands[T](c, r)
				a, b, out := fenced[T](t, len(o.a), before), fenced[T](t, len(o.b), before), fenced[T](t, c.m*c.n, before)
				bias := fenced[T](t, c.n, before)
				copy(a, o.a)
				copy(b, o.b)
				GemmEpilogue(ta, tb, c.m, c.n, c.k, a, o.lda, b, o.ldb, out, o.ldc, Epilogue[T]{Bias: bias})
				Gemm(ta, tb, c.m, c.n, c.k, 1, a, o.lda, b, o.ldb, 1, out, o.ldc)
			})
		}
	}
}
