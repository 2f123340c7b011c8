package text

import "testing"

func TestText(t *testing.T) {
	for _, c := range [][2]string{
		{Count(0, "example"), "0 examples"},
		{Count(1, "example"), "1 example"},
		{Count(int64(2), "example"), "2 examples"},
		{Bytes(0), "0 bytes"},
		{Bytes(1), "1 byte"},
		{Bytes(1<<20 - 1), "1048575 bytes"},
		{Bytes(3 << 20), "3145728 bytes (3.0 MiB)"},
		{Bytes(5 << 29), "2684354560 bytes (2.5 GiB)"},
		{Bytes(1 << 40), "1099511627776 bytes (1.0 TiB)"},
		{Shape(nil), "scalar"},
		{Shape([]int{7}), "7"},
		{Shape([]int{28, 28, 1}), "28x28x1"},
	} {
		if c[0] != c[1] {
			t.Errorf("%q, want %q", c[0], c[1])
		}
	}
}
