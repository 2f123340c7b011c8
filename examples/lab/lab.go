package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/datasets/mnist"
)

// scale is how much work an experiment does.
type scale int

const (
	full  scale = iota // enough for verdicts
	quick              // to look at
	tiny               // for tests
)

// String is the word for it.
func (s scale) String() string { return [...]string{"full", "quick", "tiny"}[s] }

// lab is what an experiment works with.
type lab struct {
	ctx   context.Context
	scale scale
	data  string          // LIBSVM file for the convex problems; empty: MNIST
	note  func(at string) // shows what is under way
}

// pick returns the number for the scale.
func pick[T any](l *lab, full, quick, tiny T) T { return [...]T{full, quick, tiny}[l.scale] }

// say shows what is under way, and ends the experiment where the context has ended.
func (l *lab) say(format string, args ...any) error {
	if err := l.ctx.Err(); err != nil {
		return err
	}
	l.note(sprintf(format, args...))
	return nil
}

// digits are those of MNIST, unpacked once.
var digits = sync.OnceValues(mnist.Load)

// subset is n training digits chosen at random as a function of the seed, and the test digits.
func (l *lab) subset(n int, seed uint64) (training, test datasets.Dataset, err error) {
	pair, err := digits()
	if err != nil {
		return nil, nil, err
	}
	training, test = pair.Train, pair.Test
	if n < training.Len() {
		if training, _, err = datasets.Split(training, n, seed); err != nil {
			return nil, nil, err
		}
	}
	if l.scale == tiny {
		test, err = datasets.Take(test, 500)
	}
	return training, test, err
}

// sprintf keeps a format without arguments as it is.
func sprintf(format string, args ...any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}
