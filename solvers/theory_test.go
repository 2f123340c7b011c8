package solvers

import (
	"bufio"
	"compress/gzip"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/fallline/fallline/schedules"
	"gorgonia.org/tensor"
)

// logreg makes logistic regression over dense rows.
func logreg(t testing.TB, d int, rows, labels []float64) *Linear {
	t.Helper()
	return must[*Linear](t)(NewLinear(LinearModel{
		Rows: Dense{F64: rows, Rows: len(labels), Cols: d}, Labels: labels, Loss: Logistic, Dtype: tensor.Float64,
	}))
}

// small is logistic regression on 200 made examples of 8 columns of unequal scale, with labels that no plane separates.
func small(t testing.TB) *Linear {
	rng := rand.New(rand.NewPCG(3, 5))
	const n, d = 200, 8
	rows, labels := make([]float64, n*d), make([]float64, n)
	for i := range n {
		z := rng.NormFloat64()
		for j := range d {
			x := rng.NormFloat64() / (1 + 0.5*float64(j))
			rows[i*d+j] = x
			z += x * float64(1-j%3)
		}
		labels[i] = math.Copysign(1, z)
	}
	return logreg(t, d, rows, labels)
}

// libsvm reads a data set of labels −1, or 0, and 1 that may lie beside the project.
func libsvm(name string, d int) func(testing.TB) *Linear {
	return func(t testing.TB) *Linear {
		path := "../../shared/data/libsvm/" + name + ".gz"
		f, err := os.Open(path)
		if err != nil {
			t.Skipf("not tested: %s isn't there", path)
		}
		defer f.Close()
		var rows, labels []float64
		lines := bufio.NewScanner(must[*gzip.Reader](t)(gzip.NewReader(f)))
		for lines.Scan() {
			fields := strings.Fields(lines.Text())
			label := must[float64](t)(strconv.ParseFloat(fields[0], 64))
			labels = append(labels, math.Copysign(1, label-0.5))
			row := make([]float64, d)
			for _, field := range fields[1:] {
				column, value, _ := strings.Cut(field, ":")
				row[must[int](t)(strconv.Atoi(column))-1] = must[float64](t)(strconv.ParseFloat(value, 64))
			}
			rows = append(rows, row...)
		}
		return logreg(t, d, rows, labels)
	}
}

// bounds returns what F−F* lies between, by strong convexity and by smoothness: ‖∇F‖²/2L and ‖∇F‖²/2μ.
func bounds(t testing.TB, run *Run, obj *Linear, c Constants) (least, most float64) {
	g := obj.NewVector()
	must[float64](t)(obj.Gradient(run.Weights(), g, Batch{Index: everything(obj.Len())}))
	g.Axpy(c.Mu, run.Weights())
	square := g.Dot(g)
	return square / (2 * c.Full), square / (2 * c.Mu)
}

// constantsOf are those of f with L2 of 1/n.
func constantsOf(t testing.TB, obj *Linear) Constants {
	largest, _ := obj.Smoothness()
	full := must[float64](t)(obj.FullSmoothness(200))
	mu := 1 / float64(obj.Len())
	return Constants{Full: full + mu, Max: largest + mu, Mu: mu, N: obj.Len()}
}

// theoryRow is an estimator with the step that theory gives it.
type theoryRow struct {
	name      string
	estimator Estimator
	step      float64
	hide      bool
}

