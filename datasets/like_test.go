package datasets

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestWholeTargets: whole numbers to regress on, in a training set and in a test set of one with fractions.
func TestWholeTargets(t *testing.T) {
	const ages = "21 1:2\n33 1:3\n47 1:5\n"
	train := must(LIBSVM{Task: Regression}.Read(strings.NewReader(ages)))
	fractions := must(ReadLIBSVM(strings.NewReader("0.5 1:1 2:1\n")))
	test := must(LIBSVM{Like: fractions}.Read(strings.NewReader(ages)))
	for _, s := range []*Sparse{train, test} {
		b := read(s, count(3), 0)
		if s.Classes() != 0 || s.Outputs() != 1 || s.ClassNames() != nil || !slices.Equal(b.Targets, []float32{21, 33, 47}) {
			t.Errorf("%d classes, %d outputs, targets %v", s.Classes(), s.Outputs(), b.Targets)
		}
	}
	if !slices.Equal(test.Shape(), []int{2}) {
		t.Errorf("test set of shape %v", test.Shape())
	}
	if s := must(LIBSVM{Task: Classification}.Read(strings.NewReader("0.5 1:1\n-1 1:1\n"))); !slices.Equal(s.ClassNames(), []string{"-1", "0.5"}) {
		t.Errorf("classes %q", s.ClassNames())
	}
}

