package threads

import (
	"runtime"
	"sync/atomic"
	"time"
)

// pollsPerCheck is how often a polling thread looks at the clock.
const pollsPerCheck = 64

// worker is a goroutine that helps callers.
type worker struct {
	sleeper
	id int32
	_  [40]byte
}

// work serves the scheduler for the rest of the program: it polls for a while after each loop, then sleeps.
func (w *worker) work(s *scheduler) {
	for {
		if !w.serve(s) {
			w.arm()
			if w.wanted(s) {
				w.disarm()
			} else {
				w.sleep()
			}
		}
	}
}

// wanted reports whether there are unclaimed calls that w may claim.
func (w *worker) wanted(s *scheduler) bool {
	return uint32(s.state.Load()) != 0 && w.id < s.enabled.Load()
}

// serve polls until there is work, does it and returns true, or returns false after spinTime. Halfway it lets
// goroutines that wait for a processor go first, once: yielding more often wakes idle threads for nothing.
func (w *worker) serve(s *scheduler) bool {
	var start time.Time
	yielded := false
	for i := 1; ; i++ {
		if w.wanted(s) {
			for s.step() {
			}
			return true
		}
		pause()
		if i%pollsPerCheck != 0 {
			continue
		}
		if start.IsZero() {
			start = time.Now()
			continue
		}
		switch waited := time.Since(start); {
		case waited > spinTime:
			return false
		case waited > spinTime/2 && !yielded:
			yielded = true
			runtime.Gosched()
		}
	}
}

// sleeper puts one goroutine to sleep and lets others wake it without either missing the other: the
// sleeper arms, looks once more whether it has to sleep, and then disarms or sleeps. The waker
// makes its news visible first and calls wake then. Wakes of a sleeper that is not armed cost one load.
type sleeper struct {
	armed atomic.Bool
	bell  chan struct{}
}

func (s *sleeper) init() { s.bell = make(chan struct{}, 1) }

func (s *sleeper) arm() { s.armed.Store(true) }

func (s *sleeper) disarm() {
	if !s.armed.CompareAndSwap(true, false) {
		<-s.bell // a waker was faster and rings
	}
}

func (s *sleeper) sleep() { <-s.bell }

// wake reports whether there was somebody to wake.
func (s *sleeper) wake() bool {
	if s.armed.Load() && s.armed.CompareAndSwap(true, false) {
		s.bell <- struct{}{}
		return true
	}
	return false
}
