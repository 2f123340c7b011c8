package schedules

import "strconv"

// Composed is an optional interface of Schedule: one that has others inside. It answers for itself alone, and is asked
// for them.
type Composed interface {
	Inner() []Schedule
}

// Walk shows a schedule and, depth first, all that are inside it.
func Walk(s Schedule, visit func(Schedule)) {
	if s == nil {
		return
	}
	visit(s)
	for _, in := range innerOf(s) {
		Walk(in, visit)
	}
}

// innerOf is the schedules inside s.
func innerOf(s Schedule) []Schedule {
	if c, ok := s.(Composed); ok {
		return c.Inner()
	}
	return nil
}

// Stateful is an optional interface of Schedule: one with a state, which Visit shows as for solvers.Run: each array by
// name, as a []float64 or []int64. Plateau is one.
type Stateful interface {
	Schedule
	Visit(func(name string, array any))
}

// Observer is an optional interface of Schedule: one that follows a metric. Plateau is one.
type Observer interface {
	Schedule
	Observe(metric float64) bool
}

// Follows says that a schedule is an Observer or has one inside it: that it needs a metric.
func Follows(s Schedule) bool { return has(s, observes) }

// Pure says that a schedule is a function of time alone: that neither it nor any inside it is Stateful or an Observer.
func Pure(s Schedule) bool {
	return !has(s, func(in Schedule) bool {
		_, stateful := in.(Stateful)
		return stateful || observes(in)
	})
}

func observes(s Schedule) bool {
	_, yes := s.(Observer)
	return yes
}

// has says whether a schedule, or one inside it, is of a kind.
func has(s Schedule, is func(Schedule) bool) (yes bool) {
	Walk(s, func(in Schedule) { yes = yes || is(in) })
	return yes
}

// Visit shows the state of all schedules in s, s among them, under names that are unique. There is none but for a
// Stateful one.
func Visit(s Schedule, visit func(name string, array any)) {
	k := 0
	Walk(s, func(in Schedule) {
		if st, ok := in.(Stateful); ok {
			k++
			st.Visit(func(name string, array any) {
				if k > 1 {
					name += "#" + strconv.Itoa(k)
				}
				visit(name, array)
			})
		}
	})
}

// Observe hands a metric to all schedules in s, s among them, that are an Observer, and returns how many that are.
func Observe(s Schedule, metric float64) int {
	n := 0
	Walk(s, func(in Schedule) {
		if o, ok := in.(Observer); ok {
			o.Observe(metric)
			n++
		}
	})
	return n
}
