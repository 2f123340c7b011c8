package schedules

import (
	"maps"
	"slices"
)

// Forms lists the text forms that Parse reads, sorted.
func Forms() []string { return Parser{}.Forms() }

// Forms lists the text forms that the parser reads, sorted.
func (p Parser) Forms() []string {
	kinds := p.table()
	var forms []string
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		forms = append(forms, kinds[name].Form)
	}
	return forms
}

// table is the kinds that the parser knows, by name.
func (p Parser) table() map[string]Kind {
	all := make(map[string]Kind)
	for _, kinds := range []map[string]Kind{curves(), cycles(), composites(), p.Kinds} {
		maps.Copy(all, kinds)
	}
	return all
}

// curves is the schedules that go one way, or up once and down once. Go evaluates the arguments of a call from left to
// right: in the order that they have in the text.
func curves() map[string]Kind {
	return map[string]Kind{
		"constant": {"constant(VALUE)", func(a *Args) Schedule { return Constant(a.Number("value")) }},
		"step": {"step(START,FACTOR,INTERVAL)", func(a *Args) Schedule {
			return Step(a.Number("start"), a.Number("factor"), a.Length("interval"))
		}},
		"milestones": {"milestones(START,FACTOR,TIME,TIME,...)", func(a *Args) Schedule {
			start, factor := a.Number("start"), a.Number("factor")
			times := []Span{a.Length("first milestone")}
			for a.Left() > 0 {
				times = append(times, a.Length("milestone"))
			}
			return Milestones(start, factor, times...)
		}},
		"exponential": {"exponential(START,FACTOR,LENGTH)", func(a *Args) Schedule {
			return Exponential(a.Number("start"), a.Number("factor"), a.Length("length"))
		}},
		"linear": {"linear(START,END,LENGTH)", func(a *Args) Schedule {
			return Linear(a.Number("start"), a.Number("end"), a.Length("length"))
		}},
		"polynomial": {"polynomial(START,END,POWER,LENGTH)", func(a *Args) Schedule {
			return Polynomial(a.Number("start"), a.Number("end"), a.Number("power"), a.Length("length"))
		}},
		"inversetime": {"inversetime(START,LENGTH)", func(a *Args) Schedule {
			return InverseTime(a.Number("start"), a.Length("length"))
		}},
		"inversesqrt": {"inversesqrt(START,LENGTH)", func(a *Args) Schedule {
			return InverseSqrt(a.Number("start"), a.Length("length"))
		}},
		"cosine": {"cosine(START,END,LENGTH)", func(a *Args) Schedule {
			return Cosine(a.Number("start"), a.Number("end"), a.Length("length"))
		}},
		"onecycle": {"onecycle(START,PEAK,END,RISE,LENGTH)", func(a *Args) Schedule {
			return OneCycle(a.Number("start"), a.Number("peak"), a.Number("end"), a.Number("rise"), a.Length("length"))
		}},
		"onecyclelinear": {"onecyclelinear(START,PEAK,END,RISE,LENGTH)", func(a *Args) Schedule {
			return OneCycleLinear(a.Number("start"), a.Number("peak"), a.Number("end"), a.Number("rise"), a.Length("length"))
		}},
		"onecyclemomentum": {"onecyclemomentum(HIGH,LOW,RISE,LENGTH)", func(a *Args) Schedule {
			return OneCycleMomentum(a.Number("high"), a.Number("low"), a.Number("rise"), a.Length("length"))
		}},
		"onecyclemomentumlinear": {"onecyclemomentumlinear(HIGH,LOW,RISE,LENGTH)", func(a *Args) Schedule {
			return OneCycleMomentumLinear(a.Number("high"), a.Number("low"), a.Number("rise"), a.Length("length"))
		}},
		"trapezoid": {"trapezoid(START,PEAK,END,RISE,HOLD,FALL)", func(a *Args) Schedule {
			return Trapezoid(a.Number("start"), a.Number("peak"), a.Number("end"), a.Length("rise"), a.Length("hold"), a.Length("fall"))
		}},
		"piecewise": {"piecewise(START,TIME,VALUE,TIME,VALUE,...)", func(a *Args) Schedule {
			start := a.Number("start")
			points := []Point{To(a.Length("first time"), a.Number("first value"))}
			for a.Left() > 0 {
				points = append(points, To(a.Length("time"), a.Number("value")))
			}
			return Piecewise(start, points...)
		}},
	}
}

