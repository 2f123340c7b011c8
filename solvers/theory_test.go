package solvers

import (
	"math"
	"testing"
)

// TestSmoothness compares the estimate with what is known: a quadratic's Hessian is XᵀX/n.
func TestSmoothness(t *testing.T) {
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
	obj := newSquares(dtypes[0], 45, 6)
	for _, p := range []Probe{{Examples: 1}, {Iterations: 1}} {
		_, _, err := Smoothness(obj, obj.NewVector(), p)
		wantError(t, err, "solvers: smoothness from ")
	}
	_, _, err := Smoothness(nil, nil, Probe{1, 1, 0, 0})
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
