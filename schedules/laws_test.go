package schedules

import (
	"math"
	"testing"
)

// row is a schedule of the laws table: a new schedule adds one.
type row struct {
	name  string
	s     Schedule
	text  string
	start float64 // value at time 0
	end   float64 // value long after its end, or NaN where it has none
	// falls says that it never rises.
	falls bool
}

var nan = math.NaN()

var table = []row{
	{"constant", Constant(0.1), "constant(0.1)", 0.1, 0.1, true},
	{"step", Step(0.5, 0.1, 30), "step(0.5,0.1,30)", 0.5, 0, true},
	{"step in epochs", Step(0.5, 0.1, Epochs(1.5)), "step(0.5,0.1,1.5ep)", 0.5, 0, true},
	{"milestones", Milestones(0.1, 0.5, 30, 60, 90), "milestones(0.1,0.5,30,60,90)", 0.1, 0.0125, true},
	{"milestones in epochs", Milestones(0.1, 0.5, Epochs(1), Epochs(2)), "milestones(0.1,0.5,1ep,2ep)", 0.1, 0.025, true},
	{"exponential", Exponential(0.1, 0.9, 10), "exponential(0.1,0.9,10)", 0.1, 0, true},
	{"exponential in epochs", Exponential(0.1, 0.9, Epochs(0.1)), "exponential(0.1,0.9,0.1ep)", 0.1, 0, true},
	{"cosine", Cosine(0.05, 0.001, 200), "cosine(0.05,0.001,200)", 0.05, 0.001, true},
	{"cosine in epochs", Cosine(0.05, 0, Epochs(2)), "cosine(0.05,0,2ep)", 0.05, 0, true},
	{"linear", Linear(0.1, 0.01, 300), "linear(0.1,0.01,300)", 0.1, 0.01, true},
	{"linear in epochs", Linear(0, 0.5, Epochs(2.5)), "linear(0,0.5,2.5ep)", 0, 0.5, false},
	{"trapezoid", Trapezoid(0.2, 1, 0.07, 23, 20, 57), "trapezoid(0.2,1,0.07,23,20,57)", 0.2, 0.07, false},
	{"triangle in epochs", Trapezoid(0.2, 1, 0.07, Epochs(1.84), 0, Epochs(6.16)), "trapezoid(0.2,1,0.07,1.84ep,0ep,6.16ep)", 0.2, 0.07, false},
	{"fall alone", Trapezoid(0, 1, 0, 0, 3000000, 57), "trapezoid(0,1,0,0,3000000,57)", 1, 0, true},
	{"piecewise", Piecewise(1, To(10, 0.5), To(30, 0.25)), "piecewise(1,10,0.5,30,0.25)", 1, 0.25, true},
	{"piecewise in epochs", Piecewise(0, To(Epochs(2), 0.4), To(Epochs(7.5), 0.1), To(Epochs(9), 0)),
		"piecewise(0,2ep,0.4,7.5ep,0.1,9ep,0)", 0, 0, false},
	{"polynomial", Polynomial(0.1, 0.01, 2, 300), "polynomial(0.1,0.01,2,300)", 0.1, 0.01, true},
	{"polynomial in epochs", Polynomial(1, 0, 0.5, Epochs(3)), "polynomial(1,0,0.5,3ep)", 1, 0, true},
	{"inversetime", InverseTime(0.1, 50), "inversetime(0.1,50)", 0.1, 0.1 / (1 + float64(1<<40)/50), true},
	{"inversetime in epochs", InverseTime(0.1, Epochs(0.5)), "inversetime(0.1,0.5ep)", 0.1, 0.1 / (1 + float64(1<<47)/500), true},
	{"inversesqrt", InverseSqrt(0.1, 50), "inversesqrt(0.1,50)", 0.1, 0.1 / math.Sqrt(1+float64(1<<40)/50), true},
	{"inversesqrt in epochs", InverseSqrt(0.1, Epochs(2)), "inversesqrt(0.1,2ep)", 0.1, 0.1 / math.Sqrt(1+float64(1<<47)/2000), true},
	{"cosinerestarts", CosineRestarts(0.1, 0.001, 10, 1, 1), "cosinerestarts(0.1,0.001,10,1,1)", 0.1, nan, false},
	{"cosinerestarts that last longer", CosineRestarts(0.1, 0, 10, 1.5, 0.5), "cosinerestarts(0.1,0,10,1.5,0.5)", 0.1, 0, false},
	{"cosinerestarts in epochs", CosineRestarts(0.1, 0, Epochs(1), 2, 1), "cosinerestarts(0.1,0,1ep,2,1)", 0.1, nan, false},
	{"onecycle", OneCycle(0.004, 0.1, 4e-7, 0.3, 200), "onecycle(0.004,0.1,4e-07,0.3,200)", 0.004, 4e-7, false},
	{"onecycle in epochs", OneCycle(0.004, 0.1, 0, 0.25, Epochs(8)), "onecycle(0.004,0.1,0,0.25,8ep)", 0.004, 0, false},
	{"onecyclelinear", OneCycleLinear(0, 0.1, 0.01, 0.5, 200), "onecyclelinear(0,0.1,0.01,0.5,200)", 0, 0.01, false},
	{"onecyclemomentum", OneCycleMomentum(0.95, 0.85, 0.3, 200), "onecyclemomentum(0.95,0.85,0.3,200)", 0.95, 0.95, false},
	{"onecyclemomentumlinear", OneCycleMomentumLinear(0.95, 0.85, 0.3, Epochs(2)), "onecyclemomentumlinear(0.95,0.85,0.3,2ep)",
		0.95, 0.95, false},
	{"triangular", Triangular(0.01, 0.1, 16, 16), "triangular(0.01,0.1,16,16)", 0.01, 0.01, false},
	{"triangular in epochs", Triangular(0, 0.1, Epochs(0.5), Epochs(1)), "triangular(0,0.1,0.5ep,1ep)", 0, nan, false},
	{"triangular2", Triangular2(0.01, 0.1, 10, 20), "triangular2(0.01,0.1,10,20)", 0.01, 0.01, false},
	{"exprange", ExpRange(0.01, 0.1, 0.9, Epochs(1), Epochs(2)), "exprange(0.01,0.1,0.9,1ep,2ep)", 0.01, 0.01, false},
	{"warmupfrom", WarmupFrom(0.5, 20, Cosine(0.1, 0, Epochs(3))), "warmupfrom(0.5,20)+cosine(0.1,0,3ep)", 0.05, 0, false},
	{"warmupconstant", WarmupConstant(0.25, Epochs(1), Constant(0.1)), "warmupconstant(0.25,1ep)+constant(0.1)", 0.025, 0.1, false},
	{"warmupexponential", WarmupExponential(0.5, 20, Warmup(4, Constant(0.4))),
		"warmupexponential(0.5,20)+warmup(4)+constant(0.4)", 0.05, 0.4, false},
	{"join", Join(Constant(0.1), From(20, Cosine(0.2, 0, Epochs(3))), From(500, Constant(0.01))),
		"join(constant(0.1),20,cosine(0.2,0,3ep),500,constant(0.01))", 0.1, 0.01, false},
	{"scale", Scale(0.5, Linear(0.5, 0.1, Epochs(4))), "scale(0.5,linear(0.5,0.1,4ep))", 0.25, 0.05, true},
	{"product", Product(Constant(0.5), Linear(1, 0.5, 100), Step(1, 0.5, Epochs(4))),
		"product(constant(0.5),linear(1,0.5,100),step(1,0.5,4ep))", 0.5, 0, true},
	{"clamp", Clamp(0.1, 0.5, Exponential(1, 0.5, 20)), "clamp(0.1,0.5,exponential(1,0.5,20))", 0.5, 0.1, true},
	{"linearscaling", LinearScaling(Milestones(0.1, 0.1, Epochs(3), Epochs(6)), 512, 256, Epochs(1)),
		"linearscaling(milestones(0.1,0.1,3ep,6ep),512,256,1ep)", 0.1, 0.002, false},
	{"linearscaling down", LinearScaling(Constant(0.1), 64, 256, 5), "linearscaling(constant(0.1),64,256,5)", 0.025, 0.025, true},
	{"plateau", &Plateau{Of: Constant(0.1), Factor: 0.5, Patience: 3, Threshold: 1e-4, Cooldown: 2, Min: 0.01},
		"plateau(constant(0.1),0.5,3,0.0001,2,0.01)", 0.1, 0.1, true},
	{"plateauhigh", &Plateau{Of: Warmup(9, Constant(0.3)), Factor: 0.5, Higher: true},
		"plateauhigh(warmup(9)+constant(0.3),0.5,0,0,0,0)", 0.3 / 9, 0.3, false},
	{"warmup", Warmup(20, Cosine(0.05, 0, 180)), "warmup(20)+cosine(0.05,0,180)", 0.0025, 0, false},
	{"warmup in epochs", Warmup(Epochs(0.5), Constant(0.2)), "warmup(0.5ep)+constant(0.2)", 0, 0.2, false},
	{"warmup of both units", Warmup(int64(20), Cosine(0.1, 0, Epochs(3))), "warmup(20)+cosine(0.1,0,3ep)", 0.005, 0, false},
	{"then", Then(Constant(0.1), 100, Step(0.1, 0.5, 50)), "then(constant(0.1),100,step(0.1,0.5,50))", 0.1, 0, true},
	{"then in epochs", Then(Cosine(1, 0.5, 64), Epochs(1), Constant(0.5)),
		"then(cosine(1,0.5,64),1ep,constant(0.5))", 1, 0.5, true},
}

