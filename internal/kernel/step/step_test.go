package step

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/kerneltest"
)

// adaptiveStep is a rule's step that keeps arrays, of one kernel set.
type adaptiveStep[T kernel.Float] struct {
	name   string
	arrays int
	run    func(k *routines[T], w, g []T, a [][]T)
	public func(w, g []T, a [][]T)
	// formula returns the new weight for one element in float64; it changes a.
	formula func(w, g float64, a []float64) float64
}

const (
	testRate, testEps, testMu    = 0.1, 1e-3, 0.9
	testKeep, testFresh          = 0.75, 0.25
	testKeep2, testFresh2, testR = 0.875, 0.125, 1.5
)

func adaptiveSteps[T kernel.Float]() []adaptiveStep[T] {
	adam := AdamTerms[T]{testRate, testR, testEps, testKeep, testFresh, testKeep2, testFresh2}
	rms := func(centered, momentum bool) func(w, g float64, a []float64) float64 {
		return func(w, g float64, a []float64) float64 {
			a[0] = testKeep*a[0] + testFresh*g*g
			spread := a[0]
			if centered {
				a[1] = testKeep*a[1] + testFresh*g
				spread = max(a[0]-a[1]*a[1], 0)
			}
			x := g / (math.Sqrt(spread) + testEps)
			if !momentum {
				return w - testRate*x
			}
			v := &a[len(a)-1]
			*v = testMu**v + x
			return w - testRate**v
		}
	}
	adams := func(w, g float64, a []float64) float64 {
		a[0] = testKeep*a[0] + testFresh*g
		a[1] = testKeep2*a[1] + testFresh2*g*g
		s := a[1]
		if len(a) == 3 {
			a[2] = max(a[2], s)
			s = a[2]
		}
		return w - testRate*a[0]/(testR*math.Sqrt(s)+testEps)
	}
	return []adaptiveStep[T]{
		{"StepAdaGrad", 1,
			func(k *routines[T], w, g []T, a [][]T) { k.adaGrad(w, g, a[0], testRate, testEps) },
			func(w, g []T, a [][]T) { AdaGrad(w, g, a[0], testRate, testEps) },
			func(w, g float64, a []float64) float64 {
				a[0] += g * g
				return w - testRate*g/(math.Sqrt(a[0])+testEps)
			}},
		{"StepRMSProp", 1,
			func(k *routines[T], w, g []T, a [][]T) {
				k.rmsProp(w, g, a[0], testRate, testKeep, testFresh, testEps)
			},
			func(w, g []T, a [][]T) { RMSProp(w, g, a[0], testRate, testKeep, testFresh, testEps) }, rms(false, false)},
		{"StepRMSPropCentered", 2,
			func(k *routines[T], w, g []T, a [][]T) {
				k.rmsPropCentered(w, g, a[0], a[1], testRate, testKeep, testFresh, testEps)
			},
			func(w, g []T, a [][]T) {
				RMSPropCentered(w, g, a[0], a[1], testRate, testKeep, testFresh, testEps)
			}, rms(true, false)},
		{"StepRMSPropMomentum", 2,
			func(k *routines[T], w, g []T, a [][]T) {
				k.rmsPropMomentum(w, g, a[0], a[1], testRate, testKeep, testFresh, testEps, testMu)
			},
			func(w, g []T, a [][]T) {
				RMSPropMomentum(w, g, a[0], a[1], testRate, testKeep, testFresh, testEps, testMu)
			}, rms(false, true)},
		{"StepRMSPropCenteredMomentum", 3,
			func(k *routines[T], w, g []T, a [][]T) {
				k.rmsPropCenteredMomentum(w, g, a[0], a[1], a[2], testRate, testKeep, testFresh, testEps, testMu)
			},
			func(w, g []T, a [][]T) {
				RMSPropCenteredMomentum(w, g, a[0], a[1], a[2], testRate, testKeep, testFresh, testEps, testMu)
			}, rms(true, true)},
		{"StepAdam", 2,
			func(k *routines[T], w, g []T, a [][]T) {
				k.adam(w, g, a[0], a[1], testRate, testR, testEps, testKeep, testFresh, testKeep2, testFresh2)
			},
			func(w, g []T, a [][]T) { Adam(w, g, a[0], a[1], adam) }, adams},
		{"StepAMSGrad", 3,
			func(k *routines[T], w, g []T, a [][]T) {
				k.amsGrad(w, g, a[0], a[1], a[2], testRate, testR, testEps, testKeep, testFresh, testKeep2, testFresh2)
			},
			func(w, g []T, a [][]T) { AMSGrad(w, g, a[0], a[1], a[2], adam) }, adams},
	}
}

