package solvers

import (
	"fmt"
	"reflect"
	"strings"
)

// describe writes a settings value as in SVRG{Passes:2}: the name of its type, and the fields that aren't zero.
func describe(v any) string {
	x := reflect.Indirect(reflect.ValueOf(v))
	if x.Kind() != reflect.Struct {
		return fmt.Sprintf("%s{%v}", typeName(v), v)
	}
	var fields []string
	for i := range x.NumField() {
		if f := x.Type().Field(i); f.IsExported() && !x.Field(i).IsZero() {
			fields = append(fields, fmt.Sprintf("%s:%v", f.Name, x.Field(i)))
		}
	}
	return fmt.Sprintf("%s{%s}", typeName(v), strings.Join(fields, " "))
}
