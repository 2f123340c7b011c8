package datasets

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"
)

// head finds the columns; first is the first line.
func (s *csvRows) head(first []string) error {
	s.columns = make([]string, len(first))
	for i, text := range first {
		s.columns[i] = strconv.Itoa(i)
		if s.Header {
			s.columns[i] = strings.Clone(strings.TrimSpace(text))
		}
		if !utf8.ValidString(s.columns[i]) {
			return errors.Errorf("column %d of the header: %q is not UTF-8: CSV.Latin1 is for files in Latin-1 or Windows-1252", i, clip(text))
		}
		if strings.ContainsFunc(s.columns[i], isUnseen) {
			return errors.Errorf("column %d of the header: %q has a character that can't be seen", i, clip(text))
		}
	}
	called := map[int]bool{}
	if s.Label != "" {
		i, err := s.find(s.Label, called)
		if err != nil {
			return err
		}
		s.label = i
	}
	for _, name := range s.Targets {
		i, err := s.find(name, called)
		if err != nil {
			return err
		}
		s.targets = append(s.targets, i)
	}
	if err := s.leave(called); err != nil {
		return err
	}
	for i, name := range s.columns {
		if called[i] {
			continue
		}
		if name == "" {
			return errors.Errorf(`column %d has no name in the header, like the row numbers that R and pandas write: give it one, or put "" into Leave`, i)
		}
		s.values = append(s.values, i)
	}
	if len(s.values) == 0 {
		return errors.New("no columns of values")
	}
	return s.likeColumns()
}

// find returns the column of a name and takes down that it was called.
func (s *csvRows) find(name string, called map[int]bool) (int, error) {
	i := slices.Index(s.columns, name)
	switch {
	case i < 0:
		return 0, s.noColumn(name)
	case slices.Contains(s.columns[i+1:], name):
		return 0, errors.Errorf("more than one column %q", name)
	case called[i]:
		return 0, errors.Errorf("column %q is called twice", name)
	}
	called[i] = true
	return i, nil
}

func (s *csvRows) noColumn(name string) error {
	list := strings.Join(s.columns, ", ")
	hint := ""
	if len(s.columns) == 1 {
		for _, comma := range []rune{';', '\t', '|', ',', ' '} {
			if comma != s.Comma && strings.ContainsRune(list, comma) {
				hint = "; the columns may be set apart by " + strconv.QuoteRune(comma) + ": CSV.Comma"
				break
			}
		}
	}
	return errors.Errorf("no column %q among %d: %s%s", name, len(s.columns), clip(list), hint)
}

// leave takes down the columns to leave out.
func (s *csvRows) leave(called map[int]bool) error {
	out := map[int]bool{}
	for _, name := range s.Leave {
		found := false
		for i, column := range s.columns {
			if column != name {
				continue
			}
			if called[i] || out[i] {
				return errors.Errorf("column %q is called twice", name)
			}
			found, out[i] = true, true
		}
		if !found {
			return s.noColumn(name)
		}
	}
	for i := range out {
		called[i] = true
	}
	return nil
}

// likeColumns puts the columns of values in the order of the training set's.
func (s *csvRows) likeColumns() error {
	if !s.like.given {
		return nil
	}
	if s.like.columns == nil {
		if want := Features(s.like.shape); want != len(s.values) {
			return errors.Errorf("%d columns of values, the training set has %d", len(s.values), want)
		}
		return nil
	}
	at := map[string]int{}
	names := make([]string, len(s.values))
	for i, column := range s.values {
		names[i] = s.columns[column]
		if _, twice := at[names[i]]; twice {
			at[names[i]] = -1
			continue
		}
		at[names[i]] = column
	}
	if slices.Equal(names, s.like.columns) {
		return nil
	}
	ordered := make([]int, 0, len(s.values))
	for _, name := range s.like.columns {
		column, ok := at[name]
		switch {
		case !ok:
			return errors.Errorf("no column %q, which the training set has", name)
		case column < 0:
			return errors.Errorf("more than one column %q, in another order than the training set's", name)
		}
		ordered = append(ordered, column)
	}
	for _, name := range names {
		if !slices.Contains(s.like.columns, name) {
			return errors.Errorf("column %q isn't among the training set's: put it into Leave", name)
		}
	}
	s.values = ordered
	return nil
}
