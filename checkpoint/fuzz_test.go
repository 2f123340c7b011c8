package checkpoint

import (
	"bytes"
	"os"
	"testing"
)

// FuzzRead: no file makes Read panic, and a file that it takes says the same when it is written and read again.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"testdata/foreign.safetensors", "testdata/ours.safetensors"} {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)-1])
	}
	f.Add(file(`{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`, ""))
	f.Add(file(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`, "12345678"))
	f.Fuzz(func(t *testing.T, b []byte) {
		first, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		var once, twice bytes.Buffer
		if err := Write(&once, first.Arrays, first.Meta); err != nil {
			t.Fatalf("can't write what was read: %v", err)
		}
		second, err := Read(bytes.NewReader(once.Bytes()), int64(once.Len()))
		if err != nil {
			t.Fatalf("can't read what was written: %v", err)
		}
		if err := Write(&twice, second.Arrays, second.Meta); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Error("two writes differ")
		}
	})
}
