package batch

import (
	"strings"
	"testing"
)

func TestCheckLabels(t *testing.T) {
	for _, c := range []struct {
		b    Batch
		want string
	}{
		{Batch{}, ""},
		{Batch{Labels: []int{0, 2, 1}}, ""},
		{Batch{Labels: []int{0, 3}}, "label 3 of example 1 outside [0, 3)"},
		{Batch{Labels: []int{-1}}, "label -1 of example 0 outside [0, 3)"},
		{Batch{Labels: []int{0, 3}, Index: []int32{7, 50123}}, "label 3 of example 50123 outside [0, 3)"},
	} {
		for range 2 {
			if err := c.b.CheckLabels(3); (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
				t.Errorf("%+v: %v, want %q", c.b, err, c.want)
			}
		}
	}
}

// TestCheckedOnce holds that labels are looked at once, and again where they are others or the classes are.
func TestCheckedOnce(t *testing.T) {
	b := Batch{Labels: []int{0, 2}}
	if err := b.CheckLabels(3); err != nil {
		t.Fatal(err)
	}
	handed := b
	handed.Labels[0] = 9 // nobody does so; it shows who looks
	if err := handed.CheckLabels(3); err != nil {
		t.Errorf("labels that were right are looked at again: %v", err)
	}
	fails := func(what string, b Batch, classes int) {
		t.Helper()
		if err := b.CheckLabels(classes); err == nil || !strings.HasPrefix(err.Error(), "label 9 of") {
			t.Errorf("%s: %v", what, err)
		}
	}
	fails("other classes", handed, 4)
	others := handed
	others.Labels = append([]int(nil), handed.Labels...)
	fails("other labels", others, 3)
	fails("read into again", *handed.Of(nil, 0), 3)
	right := Batch{Labels: []int{0, 2}}
	if n := testing.AllocsPerRun(10, func() {
		b := right
		if err := b.CheckLabels(3); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
