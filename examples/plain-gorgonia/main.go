// Command plain-gorgonia is an ordinary Gorgonia program, with an expression graph, a machine and a solver, that takes
// fallline's parts one by one: first its BLAS, then its machine and solver. It prints what a training step takes each
// time.
//
//	go run ./examples/plain-gorgonia
//
// The three lines that change are marked in ways.go.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "Times a training step of a Gorgonia program three ways.\n\nusage: plain-gorgonia")
	}
	if flag.Parse(); flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(os.Stdout, 128, 2*time.Second); err != nil {
		fmt.Fprintf(os.Stderr, "plain-gorgonia: %v\n", err)
		os.Exit(1)
	}
}

// run times each way for as long as limit says, on batches of the given size.
func run(w io.Writer, batch int, limit time.Duration) error {
	fmt.Fprintf(w, "a training step of 784-512-512-10 on a batch of %d in float32\n", batch)
	var first time.Duration
	for _, way := range ways {
		t, err := median(way.open, batch, limit)
		if err != nil {
			return err
		}
		if first == 0 {
			first = t
		}
		fmt.Fprintf(w, "%-46s %8.3f ms %6.1fx\n", way.name, t.Seconds()*1e3, first.Seconds()/t.Seconds())
	}
	return nil
}