func TestAdaptiveStepsEqualDefinitions(t *testing.T) {
	kerneltest.Vectors.EachType(t, testAdaptiveSteps[float32], testAdaptiveSteps[float64])
}

func testAdaptiveSteps[T kernel.Float](t *testing.T) {
	definition := definitions[T]()
	for _, f := range adaptiveSteps[T]() {
		r := rand.New(rand.NewPCG(13, 14))
		kerneltest.EveryLength[T](func(n, offset int) {
			w, g := kerneltest.Values[T](r, n, offset, false), kerneltest.Values[T](r, n, 3*offset+1, false)
			wantW := kerneltest.Twin(w)
			var kept, wanted []*kerneltest.Field[T]
			var got, want [][]T
			for i := range f.arrays {
				a := kerneltest.Values[T](r, n, (2*i+5)*offset+i, false)
				kept, wanted = append(kept, a), append(wanted, kerneltest.Twin(a))
				got, want = append(got, a.Slice()), append(want, wanted[i].Slice())
			}
			f.run(&definition, wantW.Slice(), g.Slice(), want)
			f.run(inUse[T](), w.Slice(), g.Slice(), got)
			kerneltest.Compare(t, w, wantW, "%s of %d elements at %d: weights", f.name, n, offset)
			for i, a := range kept {
				kerneltest.Compare(t, a, wanted[i], "%s of %d elements at %d: array %d", f.name, n, offset, i)
			}
		})
	}
}

func TestAdaptiveStepFormulas(t *testing.T) {
	kerneltest.Distinct.EachType(t, testAdaptiveFormulas[float32], testAdaptiveFormulas[float64])
}

// testAdaptiveFormulas takes three steps by each rule, and each of them by its formula in float64 from where the rule
// stood.
func testAdaptiveFormulas[T kernel.Float](t *testing.T) {
	const n = 41
	tolerance := 1e-14
	if kernel.Is32[T]() {
		tolerance = 1e-5
	}
	for _, f := range adaptiveSteps[T]() {
		r := rand.New(rand.NewPCG(15, 16))
		w := kerneltest.Normals[T](r, n)
		arrays := make([][]T, f.arrays)
		for i := range arrays {
			arrays[i] = make([]T, n)
		}
		for step := range 3 {
			g := kerneltest.Normals[T](r, n)
			want, old := make([]float64, n), make([][]float64, n)
			for i := range w {
				old[i] = make([]float64, f.arrays)
				for k, a := range arrays {
					old[i][k] = float64(a[i])
				}
				want[i] = f.formula(float64(w[i]), float64(g[i]), old[i])
			}
			f.public(w, g, arrays)
			for i := range w {
				if math.Abs(float64(w[i])-want[i]) > tolerance {
					t.Fatalf("%s: step %d: element %d is %v, want %v", f.name, step, i, w[i], want[i])
				}
				for k, a := range arrays {
					if math.Abs(float64(a[i])-old[i][k]) > tolerance*max(1, math.Abs(old[i][k])) {
						t.Fatalf("%s: step %d: element %d of array %d is %v, want %v", f.name, step, i, k, a[i], old[i][k])
					}
				}
			}
		}
	}
}

// TestStepRMSPropOfOneGradient holds that rounding doesn't make the deviation of equal gradients a NaN.
func TestStepRMSPropOfOneGradient(t *testing.T) {
	kerneltest.Distinct.Each(t, func(t *testing.T) {
		w, square, mean := make([]float32, 40), make([]float32, 40), make([]float32, 40)
		g := kerneltest.Normals[float32](rand.New(rand.NewPCG(17, 18)), 40)
		for range 500 {
			RMSPropCentered(w, g, square, mean, 0.1, 0.9, 0.1, 1e-8)
		}
		for i, x := range w {
			if x != x {
				t.Fatalf("weight %d of gradients %v is NaN", i, g[i])
			}
		}
	})
}
