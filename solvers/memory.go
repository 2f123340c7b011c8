package solvers

import (
	"github.com/fallline/fallline/internal/text"
	"github.com/pkg/errors"
)

// MemoryLimit sets how many bytes a run may take beside the weights, by what Solver.Memory says beforehand: Open
// refuses more. The default is half of the machine's memory on Linux and macOS, and no limit elsewhere.
func MemoryLimit(bytes int64) Option {
	return func(s *Solver) error {
		if bytes < 1 {
			return errors.Errorf("solvers: memory limit of %d bytes, want at least 1", bytes)
		}
		if s.memoryLimit != 0 {
			return errors.New("solvers: memory limit given twice")
		}
		s.memoryLimit = bytes
		return nil
	}
}

// checkMemory refuses a run that takes more than the limit.
func (s *Solver) checkMemory(obj Objective, batch int) error {
	limit := s.memoryLimit
	if limit == 0 {
		limit = machineMemory() / 2
	}
	need := s.Memory(obj, batch)
	if limit == 0 || need <= limit {
		return nil
	}
	return errors.Errorf("solvers: %s with batches of %d takes %s, %s of them what %s keeps, over the limit of %s: larger batches make a smaller table of blocks, and MemoryLimit sets another limit",
		s.Name(), batch, text.Bytes(need), text.Bytes(s.estimator.Memory(obj, batch)), typeName(s.estimator), text.Bytes(limit))
}