// TestLike holds what a file takes over from a training set, and what it may not have.
func TestLike(t *testing.T) {
	csv := func(text string, like Dataset) func() (Dataset, error) {
		c := DefaultCSV
		c.Like = like
		return func() (Dataset, error) { return ReadCSV(strings.NewReader(text), c) }
	}
	targets := func(text string, like Dataset, names ...string) func() (Dataset, error) {
		c := CSV{Comma: ',', Header: true, Targets: names, Like: like}
		return func() (Dataset, error) { return ReadCSV(strings.NewReader(text), c) }
	}
	libsvm := func(text string, like Dataset) func() (Dataset, error) {
		return func() (Dataset, error) { return LIBSVM{Like: like}.Read(strings.NewReader(text)) }
	}
	table := must(csv("x,y,label\n1,2,dog\n3,4,cat\n5,6,eel\n", nil)())
	numbers := must(csv("x,y,label\n1,2,3.0\n3,4,1\n", nil)())
	sparse := must(LIBSVM{ZeroBased: true}.Read(strings.NewReader("3 0:1 3:1\n1 0:1\n")))
	twice := must(csv("x,x,label\n1,2,a\n", nil)())
	regression := must(targets("x,y,z\n1,2,3\n", nil, "y", "z")())
	blobs := must(Blobs(9, 2, 3, 1, 1))
	part := must(Augment(must(Take(table, 2)), 1, Normalize([]float64{0, 0}, []float64{1, 1})))
	for name, c := range map[string]struct {
		read   func() (Dataset, error)
		x      []float32
		labels []int
		want   string
	}{
		"one class":            {csv("x,y,label\n1,2,eel\n", table), []float32{1, 2}, []int{2}, ""},
		"other order":          {csv("label,y,x\neel,2,1\n", table), []float32{1, 2}, []int{2}, ""},
		"of a part":            {csv("label,y,x\neel,2,1\n", part), []float32{1, 2}, []int{2}, ""},
		"unknown class":        {csv("x,y,label\n1,2,dog\n1,2,bird\n", table), nil, nil, `line 3, column "label": class "bird" isn't among the 3 given: cat, dog, eel`},
		"column missing":       {csv("x,z,label\n1,2,dog\n", table), nil, nil, `no column "y", which the training set has`},
		"column over":          {csv("x,y,z,label\n1,2,3,dog\n", table), nil, nil, `column "z" isn't among the training set's`},
		"columns twice":        {csv("x,x,label\n1,2,a\n", twice), []float32{1, 2}, []int{0}, ""},
		"columns twice, moved": {csv("x,y,x,label\n1,2,3,a\n", twice), nil, nil, `more than one column "x"`},
		"spelling":             {csv("x,y,label\n1,2,03\n", numbers), []float32{1, 2}, []int{1}, ""},
		"CSV like LIBSVM":      {csv("p,q,r,s,label\n1,2,3,4,3\n", sparse), []float32{1, 2, 3, 4}, []int{1}, ""},
		"features":             {csv("p,q,label\n1,2,3\n", sparse), nil, nil, "2 columns of values, the training set has 4"},
		"LIBSVM like CSV":      {libsvm("3.00 2:7\n", numbers), []float32{0, 7}, []int{1}, ""},
		"words":                {libsvm("3.00 2:7\n", table), nil, nil, "a label of the file can't be the name of a class"},
		"counts from 0":        {libsvm("3 0:7\n", sparse), []float32{7, 0, 0, 0}, []int{1}, ""},
		"index over":           {libsvm("3 0:7\n1 4:7\n", sparse), nil, nil, "line 2: index 4 outside [0, 3]: there are 4 features"},
		"unknown label":        {libsvm("1 0:7\n2 1:7\n", sparse), nil, nil, `line 2: label: class "2" isn't among the 2 given: 1, 3`},
		"fraction":             {libsvm("1.5 0:7\n", sparse), nil, nil, `line 1: label: class "1.5" isn't among`},
		"made data":            {libsvm("2 1:7\n", blobs), []float32{7, 0}, []int{2}, ""},
		"class of a target":    {csv("x,label\n1,a\n", regression), nil, nil, "the training set is a regression"},
		"two targets":          {libsvm("1 1:1\n", regression), nil, nil, "2 targets an example"},
		"target of a class":    {targets("x,y,z\n1,2,3\n", table, "z"), nil, nil, "given for a classification"},
		"other targets":        {targets("x,y,z\n1,2,3\n", regression, "z", "y"), nil, nil, `the training set has ["y" "z"]`},
		"fewer targets":        {targets("x,y\n1,2\n", regression, "y"), nil, nil, "the training set has 2"},
		"empty":                {csv("x,y,label\n1,2,dog\n", strange{n: 0}), nil, nil, "Like: datasets: the dataset has 0 examples"},
		"nil pointer":          {csv("x,y,label\n1,2,dog\n", (*Table)(nil)), []float32{1, 2}, []int{0}, ""},
	} {
		d, err := c.read()
		if c.want != "" {
			fails(t, name, err, c.want)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if b := read(d, []int32{0}, 0); !slices.Equal(b.X, c.x) || !slices.Equal(b.Labels, c.labels) {
			t.Errorf("%s: %v of %v", name, b.X, b.Labels)
		}
	}
}

// TestSplitFilesKeepClasses deals the rows of a table out to files in every way, with classes missing in some of them,
// and holds that each example has the class, by number and name, and the values that it has in the whole, in CSV and in
// LIBSVM text.
func TestSplitFilesKeepClasses(t *testing.T) {
	spellings := []string{"%d", "+%d", "0%d", "%d.0", "%de0", " %d"}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		n, classes := 2+r.IntN(30), 1+r.IntN(6)
		train, test := [2]strings.Builder{}, [2]strings.Builder{} // CSV and LIBSVM
		train[0].WriteString("x,y,label\n")
		test[0].WriteString("y,label,x\n")
		var all, held []int
		for i := range n {
			class := 10 * r.IntN(classes)
			label := fmt.Sprintf(spellings[r.IntN(len(spellings))], class)
			if i == 0 || r.IntN(2) == 0 || !slices.Contains(all, class) {
				fmt.Fprintf(&train[0], "%d,%d,%s\n", i, -i, label)
				fmt.Fprintf(&train[1], "%s 1:%d 2:%d\n", label, i, -i)
				all = append(all, class)
			} else {
				fmt.Fprintf(&test[0], "%d,%s,%d\n", -i, label, i)
				fmt.Fprintf(&test[1], "%s 1:%d 2:%d\n", label, i, -i)
				held = append(held, class)
			}
		}
		if len(held) == 0 {
			continue
		}
		c := DefaultCSV
		first := must(ReadCSV(strings.NewReader(train[0].String()), c))
		c.Like = first
		second := must(ReadCSV(strings.NewReader(test[0].String()), c))
		sparse := must(ReadLIBSVM(strings.NewReader(train[1].String())))
		sparseTest := must(LIBSVM{Like: sparse}.Read(strings.NewReader(test[1].String())))
		for _, d := range []Dataset{first, second, sparse, sparseTest} {
			want := all
			if d == Dataset(second) || d == Dataset(sparseTest) {
				want = held
			}
			b := read(d, count(d.Len()), 0)
			for i, class := range want {
				name, err := strconv.ParseFloat(ClassNames(d)[b.Labels[i]], 64)
				if err != nil || int(name) != class || b.X[2*i] != -b.X[2*i+1] {
					t.Fatalf("seed %d: example %d of %T is %v of class %v, want %d (%v)", seed, i, d, b.X[2*i:2*i+2], name, class, err)
				}
			}
			if !slices.Equal(ClassNames(second), ClassNames(first)) || !slices.Equal(sparse.ClassNames(), sparseTest.ClassNames()) {
				t.Fatalf("seed %d: classes %q and %q", seed, ClassNames(first), ClassNames(second))
			}
		}
	}
}

