package solvers

import (
	"testing"
	"time"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// resnet9 has the 6.5 million weights of that network in ranges like its own.
var resnet9 = []vector.Param{
	{Name: "conv1", Shape: []int{3, 3, 3, 64}, Group: "weight"}, {Name: "conv2", Shape: []int{3, 3, 64, 128}, Group: "weight"},
	{Name: "res1a", Shape: []int{3, 3, 128, 128}, Group: "weight"}, {Name: "res1b", Shape: []int{3, 3, 128, 128}, Group: "weight"},
	{Name: "conv3", Shape: []int{3, 3, 128, 256}, Group: "weight"}, {Name: "conv4", Shape: []int{3, 3, 256, 512}, Group: "weight"},
	{Name: "res2a", Shape: []int{3, 3, 512, 512}, Group: "weight"}, {Name: "res2b", Shape: []int{3, 3, 512, 512}, Group: "weight"},
	{Name: "head", Shape: []int{512, 10}, Group: "weight"}, {Name: "bias", Shape: []int{10}, Group: "bias"},
}

// still is an Objective whose gradient stands in g already: what is left is the update.
type still struct{ dt vector.Type }

func (o still) Len() int                                                     { return 1 }
func (o still) NewVector() *vector.Vector                                    { return newVector(o.dt, resnet9...) }
func (o still) Gradient(_, _ *vector.Vector, _ batch.Batch) (float64, error) { return 0, nil }
func (o still) Loss(*vector.Vector, batch.Batch) (float64, error)            { return 0, nil }

// BenchmarkUpdate times whole updates of 6.5 million float32 weights, the check for NaN included. Bytes are those that
// the rule has to move: w read and written, g read, and each state array read and written.
func BenchmarkUpdate(b *testing.B) {
	b.Run("copy", benchmarkCopy)
	b.Run("check", benchmarkCheck)
	decay := []Option{ClipNorm(1), Decay(5e-4, Except("bias"))}
	for _, c := range []struct {
		name    string
		rule    Rule
		streams int
		options []Option
	}{
		{"SGD", SGD{}, 3, nil},
		{"Momentum", Momentum{Momentum: 0.9}, 5, nil},
		{"Momentum-textbook", Momentum{Momentum: 0.9, Form: Textbook}, 5, nil},
		{"NAG", NAG{Momentum: 0.9}, 5, nil},
		{"NAG-textbook", NAG{Momentum: 0.9, Form: Textbook}, 5, nil},
		{"NAG-clip-decay", NAG{Momentum: 0.9}, 5, decay},
		{"NAG-L2", NAG{Momentum: 0.9}, 5, []Option{L2(5e-4)}},
		{"AdaGrad", DefaultAdaGrad, 5, nil},
		{"RMSProp", DefaultRMSProp, 5, nil},
		{"RMSProp-centered-momentum", RMSProp{Smoothing: 0.99, Epsilon: 1e-8, Momentum: 0.9, Centered: true}, 9, nil},
		{"Adam", DefaultAdam, 7, nil},
		{"AdamW", DefaultAdamW, 7, nil},
		{"AMSGrad", DefaultAMSGrad, 9, nil},
		{"SGD-average", SGD{}, 5, []Option{Average(EMA{Decay: 0.999})}},
		{"SGD-lookahead", SGD{}, 5, []Option{Lookahead(1, 0.5)}},
		{"SGD-L1", SGD{}, 3, []Option{Prox(L1{1e-5}, Except("bias"))}},
		{"own-float64-only", slow{0.9}, 5, nil},
	} {
		b.Run(c.name, func(b *testing.B) {
			obj := still{vector.Float32}
			s := solver(b, c.rule, append([]Option{Rate(schedules.Constant(1e-3))}, c.options...)...)
			run := open(b, s, obj, start(obj), nil)
			for i := range run.g.F32 {
				run.g.F32[i] = 1e-3
			}
			next(b, run, 1)
			timed(b, c.streams*4*run.w.Count(), func() {
				if _, err := run.Next(); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// timed times f, which moves so many bytes. Beside the mean it reports the best call's bandwidth, which other programs
// on the machine disturb less.
func timed(b *testing.B, bytes int, f func()) {
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	best := time.Hour
	for b.Loop() {
		from := time.Now()
		f()
		best = min(best, time.Since(from))
	}
	b.ReportMetric(float64(bytes)/1e6/best.Seconds(), "best-MB/s")
}

// benchmarkCopy copies 100 MB on all threads, which is more than caches hold: the bandwidth that an update is measured
// by.
func benchmarkCopy(b *testing.B) {
	c := &copier{make([]float32, 25<<20), make([]float32, 25<<20)}
	timed(b, 2*4*len(c.from), func() { threads.Parallel(copies, c) })
}

// copies is the number of parts of a copy.
const copies = 256

type copier struct{ from, to []float32 }

func (c *copier) Run(i int) {
	lo, hi := len(c.to)*i/copies, len(c.to)*(i+1)/copies
	copy(c.to[lo:hi], c.from[lo:hi])
}

// BenchmarkSmallUpdate times the update of a model of 7,850 weights, whose whole step takes microseconds.
func BenchmarkSmallUpdate(b *testing.B) {
	obj := &function{dt: vector.Float32, params: []vector.Param{{Name: "w", Shape: []int{784, 10}}, {Name: "b", Shape: []int{10}}}}
	run := open(b, solver(b, NAG{Momentum: 0.9}, Rate(schedules.Constant(1e-3))), obj, start(obj), nil)
	now := run.Time()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := run.stage.step(now, now); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStep times a Stepper on parameters that are parts of one vector: it should take what a run takes.
func BenchmarkStep(b *testing.B) {
	obj := still{vector.Float32}
	w, g := obj.NewVector(), obj.NewVector()
	s := stepperOf(b, NAG{Momentum: 0.9}, Rate(schedules.Constant(1e-3)))
	m := paramsOf(w, g)
	if err := s.Step(m); err != nil {
		b.Fatal(err)
	}
	timed(b, 5*4*w.Count(), func() {
		if err := s.Step(m); err != nil {
			b.Fatal(err)
		}
	})
}

// benchmarkCheck times the norm of the gradient, which every update begins with: that is how it finds a NaN.
func benchmarkCheck(b *testing.B) {
	obj := still{vector.Float32}
	run := open(b, solver(b, SGD{}, Rate(schedules.Constant(1e-3))), obj, start(obj), nil)
	timed(b, 4*run.w.Count(), func() {
		if _, err := run.stage.norm(run.Time()); err != nil {
			b.Fatal(err)
		}
	})
}
