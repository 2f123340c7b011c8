package main

import (
	"flag"
	"io"
	"math"
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
	s.batch = 128
	cli.Int(f, &s.batch, "batch", 1, maxBatch, "`examples` in a batch")
	f.Float64Var(&s.seconds, "seconds", 3, "time to measure each model for")
	cli.Threads(f, &s.threads)
	return f
}

// parse reads the command line, in which flags and names of models may be mixed.
func parse(args []string) (*settings, error) {
	s := new(settings)
	f := s.flags()
	names, err := cli.Parse(f, args)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		i := slices.IndexFunc(networks, func(m network) bool { return m.name == name })
		if i < 0 {
			return nil, errors.Errorf("unknown model %q: want logreg, mlp, lenet or resnet9", name)
		}
		s.models = append(s.models, networks[i])
	}
	if s.models == nil {
		s.models = networks
	}
	if !(s.seconds >= 0 && s.seconds <= math.MaxInt32) {
		return nil, errors.Errorf("-seconds %v, want 0 to %d", s.seconds, math.MaxInt32)
	}
	s.limit = time.Duration(s.seconds * float64(time.Second))
	return s, nil
}

// usage explains the flags.
func usage(w io.Writer) {
	cli.Usage(w, "Times training steps.", "bench [logreg|mlp|lenet|resnet9 ...] [flags]", new(settings).flags())
}
