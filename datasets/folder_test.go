package datasets

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// painted is a picture of one colour, in a format.
func painted(format string, height, width int, c color.Color) *fstest.MapFile {
	m := image.NewNRGBA(image.Rect(3, 5, 3+width, 5+height))
	for y := range height {
		for x := range width {
			m.Set(3+x, 5+y, c)
		}
	}
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, m)
	case "jpeg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 100})
	default:
		err = gif.Encode(&b, m, nil)
	}
	if err != nil {
		panic(err)
	}
	return &fstest.MapFile{Data: b.Bytes()}
}

var (
	red     = color.NRGBA{255, 0, 0, 255}
	faint   = color.NRGBA{255, 0, 0, 7}
	nothing = &fstest.MapFile{}
	prose   = &fstest.MapFile{Data: []byte("not a picture")}
)

// pets is a folder of two cats and a dog, with more files.
func pets(more fstest.MapFS) fstest.MapFS {
	files := fstest.MapFS{"cat/1.png": painted("png", 2, 3, red), "cat/2.png": painted("png", 2, 3, red), "dog/1.png": painted("png", 2, 3, red)}
	for name, f := range more {
		if f == nil {
			delete(files, name)
			continue
		}
		files[name] = f
	}
	return files
}

// TestFolder holds which files become pictures, of which class, and which are left out by name.
func TestFolder(t *testing.T) {
	p := painted("png", 2, 3, red)
	for name, c := range map[string]struct {
		more   fstest.MapFS
		f      Folder
		names  []string
		labels []int
		left   []string
	}{
		"plain": {nil, Folder{}, []string{"cat", "dog"}, []int{0, 0, 1}, nil},
		"system's files": {fstest.MapFS{".DS_Store": prose, "Thumbs.db": prose, "desktop.ini": prose, "cat/.DS_Store": prose, "cat/THUMBS.DB": prose, "cat/._1.png": prose, "__MACOSX/cat/._1.png": prose},
			Folder{}, []string{"cat", "dog"}, []int{0, 0, 1}, []string{".DS_Store", "Thumbs.db", "__MACOSX", "cat/.DS_Store", "cat/._1.png", "cat/THUMBS.DB", "desktop.ini"}},
		"hidden folders": {fstest.MapFS{".ipynb_checkpoints/1.png": p, "cat/.ipynb_checkpoints/1.png": p, ".git/x": prose},
			Folder{}, []string{"cat", "dog"}, []int{0, 0, 1}, []string{".git", ".ipynb_checkpoints", "cat/.ipynb_checkpoints"}},
		"texts":                 {fstest.MapFS{"README.md": prose, "LICENSE": prose, "labels.csv": prose, "dog/notes.txt": prose, "dog/1": prose}, Folder{}, []string{"cat", "dog"}, []int{0, 0, 1}, []string{"LICENSE", "README.md", "dog/1", "dog/notes.txt", "labels.csv"}},
		"upper case, formats":   {fstest.MapFS{"dog/2.PNG": p, "eel/a.JPG": painted("jpeg", 2, 3, red), "eel/b.jpeg": painted("jpeg", 2, 3, red), "eel/c.Gif": painted("gif", 2, 3, red)}, Folder{}, []string{"cat", "dog", "eel"}, []int{0, 0, 1, 1, 2, 2, 2}, nil},
		"a format by its bytes": {fstest.MapFS{"dog/2.jpg": p}, Folder{}, []string{"cat", "dog"}, []int{0, 0, 1, 1}, nil},
		"signs of patterns":     {fstest.MapFS{"a[1]/1.png": p, "b*?/[x].png": p, "c d\\e/1.png": p}, Folder{}, []string{"a[1]", "b*?", "c d\\e", "cat", "dog"}, []int{0, 1, 2, 3, 3, 4}, nil},
		"nested":                {fstest.MapFS{"cat/house/3.png": p, "cat/wild/big/4.png": p}, Folder{}, []string{"cat", "dog"}, []int{0, 0, 0, 0, 1}, nil},
		"numbers":               {fstest.MapFS{"cat/1.png": nil, "cat/2.png": nil, "dog/1.png": nil, "10/1.png": p, "9/1.png": p, "-1/1.png": p}, Folder{}, []string{"-1", "9", "10"}, []int{0, 2, 1}, nil},
		"given":                 {nil, Folder{Classes: []string{"eel", "dog", "cat"}}, []string{"eel", "dog", "cat"}, []int{2, 2, 1}, nil},
		"given, one empty":      {fstest.MapFS{"eel/x.txt": prose}, Folder{Classes: []string{"eel", "dog", "cat"}}, []string{"eel", "dog", "cat"}, []int{2, 2, 1}, []string{"eel/x.txt"}},
		"broken left out":       {fstest.MapFS{"cat/2.png": prose, "dog/2.png": nothing}, Folder{LeaveBroken: true}, []string{"cat", "dog"}, []int{0, 1}, []string{"cat/2.png", "dog/2.png"}},
		"sets as classes":       {fstest.MapFS{"cat/1.png": nil, "cat/2.png": nil, "dog/1.png": nil, "train/1.png": p, "ship/1.png": p}, Folder{}, []string{"ship", "train"}, []int{0, 1}, nil},
	} {
		m, left, err := c.f.OpenFS(pets(c.more))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, l := range left {
			got = append(got, l.Name)
		}
		if !slices.Equal(m.ClassNames(), c.names) || !slices.Equal(m.labels, c.labels) || !slices.Equal(got, c.left) || !slices.Equal(m.Shape(), []int{2, 3, 3}) {
			t.Errorf("%s: classes %q, labels %v, left out %v, shape %v", name, m.ClassNames(), m.labels, left, m.Shape())
		}
		if got := m.Pixels(m.Len() - 1); got[0] < 250 || got[1] > 5 || got[17] > 5 {
			t.Errorf("%s: pixels %v", name, got)
		}
	}
}

