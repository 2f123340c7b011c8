package checkpoint

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/fallline/fallline/internal/wholefile"

	"github.com/pkg/errors"
)

func sample() ([]Array, map[string]string) {
	r := rand.New(rand.NewPCG(1, 2))
	w, v, k := make([]float32, 40_000), make([]float64, 20_001), make([]int64, 7)
	for i := range w {
		w[i] = r.Float32()
	}
	for i := range v {
		v[i] = r.NormFloat64()
	}
	for i := range k {
		k[i] = int64(r.Uint64())
	}
	return []Array{
		{"w", []int{200, 200}, w},
		{"v", []int{20_001}, v},
		{"k", []int{7, 1}, k},
		{"none", []int{0}, []float64{}},
		{"also none", []int{3, 0, 1 << 30, 1 << 30, 1 << 30}, []int64{}},
	}, map[string]string{"step": "12", "": "empty name"}
}

func TestRoundTrip(t *testing.T) {
	arrays, meta := sample()
	path := filepath.Join(t.TempDir(), "a.safetensors")
	if err := Save(path, arrays, meta); err != nil {
		t.Fatal(err)
	}
	f, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(f.Arrays, arrays) || !reflect.DeepEqual(f.Meta, meta) {
		t.Error("what was loaded is not what was saved")
	}
	if _, ok := f.Find("x"); ok {
		t.Error("found an array that isn't there")
	}
}

func TestNothingSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := Save(path, nil, nil); err != nil {
		t.Fatal(err)
	}
	f, err := Load(path)
	if err != nil || len(f.Arrays) != 0 || len(f.Meta) != 0 {
		t.Errorf("got %v, %v", f, err)
	}
}

func TestBadArrays(t *testing.T) {
	x := []float32{1}
	for _, c := range []struct {
		arrays []Array
		meta   map[string]string
		want   string
	}{
		{[]Array{{"", nil, x}}, nil, "no name"},
		{[]Array{{metaKey, nil, x}}, nil, "format's own"},
		{[]Array{{"a\xff", nil, x}}, nil, "not UTF-8"},
		{[]Array{{"a", nil, x}, {"a", nil, x}}, nil, `two arrays are named "a"`},
		{[]Array{{"a", []int{2}, x}}, nil, `"a" has 1 elements, its shape [2] has 2`},
		{[]Array{{"a", []int{-1, -1}, x}}, nil, "negative dimension"},
		{[]Array{{"a", []int{1 << 30, 1 << 30, 1 << 30}, x}}, nil, "more elements than fit"},
		{[]Array{{"a", nil, []int{1}}}, nil, "holds a []int, want"},
		{[]Array{{"a", nil, nil}}, nil, "holds a <nil>, want"},
		{nil, map[string]string{"a": "\xff"}, "not UTF-8"},
	} {
		dir := t.TempDir()
		err := Save(filepath.Join(dir, "x"), c.arrays, c.meta)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "checkpoint: save ") {
			t.Errorf("error %v, want %q", err, c.want)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("%s: left %v behind", c.want, left)
		}
	}
}

// file puts a header and data together.
func file(header, data string) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header+data...)
}

func TestBadFiles(t *testing.T) {
	const four, eight = "1234", "12345678"
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "has 0 bytes, want 8"},
		{"short length", []byte("1234567"), "has 7 bytes, want 8"},
		{"text", []byte("this is no safetensors file"), "format's limit"},
		{"long header", file("{}", "")[:9], "said to have 2 bytes, the file has 1"},
		{"huge header", binary.LittleEndian.AppendUint64(nil, 1<<63), "limit"},
		{"no header", file("", ""), "does not begin"},
		{"array header", file("[]", ""), "does not begin"},
		{"space first", file(" {}", ""), "does not begin"},
		{"not UTF-8", file("{\"\xff\"}", ""), "not UTF-8"},
		{"no end", file(`{"a":{"dtype":"F32"`, ""), "unexpected EOF"},
		{"two objects", file(`{}{}`, ""), "after its end"},
		{"no name", file(`{"":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, four), "no name"},
		{"name twice", file(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}`, eight), "twice"},
		{"text twice", file(`{"__metadata__":{"a":"","a":""}}`, ""), "twice"},
		{"text of a number", file(`{"__metadata__":{"a":1}}`, ""), "want text"},
		{"dtype twice", file(`{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}`, four), "twice"},
		{"type", file(`{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}`, four), `type "BF16"`},
		{"no shape", file(`{"a":{"dtype":"F32","data_offsets":[0,4]}}`, four), "want dtype, shape"},
		{"null shape", file(`{"a":{"dtype":"F32","shape":null,"data_offsets":[0,4]}}`, four), "want dtype, shape"},
		{"three offsets", file(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}}`, four), "two data_offsets"},
		{"unknown field", file(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":1}}`, four), `"x" is not`},
		{"no object", file(`{"a":4}`, ""), "want an object"},
		{"fraction", file(`{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}`, four), "cannot unmarshal"},
		{"negative", file(`{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, four), "negative"},
		{"huge", file(`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, ""), "more elements"},
		{"size", file(`{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,4]}}`, four), "takes 8"},
		{"backwards", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, four), "bytes 4 to 0"},
		{"before", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}`, four), "bytes -4 to 0"},
		{"truncated", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "123"), "the file has 3"},
		{"too long", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "12345"), "1 bytes after"},
		{"hole", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, eight), "begins at byte 4"},
		{"overlap", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`, eight), "overlap"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x")
			if err := os.WriteFile(path, c.file, 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := Load(path)
			if err == nil || f != nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "checkpoint: load "+path) {
				t.Errorf("got %v, error %v, want %q", f, err, c.want)
			}
		})
	}
}

