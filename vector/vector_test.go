package vector

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/fallline/fallline/internal/memory"
)

var dtypes = []Type{Float32, Float64}

// model makes a vector with ranges that don't fill cache lines, and a scalar.
func model(t testing.TB, dt Type) *Vector {
	t.Helper()
	v, err := New(dt, Param{Name: "w", Shape: []int{3, 5}, Group: "weight"}, Param{Name: "s"}, Param{Name: "b", Shape: []int{17}, Group: "bias"})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// fill numbers the elements, with the first one's value and a step.
func fill(v *Vector, first, step float64) *Vector {
	for _, r := range v.Ranges {
		for i := r.Lo; i < r.Hi; i++ {
			v.Set(i, first)
			first += step
		}
	}
	return v
}

// padding fails where an element between ranges isn't 0.
func padding(t *testing.T, v *Vector) {
	t.Helper()
	at := 0
	check := func(to int) {
		for ; at < to; at++ {
			if v.At(at) != 0 {
				t.Errorf("padding at %d is %v", at, v.At(at))
			}
		}
	}
	for _, r := range v.Ranges {
		check(r.Lo)
		at = r.Hi
	}
	check(v.Len())
}

func TestNew(t *testing.T) {
	for _, dt := range dtypes {
		v := model(t, dt)
		size := dt.Size()
		if v.Type() != dt {
			t.Errorf("type %v, want %v", v.Type(), dt)
		}
		if (v.F32 != nil) == (v.F64 != nil) {
			t.Errorf("%v: both slices or none", dt)
		}
		if v.Count() != 15+1+17 {
			t.Errorf("%v: %d elements", dt, v.Count())
		}
		if v.Bytes() != int64(v.Len()*size) {
			t.Errorf("%v: %d bytes for %d elements", dt, v.Bytes(), v.Len())
		}
		want := []struct {
			name  string
			shape []int
			n     int
			group string
		}{{"w", []int{3, 5}, 15, "weight"}, {"s", nil, 1, ""}, {"b", []int{17}, 17, "bias"}}
		hi := 0
		for i, r := range v.Ranges {
			w := want[i]
			if r.Name != w.name || !slices.Equal(r.Shape, w.shape) || r.Hi-r.Lo != w.n || r.Group != w.group {
				t.Errorf("%v: range %d is %+v", dt, i, r)
			}
			if r.Lo < hi || r.Lo*size%memory.Line != 0 {
				t.Errorf("%v: range %d starts at element %d after %d", dt, i, r.Lo, hi)
			}
			hi = r.Hi
		}
		if p := base(v); p%memory.Line != 0 {
			t.Errorf("%v: first element at %#x", dt, p)
		}
		padding(t, v)
	}
}

// base is the address of the first element.
func base(v *Vector) uintptr {
	if v.F64 != nil {
		return uintptr(unsafe.Pointer(unsafe.SliceData(v.F64)))
	}
	return uintptr(unsafe.Pointer(unsafe.SliceData(v.F32)))
}

// TestNewCopies checks that the vector keeps no slice of the caller's.
func TestNewCopies(t *testing.T) {
	shape := []int{2, 3}
	v, err := New(Float32, Param{Name: "w", Shape: shape})
	if err != nil {
		t.Fatal(err)
	}
	shape[0] = 9
	if v.Ranges[0].Shape[0] != 2 {
		t.Error("the shape changed with the caller's")
	}
}

func TestNewErrors(t *testing.T) {
	tests := []struct {
		name   string
		dt     Type
		params []Param
		parts  []string
	}{
		{"type", 0, nil, []string{"Type(0)", "float32 or float64"}},
		{"no name", Float32, []Param{{Name: "a"}, {Shape: []int{2, 3}}}, []string{"parameter 1", "[2 3]", "no name"}},
		{"twice", Float32, []Param{{Name: "a"}, {Name: "b"}, {Name: "a"}}, []string{"0 and 2", `"a"`}},
		{"zero", Float32, []Param{{Name: "a", Shape: []int{3, 0}}}, []string{`"a"`, "[3 0]"}},
		{"negative", Float64, []Param{{Name: "a", Shape: []int{-1}}}, []string{`"a"`, "[-1]"}},
		{"huge", Float64, []Param{{Name: "a", Shape: []int{1 << 30, 1 << 30, 1 << 30}}}, []string{`"a"`, "2^40"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.dt, tt.params...)
			wantError(t, err, tt.parts...)
		})
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, p := range append(parts, "vector: ") {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q lacks %q", err, p)
		}
	}
}