func TestNamed(t *testing.T) {
	e := must(must(Blobs(4, 1, 2, 1, 1)).Named("no", "yes"))
	m := must(pictures(7, 1, 1, 1).Named("a", "b", "c", "d", "e", "f", "g"))
	part, _, err := Split(must(Augment(m, 1, RandomFlip())), 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		d    Dataset
		want []string
	}{
		{e, []string{"no", "yes"}}, {must(Take(e, 1)), []string{"no", "yes"}}, {part, m.ClassNames()},
		{must(Blobs(4, 1, 3, 1, 1)), []string{"0", "1", "2"}}, {must(Quadratic(4, 1, 1, 1, 1, 1)), nil}, {nil, nil}, {(*Images)(nil), nil},
	} {
		if got := ClassNames(c.d); !slices.Equal(got, c.want) {
			t.Errorf("%T: names %q, want %q", c.d, got, c.want)
		}
	}
	for _, names := range [][]string{nil, {"a"}, {"a", "a"}, {"1", "1.0"}, {"a", ""}} {
		_, err := e.Named(names...)
		fails(t, fmt.Sprint(names), err, "datasets: ")
		if _, err := m.Named(names...); err == nil {
			t.Errorf("images with classes %q", names)
		}
	}
}

// TestCheckClasses finds a test file that was read without its training set.
func TestCheckClasses(t *testing.T) {
	read := func(text string, like Dataset) Dataset {
		c := DefaultCSV
		c.Like = like
		return must(ReadCSV(strings.NewReader(text), c))
	}
	train := read("x,label\n1,cat\n2,dog\n", nil)
	blobs := must(Blobs(4, 1, 2, 1, 1))
	for _, d := range []Dataset{train, must(Take(train, 1)), read("x,label\n1,dog\n", train), blobs, nil, must(Quadratic(3, 1, 1, 1, 1, 1))} {
		if err := CheckClasses(train, d); err != nil {
			t.Errorf("%T: %v", d, err)
		}
	}
	err := CheckClasses(must(Take(train, 1)), must(Take(read("x,label\n1,dog\n", nil), 1)))
	fails(t, "other classes", err, `label 0 is class "cat" in the training set and class "dog" in the test set: read the latter with the former in Like`)
	if err := CheckClasses(read("x,label\n1,1\n", nil), must(ReadLIBSVM(strings.NewReader("1.0 1:1\n")))); err != nil {
		t.Error(err)
	}
}
