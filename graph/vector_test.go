package graph

import (
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/vector"
	"gorgonia.org/tensor"
)

// TestView checks that views have the type and shape of their ranges and share memory both ways.
func TestView(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		et, err := VectorType(dt)
		if err != nil {
			t.Fatal(err)
		}
		v, err := vector.New(et, vector.Param{Name: "w", Shape: []int{3, 5}}, vector.Param{Name: "s"}, vector.Param{Name: "b", Shape: []int{17}})
		if err != nil {
			t.Fatal(err)
		}
		if dtypeOf(v) != dt {
			t.Errorf("%v became %v", dt, dtypeOf(v))
		}
		for i, shape := range [][]int{{3, 5}, {1}, {17}} {
			d := View(v, i)
			if !slices.Equal(d.Shape(), shape) || d.Dtype() != dt {
				t.Errorf("%v: view %d is %v of shape %v", dt, i, d.Dtype(), d.Shape())
			}
			last := v.Ranges[i].Hi - 1
			v.Set(last, -3)
			if got := floats(d); got[len(got)-1] != -3 {
				t.Errorf("%v: view %d ends in %v, want -3", dt, i, got[len(got)-1])
			}
			if err := d.Memset(one(dt)); err != nil {
				t.Fatal(err)
			}
			if v.At(last) != 1 {
				t.Errorf("%v: the vector didn't follow view %d: %v", dt, i, v.At(last))
			}
		}
	}
	if _, err := VectorType(tensor.Int); err == nil || !strings.Contains(err.Error(), "type int, want float32 or float64") {
		t.Errorf("a vector of int: %v", err)
	}
}

func one(dt tensor.Dtype) any {
	if dt == tensor.Float32 {
		return float32(1)
	}
	return float64(1)
}