func TestMissingFileAndFolder(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(filepath.Join(dir, "x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want not found", err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("error %v, want not a regular file", err)
	}
}

// CheckPath and Save refuse the same paths, and neither leaves anything behind.
func TestBadPaths(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "no")
	for path, want := range map[string]string{
		filepath.Join(missing, "x"): "a new file in " + missing + ": ",
		dir:                         "not a regular file",
		os.DevNull:                  "not a regular file",
	} {
		save, check := Save(path, nil, nil), CheckPath(path)
		if save == nil || check == nil || save.Error() != check.Error() {
			t.Errorf("%s: Save's error %v, CheckPath's %v", path, save, check)
			continue
		}
		if !strings.HasPrefix(save.Error(), "checkpoint: save "+path+": "+want) {
			t.Errorf("error %v, want %q", save, want)
		}
	}
	if err := CheckPath(filepath.Join(missing, "x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want not found", err)
	}
	path := filepath.Join(dir, "x")
	if err := CheckPath(path); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
	if err := Save(path, nil, nil); err != nil {
		t.Error(err)
	}
	if err := CheckPath(path); err != nil {
		t.Errorf("a file to replace: %v", err)
	}
}

// Whatever cuts the write short, the old file stays and no other is left.
func TestFailedWriteKeepsOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.safetensors")
	arrays, meta := sample()
	if err := Save(path, arrays, meta); err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	err = wholefile.Write(path, func(w io.Writer) error {
		if _, err := w.Write(old[:100]); err != nil {
			t.Fatal(err)
		}
		if now, _ := os.ReadFile(path); !bytes.Equal(now, old) {
			t.Error("the old file changed before the new one was complete")
		}
		return full
	})
	if !errors.Is(err, full) {
		t.Errorf("error %v, want %v", err, full)
	}
	if now, _ := os.ReadFile(path); !bytes.Equal(now, old) {
		t.Error("the old file is lost")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%v left behind", left)
	}
}

func TestSaveReplacesFileBehindLink(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real"), filepath.Join(dir, "link")
	if err := Save(real, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Skipf("not tested: links: %v", err)
	}
	arrays, _ := sample()
	if err := Save(link, arrays, nil); err != nil {
		t.Fatal(err)
	}
	if f, err := Load(real); err != nil || len(f.Arrays) != len(arrays) {
		t.Errorf("the link's target was not replaced: %v", err)
	}
}

func TestWriteError(t *testing.T) {
	arrays, meta := sample()
	var b bytes.Buffer
	if err := Write(&b, arrays, meta); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 7, 8, 50, b.Len() / 2, b.Len() - 1} {
		if err := Write(&limited{n}, arrays, meta); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("writer that takes %d bytes: error %v", n, err)
		}
	}
}

// limited takes n bytes.
type limited struct{ n int }

func (l *limited) Write(b []byte) (int, error) {
	k := min(len(b), l.n)
	l.n -= k
	if k < len(b) {
		return k, io.ErrShortWrite
	}
	return k, nil
}

// A file that shrinks between its size and its reading is an error, too.
func TestReaderEndsEarly(t *testing.T) {
	arrays, meta := sample()
	var b bytes.Buffer
	if err := Write(&b, arrays, meta); err != nil {
		t.Fatal(err)
	}
	for n := 0; n < b.Len(); n += 1 + n/3 {
		if _, err := Read(bytes.NewReader(b.Bytes()[:n]), int64(b.Len())); err == nil {
			t.Errorf("no error at %d of %d bytes", n, b.Len())
		}
	}
}