// cycles is the schedules that repeat.
func cycles() map[string]Kind {
	return map[string]Kind{
		"cosinerestarts": {"cosinerestarts(START,END,LENGTH[,MULTIPLE[,DECAY]])", func(a *Args) Schedule {
			return CosineRestarts(a.Number("start"), a.Number("end"), a.Length("length"), a.numberOr(1, "multiple"), a.numberOr(1, "decay"))
		}},
		"triangular": {"triangular(LOW,HIGH,RISE,FALL)", func(a *Args) Schedule {
			return Triangular(a.Number("low"), a.Number("high"), a.Length("rise"), a.Length("fall"))
		}},
		"triangular2": {"triangular2(LOW,HIGH,RISE,FALL)", func(a *Args) Schedule {
			return Triangular2(a.Number("low"), a.Number("high"), a.Length("rise"), a.Length("fall"))
		}},
		"exprange": {"exprange(LOW,HIGH,FACTOR,RISE,FALL)", func(a *Args) Schedule {
			return ExpRange(a.Number("low"), a.Number("high"), a.Number("factor"), a.Length("rise"), a.Length("fall"))
		}},
	}
}

// composites is the schedules with others inside.
func composites() map[string]Kind {
	return map[string]Kind{
		"warmup": {"warmup(LENGTH)+SCHEDULE", func(a *Args) Schedule {
			return Warmup(a.Length("length"), a.Following())
		}},
		"warmupfrom": {"warmupfrom(SHARE,LENGTH)+SCHEDULE", func(a *Args) Schedule {
			return WarmupFrom(a.Number("start"), a.Length("length"), a.Following())
		}},
		"warmupconstant": {"warmupconstant(SHARE,LENGTH)+SCHEDULE", func(a *Args) Schedule {
			return WarmupConstant(a.Number("start"), a.Length("length"), a.Following())
		}},
		"warmupexponential": {"warmupexponential(SHARE,LENGTH)+SCHEDULE", func(a *Args) Schedule {
			return WarmupExponential(a.Number("start"), a.Length("length"), a.Following())
		}},
		"then": {"then(SCHEDULE,LENGTH,SCHEDULE)", func(a *Args) Schedule {
			return Then(a.Schedule("first schedule"), a.Length("length"), a.Schedule("second schedule"))
		}},
		"join": {"join(SCHEDULE,TIME,SCHEDULE,TIME,SCHEDULE,...)", func(a *Args) Schedule {
			first := a.Schedule("first schedule")
			parts := []Part{From(a.Length("first time"), a.Schedule("second schedule"))}
			for a.Left() > 0 {
				parts = append(parts, From(a.Length("time"), a.Schedule("schedule")))
			}
			return Join(first, parts...)
		}},
		"scale": {"scale(FACTOR,SCHEDULE)", func(a *Args) Schedule { return Scale(a.Number("factor"), a.Schedule("schedule")) }},
		"product": {"product(SCHEDULE,SCHEDULE,...)", func(a *Args) Schedule {
			factors := []Schedule{a.Schedule("first schedule")}
			for a.Left() > 0 {
				factors = append(factors, a.Schedule("schedule"))
			}
			return Product(factors...)
		}},
		"clamp": {"clamp(LOW,HIGH,SCHEDULE)", func(a *Args) Schedule {
			return Clamp(a.Number("low"), a.Number("high"), a.Schedule("schedule"))
		}},
		"linearscaling": {"linearscaling(SCHEDULE,BATCH,REFERENCE,LENGTH)", func(a *Args) Schedule {
			return LinearScaling(a.Schedule("schedule"), a.Count("batch"), a.Count("reference"), a.Length("length"))
		}},
		"plateau":     plateauKind("plateau", false),
		"plateauhigh": plateauKind("plateauhigh", true),
	}
}

// numberOr takes a number where there is one left.
func (a *Args) numberOr(otherwise float64, what string) float64 {
	if a.Left() == 0 {
		return otherwise
	}
	return a.Number(what)
}