// run is the times of a run of 10 epochs of 1,000 examples in batches of 128 with a short last one.
func run() []Time {
	var times []Time
	t := Time{N: 1000}
	for t.Seen < 10*t.N {
		times = append(times, t)
		t.Step++
		t.Seen += min(128, t.N-t.Seen%t.N)
	}
	return times
}

func TestLaws(t *testing.T) {
	for _, r := range table {
		t.Run(r.name, func(t *testing.T) {
			if err := Validate(r.s); err != nil {
				t.Fatal(err)
			}
			if got := r.s.String(); got != r.text {
				t.Errorf("String() = %q, want %q", got, r.text)
			}
			if got := r.s.At(Time{N: 1000}); got != r.start {
				t.Errorf("At(0) = %v, want %v", got, r.start)
			}
			far := Time{Step: 1 << 40, Seen: 1 << 47, N: 1000}
			if got := r.s.At(far); math.Abs(got-r.end) > 1e-15 {
				t.Errorf("At(far) = %v, want %v", got, r.end)
			}
			checkRun(t, r)
			checkText(t, r)
		})
	}
}

// checkRun holds that a schedule is finite, pure and, where the row says so, never rises.
func checkRun(t *testing.T, r row) {
	times := run()
	values := make([]float64, len(times))
	for i, at := range times {
		values[i] = r.s.At(at)
		if math.IsNaN(values[i]) || math.IsInf(values[i], 0) || values[i] < 0 || values[i] > 1 {
			t.Fatalf("At(%+v) = %v", at, values[i])
		}
		if r.falls && i > 0 && values[i] > values[i-1] {
			t.Errorf("rises from %v to %v at %+v", values[i-1], values[i], at)
		}
	}
	for i := len(times) - 1; i >= 0; i-- {
		if got := r.s.At(times[i]); got != values[i] {
			t.Fatalf("asked again, At(%+v) = %v, was %v", times[i], got, values[i])
		}
	}
}

