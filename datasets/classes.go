package datasets

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fallline/fallline/internal/isnil"
	"github.com/pkg/errors"
)

// maxClasses is how many different labels a file may have that are still classes.
const maxClasses = 1024

// ClassNames returns the names of the classes of d by label, where its Description has them; else the labels
// themselves: "0", "1" and so on. A regression has none. A part of a dataset and its augmentation have the names of the
// dataset.
func ClassNames(d Dataset) []string {
	if isnil.Any(d) || d.Classes() < 1 {
		return nil
	}
	if names := Describe(d).ClassNames; names != nil {
		return slices.Clone(names)
	}
	names := make([]string, d.Classes())
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// CheckClasses returns an error where two datasets name their classes and a label stands for one class in the one and
// for another in the other, as where a test file was read without the training set in Like. Labels without names say
// nothing.
func CheckClasses(train, test Dataset) error {
	if !named(train) || !named(test) {
		return nil
	}
	a, b := ClassNames(train), ClassNames(test)
	for i := range min(len(a), len(b)) {
		if plain.canonical(a[i]) != plain.canonical(b[i]) {
			return errors.Errorf("datasets: label %d is class %q in the training set and class %q in the test set: read the latter with the former in Like",
				i, clip(a[i]), clip(b[i]))
		}
	}
	return nil
}

// named says whether a dataset names its classes itself.
func named(d Dataset) bool {
	return !isnil.Any(d) && Describe(d).ClassNames != nil
}

// checkNames returns an error where names aren't those of a number of classes.
func checkNames(names []string, classes int) error {
	if len(names) != classes {
		return errors.Errorf("datasets: %d names for %d classes", len(names), classes)
	}
	_, err := newClasses(names, plain)
	return errors.WithMessage(err, "datasets")
}

// classes numbers the classes of a file by their names. Spellings of one number are one name.
type classes struct {
	numberFormat
	given    bool              // nothing is added to the names
	labels   map[string]int    // by canonical name
	names    []string          // canonical, by label
	spelling map[string]string // by canonical name: as it was spelt, canonical where there were several spellings
	short    map[string]int    // by spelling
}

// newClasses makes the classes of these names; nil for those that will be found.
func newClasses(names []string, n numberFormat) (*classes, error) {
	c := &classes{numberFormat: n, labels: map[string]int{}, spelling: map[string]string{}, short: map[string]int{}}
	for i, name := range names {
		label, err := c.label(name)
		if err != nil {
			return nil, errors.WithMessagef(err, "class %d", i)
		}
		if label < i {
			return nil, errors.Errorf("class %q twice", clip(name))
		}
	}
	c.given = names != nil
	return c, nil
}

// label returns the label of a class.
func (c *classes) label(name string) (int, error) {
	if label, ok := c.short[name]; ok {
		return label, nil
	}
	text := strings.TrimSpace(name)
	if !utf8.ValidString(text) {
		return 0, errors.Errorf("class %q is not UTF-8", clip(text))
	}
	if text == "" {
		return 0, errors.New("an empty text for the class")
	}
	if strings.ContainsFunc(text, isUnseen) {
		return 0, errors.Errorf("class %q has a character that can't be seen: it looks like a class without it", clip(text))
	}
	key := c.canonical(text)
	label, ok := c.labels[key]
	switch {
	case ok:
	case c.given:
		return 0, errors.Errorf("class %q isn't among the %d given: %s", clip(text), len(c.names), c.text())
	case len(c.names) == maxClasses:
		return 0, errors.Errorf("more than %d classes", maxClasses)
	default:
		label = len(c.names)
		key = strings.Clone(key)
		c.labels[key] = label
		c.names = append(c.names, key)
		c.spelling[key] = strings.Clone(text)
	}
	if c.spelling[key] != text && !c.given {
		c.spelling[key] = key
	}
	c.short[strings.Clone(name)] = label
	return label, nil
}

// isUnseen says whether a character has no trace in print and no meaning in any script, as the marks in the middle of
// files that were joined, and the zeros at the end of some. A name that has one looks like another name.
func isUnseen(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' || r == '\ufeff' || r == '\u200b' || r == '\u2060' || r == '\u00ad'
}

// has says whether a text is the name of a class.
func (c *classes) has(name string) bool {
	_, ok := c.labels[c.canonical(strings.TrimSpace(name))]
	return ok
}

// list returns the names by label.
func (c *classes) list() []string {
	names := make([]string, len(c.names))
	for i, key := range c.names {
		names[i] = c.spelling[key]
	}
	return names
}

// text lists the names for a message.
func (c *classes) text() string { return clip(strings.Join(c.list(), ", ")) }

// finish numbers the classes that were found in an order that isn't that of the file, of numbers where all are numbers,
// else of the alphabet, and puts the new labels in the place of the old ones.
func (c *classes) finish(labels []int) (names []string) {
	if c.given {
		return c.list()
	}
	numbers := map[string]float64{}
	for _, key := range c.names {
		if x, err := plain.float(key); err == nil {
			numbers[key] = x
		}
	}
	order := slices.SortedFunc(maps.Keys(c.labels), func(a, b string) int {
		if len(numbers) == len(c.names) && numbers[a] != numbers[b] {
			return cmp.Compare(numbers[a], numbers[b])
		}
		return cmp.Compare(a, b)
	})
	to := make([]int, len(order))
	for label, key := range order {
		to[c.labels[key]] = label
	}
	for i, label := range labels {
		labels[i] = to[label]
	}
	c.names = order
	return c.list()
}