func theoryRows(c Constants, b int) []theoryRow {
	l := c.Batch(b)
	one := schedules.Constant(1)
	katyusha, alpha := StepKatyusha(l-c.Mu, c.Mu, c.N, b)
	first := katyusha
	first.Option = OptionI
	p := float64(b) / float64(c.N+b)
	return []theoryRow{
		{"SVRG", SVRG{Passes: 2}, StepSVRG(l), false},
		{"SVRG random", SVRG{Passes: 2, Random: true}, StepSVRG(l), false},
		{"LSVRG", LSVRG{}, StepLSVRG(l), false},
		{"AlphaSVRG of 1", AlphaSVRG{Passes: 2, Alpha: one}, StepSVRG(l), false},
		{"SAGA", SAGA{}, StepSAGABatch(c, b), false},
		{"SAGA filled", SAGA{Fill: true}, StepSAGABatch(c, b), false},
		{"SAGA of blocks", SAGA{}, StepSAGA(c.Max, c.Mu, blocksOf(c.N, b)), true},
		{"SAG", SAG{}, StepSAG(l), false},
		{"SAG of blocks", SAG{}, StepSAG(c.Max), true},
		{"SARAH", SARAH{Passes: 2}, StepSARAH(l), false},
		{"SARAH+", SARAH{Passes: 2, Stop: 0.125}, StepSARAH(l), false},
		{"PAGE", PAGE{}, StepPAGE(l, p, b), false},
		{"Katyusha I", first, alpha, false},
		{"Katyusha II", katyusha, alpha, false},
	}
}

// TestLinearConvergence holds the point of variance reduction, with the steps of theory: F−F* ≤ 1e-10 in float64 on logistic
// regression with λ = 1/n. Plain SGD stays away from that at the same steps.
func TestLinearConvergence(t *testing.T) {
	for _, data := range []struct {
		name   string
		load   func(testing.TB) *Linear
		batch  int
		passes int
		long   bool
	}{
		{"small", small, 10, 1500, false},
		{"german", libsvm("german.numer_scale", 24), 10, 1500, false},
		{"phishing", libsvm("phishing", 68), 32, 1500, true},
	} {
		t.Run(data.name, func(t *testing.T) {
			if data.long && testing.Short() {
				t.Skip("not tested: it takes seconds")
			}
			obj := data.load(t)
			c, batch := constantsOf(t, obj), data.batch
			for _, r := range theoryRows(c, batch) {
				if passes, gap := passesTo(t, obj, c, r, batch, 1e-10, data.passes); gap > 1e-10 {
					t.Errorf("%s: F-F* may be %.2g after %v passes, want 1e-10", r.name, gap, passes)
				} else {
					t.Logf("%-16s step %.3g: %5.0f passes", r.name, r.step, passes)
				}
			}
			run := openTheory(t, obj, c, theoryRow{"SGD", MiniBatch{}, StepSVRG(c.Batch(batch)), false}, batch)
			for range 10 {
				next(t, run, data.passes*obj.Len()/batch/10)
				if least, _ := bounds(t, run, obj, c); least < 1e-8 {
					t.Errorf("SGD: F-F* may be %.2g: it has no noise floor", least)
				}
			}
		})
	}
}

func openTheory(t testing.TB, obj *Linear, c Constants, r theoryRow, batch int) *Run {
	var shown Objective = obj
	if r.hide {
		shown = opaque{obj}
	}
	s := solver(t, SGD{}, Rate(schedules.Constant(r.step)), From(r.estimator), L2(c.Mu))
	return open(t, s, shown, make([]float64, obj.NewVector().Count()), must[Sampler](t)(WithReplacement(obj.Len(), batch, 1)))
}

// passesTo runs to a gap, and returns the data passes and the gap reached.
func passesTo(t testing.TB, obj *Linear, c Constants, r theoryRow, batch int, target float64, limit int) (passes, gap float64) {
	run := openTheory(t, obj, c, r, batch)
	n := float64(obj.Len())
	for passes < float64(limit) {
		for range 5 * obj.Len() / batch {
			passes += float64(next(t, run, 1).Gradients) / n
		}
		if _, gap = bounds(t, run, obj, c); gap <= target {
			break
		}
	}
	return passes, gap
}

