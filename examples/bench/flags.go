package main

import (
	"flag"
	"io"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/pkg/errors"

	"github.com/fallline/fallline/examples/internal/cli"
)

// settings is what the command line says.
type settings struct {
	models  []network
	batch   int
	threads int
	limit   time.Duration // for each model
	seconds float64
}

// maxBatch keeps a slip of the finger from taking all memory.
const maxBatch = 1 << 16

func (s *settings) flags() *flag.FlagSet {
	f := cli.Flags("bench")
	f.IntVar(&s.batch, "batch", 128, "examples in a batch")
	f.Float64Var(&s.seconds, "seconds", 3, "time to measure each model for")
	f.IntVar(&s.threads, "threads", runtime.GOMAXPROCS(0), "threads to compute on")
	return f
}

// parse reads the command line, in which flags and names of models may be mixed.
func parse(args []string) (*settings, error) {
	s := new(settings)
	f := s.flags()
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		if f.NArg() == 0 {
			break
		}
		i := slices.IndexFunc(networks, func(m network) bool { return m.name == f.Arg(0) })
		if i < 0 {
			return nil, errors.Errorf("unknown model %q: want logreg, mlp, lenet or resnet9", f.Arg(0))
		}
		s.models = append(s.models, networks[i])
		args = f.Args()[1:]
	}
	if s.models == nil {
		s.models = networks
	}
	return s, s.check()
}

func (s *settings) check() error {
	switch {
	case s.batch < 1 || s.batch > maxBatch:
		return errors.Errorf("-batch %d, want 1 to %d", s.batch, maxBatch)
	case s.threads < 1:
		return errors.Errorf("-threads %d, want at least 1", s.threads)
	case !(s.seconds >= 0 && s.seconds <= math.MaxInt32):
		return errors.Errorf("-seconds %v, want 0 to %d", s.seconds, math.MaxInt32)
	}
	s.limit = time.Duration(s.seconds * float64(time.Second))
	return nil
}

// usage explains the flags.
func usage(w io.Writer) {
	cli.Usage(w, "Times training steps.", "bench [logreg|mlp|lenet|resnet9 ...] [flags]", new(settings).flags())
}
