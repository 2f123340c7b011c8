package kernel

import "sync"

// Task is the body of a parallel loop.
type Task interface{ Run(i int) }

// Parallel calls t.Run(i) once for each i in [0, n) and returns when all calls are done.
func Parallel(n int, t Task) {
	if Threads() <= 1 || n <= 1 {
		for i := range n {
			t.Run(i)
		}
		return
	}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { t.Run(i) })
	}
	wg.Wait()
}
