package training

import (
	"os"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/checkpoint"
)

// CheckFiles finds out, before data is loaded and perhaps fetched, what the training would find: a file that can't be
// saved to, and one to go on from that isn't there.
func (s *Settings) CheckFiles() error {
	if s.Save != "" {
		if err := checkpoint.CheckPath(s.Save); err != nil {
			return errors.WithMessage(err, "-save")
		}
	}
	if s.Resume == "" {
		return nil
	}
	f, err := os.Open(s.Resume)
	if err != nil {
		return errors.WithMessage(err, "-resume")
	}
	return f.Close()
}