func TestFolderRefused(t *testing.T) {
	p := painted("png", 2, 3, red)
	none := fstest.MapFS{"cat/1.png": nil, "cat/2.png": nil, "dog/1.png": nil}
	only := func(files fstest.MapFS) fstest.MapFS {
		for name := range none {
			if files[name] == nil {
				files[name] = nil
			}
		}
		return files
	}
	broken := &fstest.MapFile{Data: p.Data[:len(p.Data)-20]}
	bomb := painted("gif", 2, 3, red)
	copy(bomb.Data[6:], "\xff\xff\xff\xff") // its width and height
	for _, c := range []struct {
		more fstest.MapFS
		f    Folder
		want string
	}{
		{fstest.MapFS{"top.png": p}, Folder{}, "top.png: a picture outside a class's folder"},
		{fstest.MapFS{"cat/3.png": prose}, Folder{}, "cat/3.png: not a PNG, JPEG or GIF picture: convert it to one of them; Folder.LeaveBroken"},
		{fstest.MapFS{"cat/3.jpg": {Data: []byte("<html>")}}, Folder{}, "cat/3.jpg: the file is an HTML page"},
		{fstest.MapFS{"cat/3.png": nothing}, Folder{}, "cat/3.png: the file is empty"},
		{fstest.MapFS{"cat/3.png": broken}, Folder{}, "cat/3.png: "},
		{fstest.MapFS{"cat/3.WEBP": {Data: []byte("RIFF\x00\x00\x00\x00WEBP")}}, Folder{}, `cat/3.WEBP: a picture of a format that isn't registered: import _ "golang.org/x/image/webp"`},
		{fstest.MapFS{"cat/3.heic": {Data: []byte("\x00\x00\x00\x18ftypheic")}}, Folder{}, "cat/3.heic: not a PNG, JPEG or GIF picture"},
		{fstest.MapFS{"dog/2.png": painted("png", 3, 2, red)}, Folder{}, "dog/2.png: 3x2 pixels, cat/1.png has 2x3: Folder.Height and Width scale"},
		{fstest.MapFS{"eel/x.txt": prose}, Folder{}, `folder "eel" has no pictures`},
		{fstest.MapFS{"eel": {Mode: fs.ModeDir}}, Folder{}, `folder "eel" has no pictures`},
		{fstest.MapFS{"dog/1.png": prose}, Folder{LeaveBroken: true}, `folder "dog" has no pictures that can be read`},
		{only(fstest.MapFS{}), Folder{}, "no folders: want one for each class"},
		{only(fstest.MapFS{"x.txt": prose}), Folder{}, "no folders"},
		{only(fstest.MapFS{"train/cat/1.png": p, "Test/cat/1.png": p}), Folder{}, `folder "Test" is named for a set`},
		{fstest.MapFS{"train/1.png": p, "test/1.png": p}, Folder{}, `folder "test" is named for a set`},
		{fstest.MapFS{"1/1.png": p, "01/1.png": p}, Folder{}, `folders "01" and "1" are spellings of one number`},
		{only(fstest.MapFS{"2/1.png": p, "2.0/1.png": p}), Folder{Classes: []string{"1", "2"}}, `folders "2" and "2.0" are spellings of one number`},
		{only(fstest.MapFS{"pets/cat/1.png": p, "pets/dog/1.png": p}), Folder{}, `there is but one folder, "pets", with 2 folders in it`},
		{nil, Folder{Classes: []string{"cat", "eel"}}, `folder "dog": class "dog" isn't among the 2 given: cat, eel`},
		{nil, Folder{Like: must(must(NewImages([]int{2, 3, 3}, make([]uint8, 18), []int{0}, 1)).Named("cat"))}, `folder "dog": class "dog" isn't among`},
		{nil, Folder{Classes: []string{"cat", "dog"}, Like: must(must(NewImages([]int{4, 4, 3}, make([]uint8, 48), []int{0}, 1)).Named("cat"))}, "both Classes and Like"},
		{nil, Folder{Like: must(must(NewImages([]int{4, 4, 3}, make([]uint8, 48), []int{0}, 2)).Named("cat", "dog"))}, "cat/1.png: 2x3 pixels, the training set has 4x4"},
		{nil, Folder{Height: 2, Width: 2, Like: pictures(7, 4, 4, 3)}, "2x2 to scale to, the training set's images are 4x4"},
		{nil, Folder{Grey: true, Like: pictures(7, 4, 4, 3)}, "the training set has 3 channels"},
		{nil, Folder{Like: pictures(7, 4, 4, 4)}, "the training set has 4 channels"},
		{nil, Folder{Like: must(Blobs(4, 2, 2, 1, 1))}, "Like: examples of shape [2], want images"},
		{nil, Folder{Height: 4}, "height 4 and width 0"},
		{nil, Folder{Height: -1, Width: 1}, "height -1"},
		{nil, Folder{Height: 1 << 20, Width: 1 << 20}, "over 134217728 pixels"},
		{fstest.MapFS{"cat/3.png": {Mode: fs.ModeNamedPipe}}, Folder{}, "cat/3.png: not a regular file"},
		{fstest.MapFS{"cat/0.png": bomb}, Folder{}, "cat/0.png: 65535x65535 pixels, want at least 1 and at most 134217728"},
	} {
		m, left, err := c.f.OpenFS(pets(c.more))
		fails(t, c.want, err, c.want)
		fails(t, c.want, err, "datasets: ")
		if m != nil || left != nil {
			t.Errorf("%s: %v, %v", c.want, m, left)
		}
	}
	_, _, err := OpenFolder(filepath.Join(t.TempDir(), "gone"))
	fails(t, "gone", err, "no such file")
	dir := folder(t, map[string][]byte{"a.zip": nil})
	_, _, err = OpenFolder(filepath.Join(dir, "a.zip"))
	fails(t, "file", err, "a.zip is a file, want a folder")
	_, _, err = OpenFolder(dir)
	fails(t, "no folders", err, "datasets: "+dir+": no folders")
}