func TestLikeAndClone(t *testing.T) {
	for _, dt := range dtypes {
		v := fill(model(t, dt), 1, 1)
		l, c := v.Like(), v.Clone()
		if !v.Same(l) || !v.Same(c) {
			t.Fatalf("%v: not the same", dt)
		}
		if base(l)%memory.Line != 0 || base(c)%memory.Line != 0 {
			t.Errorf("%v: off the alignment", dt)
		}
		for i := range v.Len() {
			if l.At(i) != 0 || c.At(i) != v.At(i) {
				t.Errorf("%v: element %d is %v and %v", dt, i, l.At(i), c.At(i))
			}
		}
		c.Set(0, 99)
		if v.At(0) == 99 {
			t.Errorf("%v: a clone shares memory", dt)
		}
	}
}

func TestFind(t *testing.T) {
	v := model(t, Float32)
	if r, ok := v.Find("b"); !ok || r.Lo != v.Ranges[2].Lo {
		t.Errorf("found %+v, %v", r, ok)
	}
	if r, ok := v.Find("c"); ok {
		t.Errorf("found %+v", r)
	}
}

// TestArray checks that arrays share memory both ways and end with their range.
func TestArray(t *testing.T) {
	for _, dt := range dtypes {
		v := fill(model(t, dt), 1, 1)
		r := v.Ranges[0]
		switch a := v.Array(r).(type) {
		case []float32:
			a[2] = 99
			if dt != Float32 || len(a) != 15 || cap(a) != 15 {
				t.Errorf("%v: an array of %T, %d of %d elements", dt, a, len(a), cap(a))
			}
		case []float64:
			a[2] = 99
			if dt != Float64 || len(a) != 15 || cap(a) != 15 {
				t.Errorf("%v: an array of %T, %d of %d elements", dt, a, len(a), cap(a))
			}
		}
		if v.At(2) != 99 {
			t.Errorf("%v: the vector didn't follow: %v", dt, v.At(2))
		}
	}
}

// TestOf checks that the elements are those of the vector in its own type, and none in the other.
func TestOf(t *testing.T) {
	v := fill(model(t, Float32), 1, 1)
	if x := Of[float32](v); len(x) != v.Len() || &x[0] != &v.F32[0] || Of[float64](v) != nil {
		t.Errorf("%d and %d elements of %d in float32", len(x), len(Of[float64](v)), v.Len())
	}
	v = fill(model(t, Float64), 1, 1)
	if x := Of[float64](v); len(x) != v.Len() || &x[0] != &v.F64[0] || Of[float32](v) != nil {
		t.Errorf("%d and %d elements of %d in float64", len(x), len(Of[float32](v)), v.Len())
	}
}

// TestType checks what types say of themselves.
func TestType(t *testing.T) {
	if Float32.String() != "float32" || Float64.String() != "float64" || Type(7).String() != "Type(7)" {
		t.Error(Float32, Float64, Type(7))
	}
	if float32(1)+float32(Float32.Epsilon()) == 1 || float32(1)+float32(Float32.Epsilon()/2) != 1 {
		t.Error("float32:", Float32.Epsilon())
	}
	if 1+Float64.Epsilon() == 1 || 1+Float64.Epsilon()/2 != 1 {
		t.Error("float64:", Float64.Epsilon())
	}
}

