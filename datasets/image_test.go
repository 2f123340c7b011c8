package datasets

import (
	"slices"
	"testing"
)

// What an own transform is told, and what it draws.
func TestImage(t *testing.T) {
	m := pictures(9, 6, 5, 3)
	type told struct {
		h, w, c int
		seed    uint64
		index   int32
		draw    uint64
	}
	var seen []told
	var random, again, fixed []uint64
	look := TransformFunc(func(m *Image) {
		seen = append(seen, told{m.Height, m.Width, m.Channels, m.Seed, m.Index, m.Draw})
		random = append(random, m.Rand().Uint64())
		fixed = append(fixed, m.Fixed().Uint64())
		again = append(again, m.Rand().Uint64())
	})
	d := must(Augment(m, 77, RandomFlip(), look))
	read(d, []int32{4, 8}, 3)
	read(d, []int32{4}, 5)
	want := []told{{6, 5, 3, 77, 4, 3}, {6, 5, 3, 77, 8, 3}, {6, 5, 3, 77, 4, 5}}
	if !slices.Equal(seen, want) {
		t.Errorf("told %v, want %v", seen, want)
	}
	if random[0] == random[1] || random[0] == random[2] || random[0] == again[0] || random[0] == fixed[0] {
		t.Errorf("random numbers %v, %v", random, again)
	}
	if fixed[0] == fixed[1] || fixed[0] != fixed[2] {
		t.Errorf("fixed numbers %v", fixed)
	}
}