// TestFolderLike: a test folder with one class of two, and pictures of another size, in colour and in grey.
func TestFolderLike(t *testing.T) {
	for _, f := range []Folder{{}, {Height: 4, Width: 4}, {Grey: true}} {
		train, _, err := f.OpenFS(pets(nil))
		if err != nil {
			t.Fatal(err)
		}
		f = Folder{Height: f.Height, Width: f.Width, Like: must(Augment(must(Take(train, 1)), 1, RandomFlip()))}
		test, _, err := f.OpenFS(fstest.MapFS{"dog/7.png": painted("png", 2, 3, red)})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(test.ClassNames(), []string{"cat", "dog"}) || test.Label(0) != 1 || !slices.Equal(test.Shape(), train.Shape()) {
			t.Errorf("%+v: classes %q, label %d, shape %v", f, test.ClassNames(), test.Label(0), test.Shape())
		}
		if !slices.Equal(test.Pixels(0), train.Pixels(0)) {
			t.Errorf("%+v: %v", f, test.Pixels(0))
		}
	}
}

func TestFolderColours(t *testing.T) {
	grey16 := image.NewGray16(image.Rect(0, 0, 1, 1))
	grey16.SetGray16(0, 0, color.Gray16{0x80ff})
	var b bytes.Buffer
	if err := png.Encode(&b, grey16); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file *fstest.MapFile
		want []uint8 // colours and grey
	}{
		"red":           {painted("png", 1, 1, red), []uint8{255, 0, 0, 76}},
		"transparent":   {painted("png", 1, 1, faint), []uint8{255, 0, 0, 76}},
		"mixed":         {painted("png", 1, 1, color.NRGBA{10, 200, 30, 255}), []uint8{10, 200, 30, 124}},
		"grey":          {painted("png", 1, 1, color.Gray{77}), []uint8{77, 77, 77, 77}},
		"grey, 16 bits": {&fstest.MapFile{Data: b.Bytes()}, []uint8{128, 128, 128, 128}},
		"gif":           {painted("gif", 1, 1, color.White), []uint8{255, 255, 255, 255}},
	} {
		files := fstest.MapFS{"a/1.png": c.file}
		colour, _, err := Folder{}.OpenFS(files)
		if err != nil {
			t.Fatal(err)
		}
		grey, _, err := Folder{Grey: true}.OpenFS(files)
		if err != nil {
			t.Fatal(err)
		}
		if got := append(slices.Clone(colour.Pixels(0)), grey.Pixels(0)...); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestFolderLinks: links to files and folders are followed, one in a circle and one to nothing are errors.
func TestFolderLinks(t *testing.T) {
	dir := t.TempDir()
	store := filepath.Join(t.TempDir(), "store")
	for _, d := range []string{filepath.Join(dir, "cat"), store} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(store, "1.png"), painted("png", 2, 3, red).Data, 0o600); err != nil {
		t.Fatal(err)
	}
	link := func(to, from string) {
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Skip("not tested: ", err)
		}
	}
	link(filepath.Join(store, "1.png"), "cat/1.png")
	link(store, "dog")
	m, _, err := OpenFolder(dir)
	if err != nil || !slices.Equal(m.ClassNames(), []string{"cat", "dog"}) || m.Len() != 2 {
		t.Fatalf("%v, %v", m, err)
	}
	link("..", "cat/up")
	_, _, err = OpenFolder(dir)
	fails(t, "circle", err, "a link to a folder above?")
	if err := os.Remove(filepath.Join(dir, "cat/up")); err != nil {
		t.Fatal(err)
	}
	link("nowhere", "cat/2.png")
	_, _, err = OpenFolder(dir)
	fails(t, "dangling", err, "cat/2.png: no such file")
}

