package cifar

import (
	"bytes"
	"testing"
)

func TestRead(t *testing.T) {
	for _, n := range []int{1, ahead - 1, ahead, ahead + 1, 2*ahead + 5} {
		m, err := Read10(bytes.NewReader(records(ten.form, 7, n)))
		if err != nil {
			t.Fatal(err)
		}
		if m.Len() != n {
			t.Errorf("%d images, want %d", m.Len(), n)
		}
		check(t, "Read10", m, 7, 10)
	}
	m, err := Read100(bytes.NewReader(records(hundred.form, 90, 20)))
	if err != nil {
		t.Fatal(err)
	}
	check(t, "Read100", m, 90, 100)
	good := records(ten.form, 0, ahead+2)
	for _, c := range []struct {
		b    []byte
		want string
	}{
		{nil, "cifar: no records"},
		{good[:1], "cifar: record 0: found 1 bytes, want 3073: truncated"},
		{good[:len(good)-1], "cifar: record 65: found 3072 bytes, want 3073: truncated"},
	} {
		if _, err := Read10(bytes.NewReader(c.b)); err == nil || err.Error() != c.want {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
	if _, err := Read10(broken{}); err == nil || err.Error() != "cifar: record 0: broken" {
		t.Errorf("error %v, want that of the reader", err)
	}
}

type broken struct{}
