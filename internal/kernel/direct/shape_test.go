package direct

import "testing"

func TestConvOut(t *testing.T) {
	for _, c := range []struct {
		s      Shape
		oh, ow int
	}{
		{Shape{H: 28, W: 28, KH: 5, KW: 5, StrideH: 1, StrideW: 1}, 24, 24},
		{Shape{H: 32, W: 31, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1}, 16, 16},
		{Shape{H: 2, W: 9, KH: 3, KW: 4, StrideH: 1, StrideW: 3}, 0, 2},
		{Shape{H: 1, W: 1, KH: 1, KW: 1, StrideH: 5, StrideW: 5, PadH: 2, PadW: 3}, 1, 2},
	} {
		if oh, ow := c.s.Out(); oh != c.oh || ow != c.ow {
			t.Errorf("%+v: Out() = %d, %d, want %d, %d", c.s, oh, ow, c.oh, c.ow)
		}
	}
}
