// Package clitest tests commands.
package clitest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

// Command runs a command and returns its exit code.
type Command func(args []string, stdout, stderr io.Writer) int

// Background is a command whose context doesn't end.
func Background(run func(ctx context.Context, args []string, stdout, stderr io.Writer) int) Command {
	return func(args []string, stdout, stderr io.Writer) int {
		return run(context.Background(), args, stdout, stderr)
	}
}

// Output runs the command, which must succeed, and returns what it prints.
func (run Command) Output(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(args, &stdout, &stderr); code != 0 {
		t.Fatalf("%q: exit code %d: %s%s", args, code, &stdout, &stderr)
	}
	return stdout.String()
}

// Last reads the last line of an output, which is JSON.
func Last[T any](t *testing.T, output string) (v T) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(output), "\n")
	last := lines[len(lines)-1]
	if err := json.Unmarshal([]byte(last), &v); err != nil {
		t.Fatalf("last line %q: %v", last, err)
	}
	return v
}

// Refuses holds that the command can't do what it is told: that it ends with a code and with a message of which some is
// given.
func (run Command) Refuses(t *testing.T, code int, message string, args ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if got := run(args, &stdout, &stderr); got != code || !strings.Contains(stderr.String(), message) {
		t.Errorf("%q: exit code %d and %q, want %d and %q", args, got, stderr.String(), code, message)
	}
}

// Helps holds that -h succeeds and speaks of all that is named.
func (run Command) Helps(t *testing.T, names ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run([]string{"-h"}, &stdout, &stderr); code != 0 || stderr.Len() > 0 {
		t.Errorf("-h: exit code %d, %q", code, stderr.String())
	}
	for _, name := range names {
		if !strings.Contains(stdout.String(), name) {
			t.Errorf("-h says nothing of %q: %q", name, stdout.String())
		}
	}
}
