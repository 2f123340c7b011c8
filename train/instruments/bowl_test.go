package instruments_test

import (
	"math"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// bowl is f_i(w) = ½ Σ a_k (w_k − c_ik)², whose Hessian is diag(a) whatever the weights and the examples.
type bowl struct {
	dtype   vector.Type
	a       []float64
	centres [][]float64
	fail    error
	calls   int
}

// newBowl has n examples with centres that are N(0, 1) or nearly so.
func newBowl(dt vector.Type, n int, a ...float64) *bowl {
	b := &bowl{dtype: dt, a: a, centres: make([][]float64, n)}
	for i := range b.centres {
		for k := range a {
			b.centres[i] = append(b.centres[i], math.Sqrt2*math.Sin(float64(1+i*i*7+k*13*(i+1))))
		}
	}
	return b
}

func (b *bowl) Len() int { return len(b.centres) }

func (b *bowl) NewVector() *vector.Vector {
	v, err := vector.New(b.dtype, vector.Param{Name: "w", Shape: []int{len(b.a)}})
	if err != nil {
		panic(err)
	}
	return v
}

func (b *bowl) Gradient(w, g *vector.Vector, batch batch.Batch) (loss float64, err error) {
	b.calls++
	if b.fail != nil {
		return 0, b.fail
	}
	for k, a := range b.a {
		sum := 0.0
		for _, i := range batch.Index {
			d := w.At(k) - b.centres[i][k]
			sum += a * d
			loss += a * d * d / 2
		}
		if g != nil {
			g.Set(k, sum/float64(len(batch.Index)))
		}
	}
	return loss / float64(len(batch.Index)), nil
}

func (b *bowl) Loss(w *vector.Vector, batch batch.Batch) (float64, error) {
	return b.Gradient(w, nil, batch)
}

// truth is the noise of a bowl at w, by the definition over all its examples.
func (b *bowl) truth(w ...float64) (variance, square float64) {
	n := float64(len(b.centres))
	for k, a := range b.a {
		var sum, squares float64
		for _, c := range b.centres {
			g := a * (w[k] - c[k])
			sum += g / n
			squares += g * g / n
		}
		variance += squares - sum*sum
		square += sum * sum
	}
	return variance, square
}

func vectorOf(obj solvers.Objective, x ...float64) *vector.Vector {
	v := obj.NewVector()
	for i, x := range x {
		v.Set(i, x)
	}
	return v
}