func TestSameAndCheck(t *testing.T) {
	v := model(t, Float32)
	other := func(dt Type, p ...Param) *Vector {
		u, err := New(dt, p...)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	w, s, b := Param{Name: "w", Shape: []int{3, 5}}, Param{Name: "s"}, Param{Name: "b", Shape: []int{17}}
	if u := other(Float32, w, s, b); !v.Same(u) || v.Check(u) != nil {
		t.Errorf("made alike, but %v", v.Check(u))
	}
	tests := []struct {
		name  string
		u     *Vector
		parts []string
	}{
		{"type", other(Float64, w, s, b), []string{"float64", "float32"}},
		{"ranges", other(Float32, w, s), []string{"16 elements in 2 ranges", "33 in 3"}},
		{"name", other(Float32, w, Param{Name: "z"}, b), []string{"range 1", `"z"`, `"s"`}},
		{"shape", other(Float32, Param{Name: "w", Shape: []int{5, 3}}, s, b), []string{"range 0", "[5 3]", "[3 5]"}},
		{"length", other(Float32, w, s, Param{Name: "b", Shape: []int{99}}), []string{"range 2", "[99]", "[17]"}},
		{"order", other(Float32, s, w, b), []string{"range 0"}},
		{"padding", &Vector{F32: make([]float32, v.Len()+16), Ranges: v.Ranges}, []string{"padding"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if v.Same(tt.u) || tt.u.Same(v) {
				t.Error("the same")
			}
			wantError(t, v.Check(tt.u), tt.parts...)
		})
	}
	wantError(t, v.Check(nil), "no vector")
	empty := other(Float32)
	if !empty.Same(empty.Like()) || empty.Len() != 0 || empty.Norm() != 0 {
		t.Error("an empty vector")
	}
}

func TestMath(t *testing.T) {
	for _, dt := range dtypes {
		v, u := fill(model(t, dt), 1, 1), fill(model(t, dt), -2, 0.25)
		dot, square := 0.0, 0.0
		for i := range v.Len() {
			dot += v.At(i) * u.At(i)
			square += v.At(i) * v.At(i)
		}
		if got := v.Dot(u); got != dot {
			t.Errorf("%v: Dot %v, want %v", dt, got, dot)
		}
		if got := v.Norm(); got != math.Sqrt(square) {
			t.Errorf("%v: Norm %v, want %v", dt, got, math.Sqrt(square))
		}
		c := v.Clone()
		c.Axpy(-2, u)
		c.Scale(0.5)
		for i := range v.Len() {
			if want := 0.5 * (v.At(i) - 2*u.At(i)); c.At(i) != want {
				t.Errorf("%v: element %d is %v, want %v", dt, i, c.At(i), want)
			}
		}
		padding(t, c)
		c.Copy(u)
		for i := range v.Len() {
			if c.At(i) != u.At(i) {
				t.Errorf("%v: copied element %d is %v, want %v", dt, i, c.At(i), u.At(i))
			}
		}
		c.Zero()
		if c.Norm() != 0 {
			t.Errorf("%v: not zero", dt)
		}
	}
}

// TestPadding checks that no factor reaches the padding.
func TestPadding(t *testing.T) {
	for _, dt := range dtypes {
		for _, a := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e39, -1e300} {
			v := fill(model(t, dt), 1, 1)
			v.Scale(a)
			padding(t, v)
			if want := a * 2; dt == Float64 && v.At(1) != want && !math.IsNaN(want) {
				t.Errorf("%v times 2 is %v", a, v.At(1))
			}
			if dt == Float32 && math.Abs(v.At(1)) < math.MaxFloat32 {
				t.Errorf("%v times 2 is %v in float32", a, v.At(1))
			}
			v = fill(model(t, dt), 1, 1)
			v.Axpy(a, fill(model(t, dt), 1, 1))
			padding(t, v)
			if x := v.At(1); !(math.Abs(x) > 1e38) && !math.IsNaN(x) {
				t.Errorf("2 + 2·%v is %v", a, x)
			}
		}
	}
}

func TestNormRange(t *testing.T) {
	tests := []struct{ first, step, want float64 }{
		{3e200, 0, 3e200 * math.Sqrt(33)},
		{-5e-200, 0, 5e-200 * math.Sqrt(33)},
		{5e-324, 0, 5e-324 * 6},
		{math.Inf(-1), 0, math.Inf(1)},
		{0, 0, 0},
	}
	for _, tt := range tests {
		got := fill(model(t, Float64), tt.first, tt.step).Norm()
		if got != tt.want && !(math.Abs(got-tt.want) < 1e-14*tt.want) {
			t.Errorf("norm of %v's is %v, want %v", tt.first, got, tt.want)
		}
	}
	v := fill(model(t, Float64), 1e200, 0)
	v.Set(3, math.NaN())
	if !math.IsNaN(v.Norm()) {
		t.Errorf("norm with a NaN is %v", v.Norm())
	}
}

