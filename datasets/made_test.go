package datasets

import (
	"math"
	"reflect"
	"testing"
)

func TestMadeSetsAreFunctionsOfTheirSeed(t *testing.T) {
	for name, make := range map[string]func(seed uint64) *Examples{
		"blobs":     func(s uint64) *Examples { return must(Blobs(30, 4, 3, 0.1, s)) },
		"spirals":   func(s uint64) *Examples { return must(Spirals(30, 3, 0.1, s)) },
		"linear":    func(s uint64) *Examples { e, _, err := Linear(30, 4, 0.1, s); return must(e, err) },
		"quadratic": func(s uint64) *Examples { return must(Quadratic(30, 1, 2, 3, 0.1, s)) },
	} {
		if !reflect.DeepEqual(make(5), make(5)) {
			t.Errorf("%s: one seed, two sets", name)
		}
		if reflect.DeepEqual(make(5).x, make(6).x) {
			t.Errorf("%s: two seeds, one set", name)
		}
		if err := Validate(make(5)); err != nil || make(5).Len() != 30 {
			t.Errorf("%s: %d examples, %v", name, make(5).Len(), err)
		}
	}
}

func TestBlobs(t *testing.T) {
	e := must(Blobs(10, 3, 4, 0, 1))
	for i := range 10 {
		if e.labels[i] != i%4 {
			t.Errorf("label %d of example %d", e.labels[i], i)
		}
		for j := range 3 {
			x := e.x[3*i+j]
			if x < -1 || x > 1 || x != e.x[3*(i%4)+j] {
				t.Errorf("example %d is not at its class's centre", i)
			}
		}
	}
}

func TestSpirals(t *testing.T) {
	const classes = 3
	e := must(Spirals(300, classes, 0, 1))
	for i := range 300 {
		x, y := float64(e.x[2*i]), float64(e.x[2*i+1])
		radius := math.Hypot(x, y)
		want := 2 * math.Pi * (radius + float64(i%classes)/classes)
		if d := math.Remainder(math.Atan2(y, x)-want, 2*math.Pi); radius >= 1 || math.Abs(d) > 1e-5/radius {
			t.Fatalf("point %d at radius %v is %v off its arm", i, radius, d)
		}
	}
}

func TestLinear(t *testing.T) {
	e, w, err := Linear(50, 3, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		y := 0.0
		for j := range w {
			y += w[j] * float64(e.x[3*i+j])
		}
		if e.targets[i] != float32(y) {
			t.Errorf("target %v, want %v", e.targets[i], y)
		}
	}
}

func TestQuadratic(t *testing.T) {
	e := must(Quadratic(2000, 1, -2, 3, 0.5, 1))
	sum, squares := 0.0, 0.0
	for i, x := range e.x {
		v := float64(x)
		if v < -1 || v >= 1 {
			t.Errorf("x = %v", v)
		}
		d := float64(e.targets[i]) - (1 - 2*v + 3*v*v)
		sum += d / 2000
		squares += d * d / 2000
	}
	if math.Abs(sum) > 0.05 || math.Abs(math.Sqrt(squares)-0.5) > 0.03 {
		t.Errorf("noise of mean %v and deviation %v, want 0 and 0.5", sum, math.Sqrt(squares))
	}
}

func TestBadMade(t *testing.T) {
	for _, c := range []struct {
		err  func() error
		want string
	}{
		{func() error { _, err := Blobs(0, 1, 2, 0, 1); return err }, "0 examples"},
		{func() error { _, err := Blobs(1, 0, 2, 0, 1); return err }, "0 features"},
		{func() error { _, err := Blobs(1, 1, 1, 0, 1); return err }, "1 classes"},
		{func() error { _, err := Blobs(1, 1, 2, -1, 1); return err }, "spread -1"},
		{func() error { _, err := Spirals(1, 0, 0, 1); return err }, "0 classes"},
		{func() error { _, err := Spirals(-1, 2, 0, 1); return err }, "-1 examples"},
		{func() error { _, _, err := Linear(1, 1, math.NaN(), 1); return err }, "spread NaN"},
		{func() error { _, err := Quadratic(1, 0, 0, 0, math.Inf(1), 1); return err }, "spread +Inf"},
	} {
		fails(t, c.want, c.err(), c.want)
	}
}
