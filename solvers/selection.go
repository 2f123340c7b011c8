package solvers

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// Selection says which parameters a modifier works on. Several of them narrow it further.
type Selection struct {
	except bool
	names  []string
}

// Only selects the parameters of these names or groups. A name may be a pattern with * and ?, as in "*.bias".
//
// A name that is neither a parameter nor a group is an error when the parameters become known.
func Only(names ...string) Selection { return Selection{names: names} }

// Except selects all parameters but those of these names or groups. A name may be a pattern with * and ?, as in
// "*.bias".
//
// A name that is neither a parameter nor a group is an error when the parameters become known, but for the groups
// "weight", "bias" and "norm" where parameters have groups: Except("bias", "norm") suits a model without batch norm,
// too.
func Except(names ...string) Selection { return Selection{except: true, names: names} }

// groups are the names that layers give to groups.
var groups = []string{"weight", "bias", "norm"}

// owner is what selections know of a parameter.
type owner struct{ name, group string }

// same says whether two selections were made alike.
func (s Selection) same(t Selection) bool {
	return s.except == t.except && slices.Equal(s.names, t.names)
}

// String is as in Only("bias").
func (s Selection) String() string {
	quoted := make([]string, len(s.names))
	for i, n := range s.names {
		quoted[i] = strconv.Quote(n)
	}
	name := "Only"
	if s.except {
		name = "Except"
	}
	return name + "(" + strings.Join(quoted, ", ") + ")"
}

// check validates what can be known without parameters.
func (s Selection) check() error {
	if len(s.names) == 0 {
		return errors.New("no names selected, want at least 1")
	}
	for _, n := range s.names {
		if n == "" {
			return errors.New("an empty name selected")
		}
	}
	return nil
}

// has says whether the parameter is selected.
func (s Selection) has(o owner) bool {
	named := slices.ContainsFunc(s.names, func(n string) bool { return match(n, o) })
	return named != s.except
}

// match says whether a name of a selection means the parameter.
func match(name string, o owner) bool {
	if name == o.name || name == o.group {
		return true
	}
	if !strings.ContainsAny(name, "*?") {
		return false
	}
	ok, err := path.Match(name, o.name)
	return ok && err == nil
}

// applies returns an error for a name that means none of the parameters.
func (s Selection) applies(to []owner) error {
	grouped := slices.ContainsFunc(to, func(o owner) bool { return o.group != "" })
	for _, n := range s.names {
		if s.except && grouped && slices.Contains(groups, n) {
			continue
		}
		if !slices.ContainsFunc(to, func(o owner) bool { return match(n, o) }) {
			return errors.Errorf("no parameter or group is called %q, only %s", n, list(known(to)))
		}
	}
	return nil
}

// known returns the groups and the names of parameters.
func known(to []owner) []string {
	var names []string
	for _, o := range to {
		if o.group != "" && !slices.Contains(names, o.group) {
			names = append(names, o.group)
		}
	}
	for _, o := range to {
		names = append(names, o.name)
	}
	return names
}

// list writes names for an error message, the first ones of many.
func list(names []string) string {
	const most = 20
	switch {
	case len(names) == 0:
		return "none"
	case len(names) > most:
		names = append(slices.Clone(names[:most]), "...")
	}
	return strings.Join(names, ", ")
}
