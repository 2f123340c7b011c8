package stock

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestBinary checks every elementwise op of two arguments against its definition, scalars on either side, at lengths
// that one thread and that several do.
func TestBinary(t *testing.T) {
	t.Run("float32", testBinary[float32])
	t.Run("float64", testBinary[float64])
}

func testBinary[T kernel.Float](t *testing.T) {
	truth := func(b bool) T {
		if b {
			return 1
		}
		return 0
	}
	definitions := map[gate.Function]func(x, y T) T{
		gate.Add:            func(x, y T) T { return x + y },
		gate.Subtract:       func(x, y T) T { return x - y },
		gate.Multiply:       func(x, y T) T { return x * y },
		gate.Divide:         func(x, y T) T { return x / y },
		gate.Less:           func(x, y T) T { return truth(x < y) },
		gate.Greater:        func(x, y T) T { return truth(x > y) },
		gate.LessOrEqual:    func(x, y T) T { return truth(x <= y) },
		gate.GreaterOrEqual: func(x, y T) T { return truth(x >= y) },
		gate.Equal:          func(x, y T) T { return truth(x == y) },
		gate.NotEqual:       func(x, y T) T { return truth(x != y) },
	}
	rng := rand.New(rand.NewPCG(1, 2))
	random := func(n int) *tensor.Dense {
		x := make([]T, n)
		for i := range x {
			if x[i] = T(int(8*rng.NormFloat64())) / 4; x[i] == 0 { // so that some are equal
				x[i] = 0.5
			}
		}
		return tensor.New(tensor.WithShape(n), tensor.WithBacking(x))
	}
	for op, f := range definitions {
		k := Of(gate.Op{Kind: gate.Binary, Function: op, Numbers: true}, random(1).Dtype())
		if k == nil {
			t.Fatalf("no kernel for %v", op)
		}
		for _, n := range []int{1, 2, 7, 1000, 2*chunk + 1, 5*chunk + 3} {
			for _, sizes := range [][2]int{{n, n}, {1, n}, {n, 1}} {
				x, y, z := random(sizes[0]), random(sizes[1]), random(n)
				k(z, []gorgonia.Value{x, y})
				a, b := tensors.Elements[T](x), tensors.Elements[T](y)
				for i, got := range tensors.Elements[T](z) {
					if want := f(a[i%len(a)], b[i%len(b)]); got != want {
						t.Fatalf("%s on %v: element %d is %v, want %v", op, sizes, i, got, want)
					}
				}
			}
		}
		wantPanic(t, op.String(), func() { k(random(5), []gorgonia.Value{random(4), random(5)}) })
		wantPanic(t, op.String(), func() { k(random(5), []gorgonia.Value{random(5), random(3)}) })
	}
}

func wantPanic(t *testing.T, what string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s: no panic for arguments that don't fit", what)
		}
	}()
	f()
}
