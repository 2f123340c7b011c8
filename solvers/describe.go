package solvers

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// describeEstimator writes the estimator without its hyperparameters, which are among the quantities.
func (s *Solver) describeEstimator() string {
	var quantities []string
	if e, ok := s.estimator.(Scheduled); ok {
		for _, h := range e.Hyper() {
			quantities = append(quantities, h.Field)
		}
	}
	return describe(s.estimator, quantities...)
}

// describe writes a settings value as in SVRG{Passes:2}: the name of its type, and the fields that aren't zero, but for
// some.
func describe(v any, but ...string) string {
	x := reflect.Indirect(reflect.ValueOf(v))
	if x.Kind() != reflect.Struct {
		return fmt.Sprintf("%s{%v}", typeName(v), v)
	}
	var fields []string
	for i := range x.NumField() {
		if f := x.Type().Field(i); f.IsExported() && !x.Field(i).IsZero() && !slices.Contains(but, f.Name) {
			fields = append(fields, fmt.Sprintf("%s:%v", f.Name, x.Field(i)))
		}
	}
	return fmt.Sprintf("%s{%s}", typeName(v), strings.Join(fields, " "))
}
