package sizing

import (
	"testing"

	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/tensor"
)

// TestRegroup holds what a reshape means, by the order of the elements.
func TestRegroup(t *testing.T) {
	b := func(was, is int) extent { return moved(was, is) }
	tests := []struct {
		name string
		from form
		to   tensor.Shape
		want []tensor.Shape
	}{
		{"flattened", form{b(2, 5), still(4), still(3)}, tensor.Shape{2, 12}, []tensor.Shape{{5, 12}, {2, 30}}},
		{"flattened, built for 5", form{b(5, 10), still(4), still(3)}, tensor.Shape{5, 12}, []tensor.Shape{{10, 12}}},
		{"cut into pairs", form{b(4, 6), still(4)}, tensor.Shape{2, 8}, []tensor.Shape{{3, 8}, {2, 12}}},
		{"halves of two batches", form{sum(b(4, 6), b(4, 6)), still(8)}, tensor.Shape{4, 2, 8}, []tensor.Shape{{6, 2, 8}, {4, 3, 8}, {4, 2, 12}}},
		{"behind the first axis", form{still(4), b(2, 5), still(3)}, tensor.Shape{4, 6}, []tensor.Shape{{4, 15}, {10, 6}}},
		{"joined and divided", form{b(2, 5).times(still(6))}, tensor.Shape{2, 2, 3}, []tensor.Shape{{5, 2, 3}, {2, 5, 3}}},
		{"axes that don't move", form{b(2, 5), still(4), still(6)}, tensor.Shape{2, 3, 8}, []tensor.Shape{{5, 3, 8}, {2, 3, 20}}},
		{"built for 1", form{b(1, 5), still(6)}, tensor.Shape{1, 6}, []tensor.Shape{{1, 30}, {5, 6}}},
		{"built for 1, in the middle", form{still(4), b(1, 5), still(3)}, tensor.Shape{4, 3}, []tensor.Shape{{4, 15}, {20, 3}}},
		{"a feature axis as long", form{b(4, 5), still(4)}, tensor.Shape{4, 4}, []tensor.Shape{{5, 4}, {4, 5}}},
		{"another order", form{b(5, 2), still(6)}, tensor.Shape{6, 5}, []tensor.Shape{{6, 2}}},
		{"across an axis", form{b(2, 5), still(6)}, tensor.Shape{3, 4}, []tensor.Shape{{3, 10}}},
		{"of no meaning", form{b(5, 2), still(6)}, tensor.Shape{3, 10}, []tensor.Shape{{3, 4}}},
		{"a sum of two", form{moved(9, 11), still(2)}, tensor.Shape{3, 6}, nil},
		{"squares", form{b(3, 5), b(3, 5)}, tensor.Shape{9}, []tensor.Shape{{25}}},
		{"nothing moves", form{still(4), still(6)}, tensor.Shape{3, 8}, []tensor.Shape{{3, 8}}},
		{"to a scalar", form{b(1, 3)}, tensor.Shape{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []tensor.Shape
			for _, f := range regroup(tt.from, tt.to) {
				if !tensors.Same(f.was(), tt.to) {
					t.Errorf("%v of shape %v, want %v", f, f.was(), tt.to)
				}
				if f.all().is() != tt.from.all().is() {
					t.Errorf("%v has %d elements, want %d", f, f.all().is(), tt.from.all().is())
				}
				got = append(got, f.is())
			}
			if len(got) != len(tt.want) {
				t.Fatalf("%v, want %v", got, tt.want)
			}
			for i, s := range got {
				if !tensors.Same(s, tt.want[i]) {
					t.Errorf("%v, want %v", got, tt.want)
				}
			}
		})
	}
}
