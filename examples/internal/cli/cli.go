// Package cli is what the commands have in common: how they read their arguments, begin and end, explain themselves and
// write files.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/fallline/fallline"
)

// Main runs a command and ends the program with its exit code. The first interrupt ends ctx, for the command to end in
// good order; the second one ends the program.
func Main(run func(ctx context.Context, args []string, stdout, stderr io.Writer) int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Start sets the number of threads and returns the name of the kernel set.
func Start(threads int) (kernels string, err error) {
	kernels, err = fallline.Kernels()
	if err == nil {
		err = fallline.SetThreads(threads)
	}
	return kernels, err
}

// Refuse answers arguments that can't be done, or ask for help. It returns the exit code.
func Refuse(name string, err error, usage func(io.Writer), stdout, stderr io.Writer) int {
	if errors.Is(err, flag.ErrHelp) {
		usage(stdout)
		return 0
	}
	fmt.Fprintf(stderr, "%s: %v\n%s -h lists all flags\n", name, err, name)
	return 2
}

// End reports how a command went. It returns the exit code.
func End(name string, err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	text := err.Error()
	if errors.Is(err, context.Canceled) {
		// which is what happened to Main's context
		text = strings.Replace(text, context.Canceled.Error(), "interrupted", 1)
	}
	fmt.Fprintf(stderr, "%s: %s\n", name, text)
	return 1
}

// Usage explains a command: what it does, how it is called, and its flags.
func Usage(w io.Writer, about, call string, f *flag.FlagSet) {
	fmt.Fprintf(w, "%s\n\nusage: %s\n\n", about, call)
	f.SetOutput(w)
	f.PrintDefaults()
}
