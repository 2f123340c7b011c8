// Package isnil looks for nil pointers where an interface hides them.
package isnil

import "reflect"

// Any says whether v is nil, or an interface with a nil pointer inside, which would panic at the first call.
func Any(v any) bool {
	if v == nil {
		return true
	}
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}
