package schedules_test

import (
	"fmt"
	"math"

	"github.com/fallline/fallline/schedules"
	"github.com/pkg/errors"
)

// InversePower falls as a power of time: by 2^−Power in the first Length.
//
//	η(t) = Start / (1 + t/Length)^Power
//
// Moulines & Bach 2011 recommend a Power between ½ and 1, with averaged weights.
type InversePower struct {
	Start, Power float64
	Length       schedules.Span
}

func (s InversePower) At(t schedules.Time) float64 {
	return s.Start / math.Pow(1+s.Length.Passed(t), s.Power)
}

func (s InversePower) String() string {
	return fmt.Sprintf("inversepower(%v,%v,%v)", s.Start, s.Power, s.Length)
}

// Validate is asked for by whoever takes the schedule.
func (s InversePower) Validate() error {
	if !(s.Start >= 0) || math.IsInf(s.Start, 0) {
		return errors.Errorf("inversepower: start %v, want a finite number of at least 0", s.Start)
	}
	if !(s.Power > 0) || math.IsInf(s.Power, 0) {
		return errors.Errorf("inversepower: power %v, want a finite number above 0", s.Power)
	}
	return errors.WithMessage(s.Length.Validate(), "inversepower")
}

// CountsEpochs says whether time is counted in epochs.
func (s InversePower) CountsEpochs() bool { return s.Length.CountsEpochs() }

// Tail is what RobbinsMonro goes by.
func (s InversePower) Tail() schedules.Tail { return schedules.Tail{Known: true, Power: s.Power} }

// inversePower is the text form.
var inversePower = schedules.Kind{
	Form: "inversepower(START,POWER,LENGTH)",
	Make: func(a *schedules.Args) schedules.Schedule {
		return InversePower{a.Number("start"), a.Number("power"), a.Length("length")}
	},
}

// A schedule of one's own goes wherever one of this package does.
func ExampleSchedule() {
	s := schedules.Warmup(10, InversePower{Start: 0.1, Power: 0.75, Length: schedules.Of(100)})
	show(s, 0, 9, 10, 110, 310)
	fmt.Println(schedules.RobbinsMonro(s))
	fmt.Println(schedules.Validate(schedules.Warmup(10, InversePower{Start: 0.1, Power: 0.75})))
	// Output:
	// warmup(10)+inversepower(0.1,0.75,100) 0.01 0.1 0.1 0.0595 0.0354
	// yes it vanishes as t^-0.75: its sum is infinite, that of its squares is finite
	// inversepower: schedules: span: length of 0 iterations, want at least 1
}

// It is read from text beside the built-in ones.
func ExampleParser() {
	parser := schedules.Parser{Kinds: map[string]schedules.Kind{"inversepower": inversePower}}
	s, err := parser.Parse("warmup(10)+inversepower(0.1,0.75,2ep)")
	fmt.Println(s, err)
	_, err = parser.Parse("inversepower(0.1,2ep)")
	fmt.Println(err)
	// Output:
	// warmup(10)+inversepower(0.1,0.75,2ep) <nil>
	// schedules: inversepower: want a number for the power, not "2ep", at offset 17
	// 	inversepower(0.1,2ep)
	// 	                 ^
}