// TestSmoothness compares the estimate with what is known: a quadratic's Hessian is XᵀX/n, and that of the logistic loss at w = 0 a
// quarter of it.
func TestSmoothness(t *testing.T) {
	obj := small(t)
	largest, _ := obj.Smoothness()
	full := must[float64](t)(obj.FullSmoothness(500))
	c, gradients, err := Smoothness(obj, obj.NewVector(), Probe{Iterations: 200, Examples: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(c.Full-full) > 3e-3*full || math.Abs(c.Max-largest) > 3e-3*largest || c.N != 200 || c.Mu != 0 {
		t.Errorf("%+v, want %v and %v", c, full, largest)
	}
	if gradients < 4*200 || gradients > 2*200*(200+200) {
		t.Errorf("%d component gradients", gradients)
	}
	for _, dt := range dtypes {
		quadratic := newSquares(dt, 45, 6)
		worst := 0.0
		for _, x := range quadratic.x {
			square := 1.0
			for _, v := range x {
				square += v * v
			}
			worst = max(worst, square)
		}
		w := quadratic.NewVector()
		scatter64(w, start(quadratic))
		before := values(w)
		c, _, err := Smoothness(opaque{quadratic}, w, Probe{Iterations: 100, Examples: 45, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(c.Max-worst) > 3e-3*worst {
			t.Errorf("%v: the worst example's is %v, want %v", dt, c.Max, worst)
		}
		if c.Full > c.Max || c.Full < c.Max/45 {
			t.Errorf("%v: %+v", dt, c)
		}
		if d := distance(before, values(w)); d != 0 {
			t.Errorf("the weights moved by %v", d)
		}
	}
	for _, p := range []Probe{{Examples: 1}, {Iterations: 1}} {
		_, _, err := Smoothness(obj, obj.NewVector(), p)
		wantError(t, err, "solvers: smoothness from ")
	}
	_, _, err = Smoothness(nil, nil, Probe{1, 1, 0, 0})
	wantError(t, err, "solvers: smoothness of an objective or at weights that are nil")
}

// TestStepsFromTheory holds the formulas at places where they are known.
func TestStepsFromTheory(t *testing.T) {
	c := Constants{Full: 2, Max: 10, Mu: 0.1, N: 100}
	katyusha, alpha := StepKatyusha(2, 0.01, 100, 1)
	for _, x := range []struct {
		name      string
		got, want float64
	}{
		{"batch of 1", c.Batch(1), 10}, {"batch of all", c.Batch(100), 2},
		{"batch of 10", c.Batch(10), 100.0*9/(10*99)*2 + 90.0/(10*99)*10},
		{"one example", Constants{Full: 3, Max: 3, N: 1}.Batch(1), 3},
		{"SVRG", StepSVRG(2), 0.05}, {"LSVRG", StepLSVRG(2), 1.0 / 12}, {"SAG", StepSAG(2), 1.0 / 32}, {"SARAH", StepSARAH(2), 0.25},
		{"SAGA", StepSAGA(2, 0, 100), 1.0 / 6}, {"SAGA, large mu", StepSAGA(2, 0.01, 100), 1.0 / 6}, {"SAGA, small mu", StepSAGA(2, 1e-3, 100), 1 / 4.2},
		{"SAGA, batch of 1", StepSAGABatch(c, 1), 1 / (4 * (10 + 2.5))}, {"SAGA, all", StepSAGABatch(c, 100), 1.0 / 8},
		{"PAGE, p 1", StepPAGE(2, 1, 5), 0.5}, {"PAGE", StepPAGE(2, 0.2, 4), 0.25},
		{"Katyusha alpha", alpha, 1 / (3 * katyusha.Tau1 * 2)}, {"Katyusha tau1", katyusha.Tau1, 0.5},
	} {
		if math.Abs(x.got-x.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", x.name, x.got, x.want)
		}
	}
	if k, _ := StepKatyusha(2, 1e-4, 100, 1); math.Abs(k.Tau1-math.Sqrt(200*1e-4/6)) > 1e-12 {
		t.Errorf("Katyusha: tau1 %v", k.Tau1)
	}
}
