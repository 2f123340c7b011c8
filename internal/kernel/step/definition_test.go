package step

import (
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

func TestStepsEqualDefinitions(t *testing.T) {
	kerneltest.Vectors.EachType(t, testSteps[float32], testSteps[float64])
}

func testSteps[T kernel.Float](t *testing.T) {
	type step func(k *routines[T], w, g, v []T)
	steps := map[string]step{
		"StepSGD":              func(k *routines[T], w, g, v []T) { k.sgd(w, g, 0.1) },
		"StepMomentum":         func(k *routines[T], w, g, v []T) { k.momentum(w, g, v, 0.1, 0.9, 0.7) },
		"StepMomentumTextbook": func(k *routines[T], w, g, v []T) { k.momentumTextbook(w, g, v, 0.1, 0.9) },
		"StepNesterov":         func(k *routines[T], w, g, v []T) { k.nesterov(w, g, v, 0.1, 0.9) },
		"StepNesterovTextbook": func(k *routines[T], w, g, v []T) { k.nesterovTextbook(w, g, v, 0.1, 0.9, 0.95) },
	}
	definition := definitions[T]()
	for name, f := range steps {
		r := rand.New(rand.NewPCG(3, 4))
		kerneltest.EveryLength[T](func(n, offset int) {
			w, g, v := kerneltest.Values[T](r, n, offset, false), kerneltest.Values[T](r, n, 3*offset+1, false), kerneltest.Values[T](r, n, 5*offset+2, false)
			wantW, wantV := kerneltest.Twin(w), kerneltest.Twin(v)
			f(&definition, wantW.Slice(), g.Slice(), wantV.Slice())
			f(inUse[T](), w.Slice(), g.Slice(), v.Slice())
			kerneltest.Compare(t, w, wantW, "%s of %d elements at %d: weights", name, n, offset)
			kerneltest.Compare(t, v, wantV, "%s of %d elements at %d: velocities", name, n, offset)
		})
	}
}
