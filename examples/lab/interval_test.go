package main

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// TestIntervals compares with scipy, by testdata/gen.py.
func TestIntervals(t *testing.T) {
	text, err := os.ReadFile("testdata/intervals.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		T []struct {
			X               []float64
			Mean, Low, High float64
		}
		Wilson []struct {
			Hits, N   int
			Low, High float64
		}
		Slope []struct {
			X, Y  []float64
			Slope float64
		}
		Ranks []struct {
			X, Y []float64
			Rho  float64
		}
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	near := func(name string, got number, want float64) {
		t.Helper()
		if math.Abs(float64(got)-want) > 1e-9*(1+math.Abs(want)) {
			t.Errorf("%s: %v, want %v", name, float64(got), want)
		}
	}
	for _, c := range want.T {
		v := over(c.X)
		near("mean", v.Mean, c.Mean)
		near("low", v.Low, c.Low)
		near("high", v.High, c.High)
	}
	for _, c := range want.Wilson {
		v := share(c.Hits, c.N)
		near("low", v.Low, c.Low)
		near("high", v.High, c.High)
	}
	for _, c := range want.Slope {
		near("slope", number(slope(c.X, c.Y)), c.Slope)
	}
	for _, c := range want.Ranks {
		near("rank correlation", number(ranks(c.X, c.Y)), c.Rho)
	}
	if len(want.T)*len(want.Wilson)*len(want.Slope)*len(want.Ranks) == 0 {
		t.Error("no cases")
	}
}

// TestDifference compares with Newcombe 1998, table II, method 10: 56 of 70 against 48 of 80, 9 of 10 against 3 of 10,
// and none against none.
func TestDifference(t *testing.T) {
	for _, c := range []struct {
		a, m, b, n   int
		d, low, high float64
	}{
		{56, 70, 48, 80, 0.2, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.6, 0.1705, 0.8090},
		{10, 10, 0, 20, 1, 0.6791, 1},
		{5, 56, 0, 29, 0.0893, -0.0381, 0.1926},
	} {
		v := difference(share(c.a, c.m), share(c.b, c.n))
		for name, got := range map[string][2]float64{"mean": {float64(v.Mean), c.d}, "low": {float64(v.Low), c.low}, "high": {float64(v.High), c.high}} {
			if math.Abs(got[0]-got[1]) > 5e-5 {
				t.Errorf("%d of %d less %d of %d: %s %.5f, want %.4f", c.a, c.m, c.b, c.n, name, got[0], got[1])
			}
		}
	}
}

// TestFactor holds that a gain and the same loss cancel, with the t interval of their logarithms.
func TestFactor(t *testing.T) {
	v := factor([]float64{2, 0.5, 4, 0.25})
	logs := over([]float64{math.Ln2, -math.Ln2, 2 * math.Ln2, -2 * math.Ln2})
	for name, got := range map[string][2]float64{"mean": {float64(v.Mean), 1}, "low": {float64(v.Low), math.Exp(float64(logs.Low))}, "high": {float64(v.High), math.Exp(float64(logs.High))}} {
		if math.Abs(got[0]-got[1]) > 1e-12 {
			t.Errorf("%s: %v, want %v", name, got[0], got[1])
		}
	}
	if one := factor([]float64{3}); judge(one, atLeast(1)) != undecided {
		t.Errorf("one seed decides: %v", one)
	}
}

// TestNumbers holds that every number survives JSON, and reads well.
func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.5: "0.5", -1.23456: "−1.235", 0.00012346: "0.0001235", 0.000012345: "1.23e-05", 12345.6: "12,346", 1234567: "1,234,567", 1.25e9: "1.25e+09", 0.98765432: "0.9877", -1500: "−1,500",
		math.Inf(1): "∞", math.Inf(-1): "−∞", math.NaN(): "—",
	} {
		if got := number(v).String(); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
		text, err := json.Marshal(number(v))
		if err != nil {
			t.Fatal(err)
		}
		var back number
		if err := json.Unmarshal(text, &back); err != nil || float64(back) != v && !(math.IsNaN(v) && math.IsNaN(float64(back))) {
			t.Errorf("%v became %s and then %v, %v", v, text, back, err)
		}
	}
}

// TestDegenerate holds what there is to say of no spread and of one value.
func TestDegenerate(t *testing.T) {
	if v := over([]float64{2}); v.Mean != 2 || !math.IsInf(float64(v.Low), -1) || v.String() != "2 (one seed)" {
		t.Errorf("%+v %v", v, v)
	}
	if v := over([]float64{2, 2, 2}); v.Low != 2 || v.High != 2 {
		t.Errorf("%+v", v)
	}
	if v := slope([]float64{1, 2, 0}, []float64{1, 2, 3}); !math.IsNaN(v) {
		t.Errorf("slope %v through a point without a logarithm", v)
	}
	if v := exact(3).String(); v != "3" {
		t.Error(v)
	}
}
