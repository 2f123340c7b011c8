package linear

import (
	"bufio"
	"compress/gzip"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
)

// logreg makes logistic regression over dense rows.
func logreg(t testing.TB, d int, rows, labels []float64) *Objective {
	t.Helper()
	return must[*Objective](t)(New(Model{
		Rows: Dense{F64: rows, Rows: len(labels), Cols: d}, Labels: labels, Loss: Logistic, Type: vector.Float64,
	}))
}

// small is logistic regression on 200 made examples of 8 columns of unequal scale, with labels that no plane separates.
func small(t testing.TB) *Objective {
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
func libsvm(name string, d int) func(testing.TB) *Objective {
	return func(t testing.TB) *Objective {
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
func bounds(t testing.TB, run *solvers.Run, obj *Objective, c solvers.Constants) (least, most float64) {
	g := obj.NewVector()
	must[float64](t)(obj.Gradient(run.Weights(), g, batch.Batch{Index: all(obj.Len())}))
	g.Axpy(c.Mu, run.Weights())
	square := g.Dot(g)
	return square / (2 * c.Full), square / (2 * c.Mu)
}

// constantsOf are those of f with L2 of 1/n.
func constantsOf(t testing.TB, obj *Objective) solvers.Constants {
	largest, _ := obj.Smoothness()
	full := must[float64](t)(obj.FullSmoothness(200))
	mu := 1 / float64(obj.Len())
	return solvers.Constants{Full: full + mu, Max: largest + mu, Mu: mu, N: obj.Len()}
}

// theoryRow is an estimator with the step that theory gives it.
type theoryRow struct {
	name      string
	estimator solvers.Estimator
	step      float64
	hide      bool
}

func theoryRows(c solvers.Constants, b int) []theoryRow {
	l := c.Batch(b)
	katyusha, alpha := solvers.StepKatyusha(l-c.Mu, c.Mu, c.N, b)
	first := katyusha
	first.Option = solvers.OptionI
	p := float64(b) / float64(c.N+b)
	return []theoryRow{
		{"SVRG", solvers.SVRG{Passes: 2}, solvers.StepSVRG(l), false},
		{"SVRG random", solvers.SVRG{Passes: 2, Random: true}, solvers.StepSVRG(l), false},
		{"LSVRG", solvers.LSVRG{}, solvers.StepLSVRG(l), false},
		{"AlphaSVRG of 1", solvers.AlphaSVRG{Passes: 2, Alpha: 1}, solvers.StepSVRG(l), false},
		{"SAGA", solvers.SAGA{}, solvers.StepSAGABatch(c, b), false},
		{"SAGA filled", solvers.SAGA{Fill: true}, solvers.StepSAGABatch(c, b), false},
		{"SAGA of blocks", solvers.SAGA{}, solvers.StepSAGA(c.Max, c.Mu, (c.N+b-1)/b), true},
		{"SAG", solvers.SAG{}, solvers.StepSAG(l), false},
		{"SAG of blocks", solvers.SAG{}, solvers.StepSAG(c.Max), true},
		{"SARAH", solvers.SARAH{Passes: 2}, solvers.StepSARAH(l), false},
		{"SARAH+", solvers.SARAH{Passes: 2, Stop: 0.125}, solvers.StepSARAH(l), false},
		{"PAGE", solvers.PAGE{}, solvers.StepPAGE(l, p, b), false},
		{"Katyusha I", first, alpha, false},
		{"Katyusha II", katyusha, alpha, false},
	}
}

// TestLinearConvergence holds the point of variance reduction, with the steps of theory: F−F* ≤ 1e-10 in float64 on
// logistic regression with λ = 1/n. Plain SGD stays away from that at the same steps.
func TestLinearConvergence(t *testing.T) {
	for _, data := range []struct {
		name   string
		load   func(testing.TB) *Objective
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
			run := openTheory(t, obj, c, theoryRow{"SGD", solvers.MiniBatch{}, solvers.StepSVRG(c.Batch(batch)), false}, batch)
			for range 10 {
				next(t, run, data.passes*obj.Len()/batch/10)
				if least, _ := bounds(t, run, obj, c); least < 1e-8 {
					t.Errorf("SGD: F-F* may be %.2g: it has no noise floor", least)
				}
			}
		})
	}
}

func openTheory(t testing.TB, obj *Objective, c solvers.Constants, r theoryRow, batch int) *solvers.Run {
	var shown solvers.Objective = obj
	if r.hide {
		shown = opaque{obj}
	}
	s := solver(t, solvers.SGD{}, solvers.Rate(schedules.Constant(r.step)), solvers.From(r.estimator), solvers.L2(c.Mu))
	return open(t, s, shown, make([]float64, obj.NewVector().Count()), must[solvers.Sampler](t)(solvers.WithReplacement(obj.Len(), batch, 1)))
}

// passesTo runs to a gap, and returns the data passes and the gap reached.
func passesTo(t testing.TB, obj *Objective, c solvers.Constants, r theoryRow, batch int, target float64, limit int) (passes, gap float64) {
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

// TestSmoothness compares the estimate with what is known: the Hessian of the logistic loss at w = 0 is a quarter of
// XᵀX/n.
func TestSmoothness(t *testing.T) {
	obj := small(t)
	largest, _ := obj.Smoothness()
	full := must[float64](t)(obj.FullSmoothness(500))
	c, gradients, err := solvers.Smoothness(obj, obj.NewVector(), solvers.Probe{Iterations: 200, Examples: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(c.Full-full) > 3e-3*full || math.Abs(c.Max-largest) > 3e-3*largest || c.N != 200 || c.Mu != 0 {
		t.Errorf("%+v, want %v and %v", c, full, largest)
	}
	if gradients < 4*200 || gradients > 2*200*(200+200) {
		t.Errorf("%d component gradients", gradients)
	}
}
