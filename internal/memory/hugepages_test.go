package memory

import "testing"

// TestHugePages wants memory of any size and alignment to stay what it is.
func TestHugePages(t *testing.T) {
	all := make([]byte, 9<<20)
	for i := range all {
		all[i] = byte(i % 251)
	}
	for _, cut := range []struct{ from, to int }{
		{0, 0}, {0, 1}, {0, 4096}, {0, 2 << 20}, {1, 4<<20 + 1}, {4095, 9 << 20}, {0, 9 << 20},
	} {
		HugePages(all[cut.from:cut.to])
	}
	HugePages(nil)
	for i, v := range all {
		if v != byte(i%251) {
			t.Fatalf("byte %d is %d, was %d", i, v, byte(i%251))
		}
	}
}
