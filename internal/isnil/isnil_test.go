package isnil

import (
	"bytes"
	"io"
	"testing"
)

func TestAny(t *testing.T) {
	for _, c := range []struct {
		v    any
		want bool
	}{
		{nil, true}, {(*int)(nil), true}, {io.Reader((*bytes.Buffer)(nil)), true},
		{0, false}, {new(int), false}, {io.Discard, false}, {struct{}{}, false}, {[]int(nil), false},
	} {
		if got := Any(c.v); got != c.want {
			t.Errorf("%T %v: %v, want %v", c.v, c.v, got, c.want)
		}
	}
}