func TestBad(t *testing.T) {
	for _, dt := range dtypes {
		v := fill(model(t, dt), 1, 1)
		if name, at, x, found := v.Bad(); found {
			t.Errorf("%v: found %v at %d of %q", dt, x, at, name)
		}
		v.Set(v.Ranges[2].Lo+3, math.Inf(-1))
		if name, at, x, found := v.Bad(); !found || name != "b" || at != 3 || !math.IsInf(x, -1) {
			t.Errorf("%v: found %v, %v at %d of %q", dt, found, x, at, name)
		}
		v.Set(v.Ranges[1].Lo, math.NaN())
		if name, at, x, found := v.Bad(); !found || name != "s" || at != 0 || !math.IsNaN(x) {
			t.Errorf("%v: found %v, %v at %d of %q", dt, found, x, at, name)
		}
	}
	v := fill(model(t, Float64), 1e300, 0)
	if name, at, x, found := v.Bad(); found {
		t.Errorf("large and finite: found %v at %d of %q", x, at, name)
	}
}

func TestAllocations(t *testing.T) {
	for _, dt := range dtypes {
		v, err := New(dt, Param{Name: "w", Shape: []int{300, 300}}, Param{Name: "b", Shape: []int{300}})
		if err != nil {
			t.Fatal(err)
		}
		u := v.Like()
		sum := 0.0
		n := testing.AllocsPerRun(10, func() {
			v.Copy(u)
			v.Axpy(0.5, u)
			v.Scale(0.5)
			sum += v.Dot(u) + v.Norm()
			v.Zero()
			_, _, _, _ = v.Bad()
			if v.Check(u) != nil || v.Type() != dt {
				t.Error("not the same")
			}
		})
		if n != 0 {
			t.Errorf("%v: %v allocations, want none", dt, n)
		}
	}
}

func TestByTypeAndPart(t *testing.T) {
	for _, dt := range []Type{Float32, Float64} {
		v, err := New(dt, Param{Name: "a", Shape: []int{3}}, Param{Name: "b", Shape: []int{20}})
		if err != nil {
			t.Fatal(err)
		}
		for i := range v.Len() {
			v.Set(i, float64(i))
		}
		if got := ByType(v.Type(), "float32", "float64"); got != dt.String() {
			t.Errorf("%v: ByType chose %s", dt, got)
		}
		r := v.Ranges[1]
		p := v.Part(r.Lo, r.Hi)
		if p.Type() != dt || p.Len() != 20 || p.At(2) != float64(r.Lo+2) {
			t.Fatalf("%v: the part is %v of %d elements, its third %v", dt, p.Type(), p.Len(), p.At(2))
		}
		p.Set(0, -1)
		if v.At(r.Lo) != -1 || v.At(r.Lo-1) != float64(r.Lo-1) {
			t.Errorf("%v: the part is no part: %v", dt, v)
		}
		if n := testing.AllocsPerRun(10, func() {
			p := v.Part(r.Lo, r.Hi)
			p.Scale(ByType(v.Type(), sum[float32], sum[float64])(v))
		}); n != 0 {
			t.Errorf("%v: %v allocations", dt, n)
		}
	}
}

func sum[T float32 | float64](v *Vector) (s float64) {
	for _, x := range Of[T](v) {
		s += float64(x)
	}
	return s
}

func TestAssign(t *testing.T) {
	narrow, wide := make([]float32, 2), make([]float64, 2)
	Assign(narrow, []float64{1, 0.1})
	Assign(wide, narrow)
	if narrow[1] != 0.1 || wide[0] != 1 || wide[1] != float64(float32(0.1)) {
		t.Errorf("%v %v", narrow, wide)
	}
}
