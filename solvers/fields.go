package solvers

import (
	"reflect"
	"strings"
	"unicode"

	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// quantitiesOf are the quantities that a struct declares by the names of its fields, with the fields' values.
func quantitiesOf(of any, declared []Hyper) ([]quantity, error) {
	quantities := make([]quantity, len(declared))
	for i, h := range declared {
		v, err := field(reflect.Indirect(reflect.ValueOf(of)), h.Field)
		if err != nil {
			return nil, errors.Wrapf(err, "solvers: %s", typeName(of))
		}
		name := h.Name
		if name == "" {
			name = words(h.Field)
		}
		if err := checkSetting(name, v.Float(), h.Legal); err != nil {
			return nil, err
		}
		quantities[i] = quantity{name: name, schedule: schedules.Constant(v.Float()), legal: h.Legal, fixed: true}
	}
	return quantities, nil
}

// field finds an exported field of type float64.
func field(of reflect.Value, name string) (reflect.Value, error) {
	if of.Kind() == reflect.Struct {
		if f, ok := of.Type().FieldByName(name); ok && f.IsExported() && f.Type.Kind() == reflect.Float64 {
			if v, err := of.FieldByIndexErr(f.Index); err == nil {
				return v, nil
			}
		}
	}
	return reflect.Value{}, errors.Errorf("hyperparameter %q is no exported field of type float64", name)
}

// words writes a field's name in lower-case words: WeightDecay is weight decay, and EMADecay is ema decay.
func words(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) {
			begins := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if !unicode.IsUpper(runes[i-1]) || begins {
				b.WriteByte(' ')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// scheduledRule is a run's own copy of a rule.
type scheduledRule struct {
	Rule                   // a pointer to the copy
	fields []reflect.Value // its hyperparameters
}

// copyRule copies a rule whose hyperparameters are known to be fields. A rule that is a pointer is copied from where it
// points.
func copyRule(r Rule, declared []Hyper) scheduledRule {
	from := reflect.Indirect(reflect.ValueOf(r))
	to := reflect.New(from.Type())
	to.Elem().Set(from)
	c := scheduledRule{Rule: to.Interface().(Rule)}
	for _, h := range declared {
		f, err := field(to.Elem(), h.Field)
		if err != nil {
			panic(err) // New has found it
		}
		c.fields = append(c.fields, f)
	}
	return c
}

// set sets the hyperparameters.
func (c *scheduledRule) set(values []float64) {
	for i, f := range c.fields {
		f.SetFloat(values[i])
	}
}