// TestScale: a picture of one colour keeps it, one scaled to its own size stays, and halves are means.
func TestScale(t *testing.T) {
	flat := bytes.Repeat([]byte{7, 100, 255}, 5*9)
	for _, size := range [][2]int{{1, 1}, {2, 3}, {5, 9}, {11, 4}, {13, 30}} {
		if got := scale(flat, 5, 9, 3, size[0], size[1]); !bytes.Equal(got, bytes.Repeat([]byte{7, 100, 255}, size[0]*size[1])) {
			t.Errorf("size %v: %v", size, got)
		}
	}
	m := pictures(1, 6, 5, 3)
	if !bytes.Equal(scale(m.pixels, 6, 5, 3, 6, 5), m.pixels) {
		t.Error("a picture of the same size changed")
	}
	if got := scale([]byte{0, 0, 200, 200}, 1, 4, 1, 1, 1); got[0] != 100 {
		t.Errorf("mean %d", got[0])
	}
}

// FuzzFolder: no file makes the reader panic.
func FuzzFolder(f *testing.F) {
	for _, format := range []string{"png", "jpeg", "gif"} {
		f.Add(painted(format, 2, 3, red).Data, "1.png")
	}
	f.Add([]byte("<html>"), "x.JPG")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		if !fs.ValidPath(name) || strings.Contains(name, "/") || len(data) > 4096 {
			return
		}
		m, left, err := Folder{Height: 2, Width: 2, LeaveBroken: true}.OpenFS(fstest.MapFS{"a/" + name: {Data: data}})
		if err == nil && m.Len()+len(left) != 1 || err != nil && m != nil {
			t.Errorf("%v, %v, %v", m, left, err)
		}
	})
}
