package direct

import (
	"unsafe"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/gemm"
	"github.com/fallline/fallline/internal/kernel/pool"
)

// PoolForward computes the images that Forward takes as lanes and returns how many they are.
func PoolForward[T kernel.Float](s Shape, p pool.Shape, x, w, y []T, arg []uint16, e gemm.Epilogue[T]) int {
	x, w = x[:s.N*s.H*s.W*s.C], w[:s.KH*s.KW*s.C*s.K]
	t := forwardConv(s, x, y, e)
	n := t.asLanes()
	if n == 0 {
		return 0
	}
	t.winH, t.winW = p.KH, p.KW
	t.outH, t.outW = p.Out()
	t.cells = unsafe.Pointer(&arg[0])
	c := works.Get()
	c.prepare(&t, unsafe.Pointer(&w[0]))
	c.runImages(&t, n)
	c.release()
	return n
}