// checkText holds that the text is read back as a schedule of the same text and, bit for bit, the same values.
func checkText(t *testing.T, r row) {
	s, err := Parse(r.s.String())
	if err != nil {
		t.Fatal(err)
	}
	if s.String() != r.text {
		t.Errorf("read back as %q, want %q", s, r.text)
	}
	if got, want := CountsEpochs(s), CountsEpochs(r.s); got != want {
		t.Errorf("read back counts epochs: %t, want %t", got, want)
	}
	for _, at := range append(run(), Time{Step: 1<<40 + 1, Seen: 1<<47 + 7, N: 1000}) {
		if got, want := s.At(at), r.s.At(at); got != want {
			t.Fatalf("read back At(%+v) = %v, want %v", at, got, want)
		}
	}
}

func TestAllocatesNothing(t *testing.T) {
	at := Time{Step: 77, Seen: 9856, N: 1000}
	for _, r := range table {
		if n := testing.AllocsPerRun(100, func() { r.s.At(at) }); n != 0 {
			t.Errorf("%s: %v allocations a call, want 0", r.name, n)
		}
	}
}

func TestWarmupMeetsWhatFollows(t *testing.T) {
	s := Warmup(4, Cosine(1, 0, 10))
	want := []float64{0.25, 0.5, 0.75, 1, 1}
	for i, w := range want {
		if got := s.At(Time{Step: int64(i)}); got != w {
			t.Errorf("step %d: %v, want %v", i, got, w)
		}
	}
	nested := Warmup(2, Then(Constant(1), 3, Warmup(2, Constant(4))))
	for i, w := range []float64{0.5, 1, 1, 1, 1, 2, 4, 4} {
		if got := nested.At(Time{Step: int64(i)}); got != w {
			t.Errorf("nested, step %d: %v, want %v", i, got, w)
		}
	}
}
