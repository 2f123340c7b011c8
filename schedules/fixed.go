package schedules

// Fixed says whether a schedule is known to have the same value at all times.
func Fixed(s Schedule) bool {
	_, ok := s.(constant)
	return ok
}
