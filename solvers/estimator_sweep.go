package solvers

import "github.com/fallline/fallline/internal/kernel/threads"

// sweep does something to all elements of vectors, part by part, on all threads where there are enough. Each element is
// worked on alone, so that the bits don't depend on the parts.
type sweep struct {
	n    int
	body func(lo, hi int) // for elements lo to hi−1; made once, so that a run of it allocates nothing
}

// run does it.
func (s *sweep) run() {
	if parts := s.n / taskLen; parts > 1 {
		threads.Parallel(parts, s)
		return
	}
	s.body(0, s.n)
}

// Run does one part.
func (s *sweep) Run(part int) {
	parts := s.n / taskLen
	s.body(s.n*part/parts, s.n*(part+1)/parts)
}
