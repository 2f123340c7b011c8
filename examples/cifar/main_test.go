package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fallline/fallline/examples/internal/training"
)

// small are arguments for a training of seconds.
var small = []string{"-json", "-synthetic", "-images", "100", "-validate", "50", "-batch", "25"}

// command runs the program and returns its output and the last line of it as the result.
func command(t *testing.T, args ...string) (string, training.Result) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), args, &stdout, &stderr); code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	var r training.Result
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &r); err != nil {
		t.Fatalf("%v: last line %q: %v", args, lines[len(lines)-1], err)
	}
	return stdout.String(), r
}

// with appends arguments to small's.
func with(args ...string) []string { return append(append([]string{}, small...), args...) }

func TestRecipes(t *testing.T) {
	for _, c := range []struct {
		recipe     string
		parameters int
	}{{"fast", 1971640}, {"resnet9", 6573130}, {"resnet20", 272474}} {
		if testing.Short() && c.recipe != "fast" {
			continue
		}
		args := with("-recipe", c.recipe, "-epochs", "2")
		out, r := command(t, args...)
		if r.Model != c.recipe || r.Solver != "nag" || r.Epochs != 2 || r.Batch != 25.0 || r.Parameters != c.parameters {
			t.Errorf("%s: result %+v", c.recipe, r)
		}
		if r.TestErrors != 50-int(50*r.TestAccuracy+0.5) || !(r.TrainLoss > 0 && r.Seconds > 0 && r.ExamplesPerSecond > 0) {
			t.Errorf("%s: result %+v", c.recipe, r)
		}
		if want := "100 made images, not CIFAR-10: their accuracy says nothing about it; tested on 50 training images set aside"; !strings.Contains(out, want) {
			t.Errorf("%s: no %q in %q", c.recipe, want, out)
		}
		if c.recipe != "fast" {
			continue
		}
		if _, again := command(t, args...); again.TrainLoss != r.TrainLoss || again.TestErrors != r.TestErrors {
			t.Errorf("%s: the same seed gives loss %v and %d errors, then loss %v and %d errors",
				c.recipe, r.TrainLoss, r.TestErrors, again.TrainLoss, again.TestErrors)
		}
	}
}

func TestFastLearns(t *testing.T) {
	if _, r := command(t, with("-images", "400", "-epochs", "4")...); r.TestAccuracy < 0.9 {
		t.Errorf("accuracy %v on made images", r.TestAccuracy)
	}
}

// TestSettingsReachTheTraining checks that each solver and schedule trains, and to other weights than the rest.
func TestSettingsReachTheTraining(t *testing.T) {
	if testing.Short() {
		t.Skip("a dozen trainings")
	}
	seen := map[float64]string{}
	for _, args := range [][]string{
		{}, {"-solver", "sgd"}, {"-solver", "momentum"}, {"-solver", "adagrad"}, {"-solver", "rmsprop"}, {"-solver", "adam"},
		{"-solver", "adamw"}, {"-schedule", "constant"}, {"-schedule", "step"}, {"-schedule", "exponential"}, {"-schedule", "cosine"},
		{"-lr", "0.02"}, {"-batch", "26"}, {"-epochs", "1"}, {"-seed", "2"}, {"-images", "99"}, {"-validate", "400"},
	} {
		_, r := command(t, append(with("-epochs", "2"), args...)...)
		if other, taken := seen[r.TrainLoss]; taken {
			t.Errorf("%q and %q end at the same loss", args, other)
		}
		seen[r.TrainLoss] = strings.Join(args, " ")
	}
}

// TestScheduleFlags holds that schedules as text do what the same settings as names and numbers do, and that a batch may change.
func TestScheduleFlags(t *testing.T) {
	if testing.Short() {
		t.Skip("several trainings")
	}
	_, want := command(t, with("-epochs", "2", "-lr", "0.1", "-schedule", "linear")...)
	for _, args := range [][]string{
		{"-lr", "piecewise(0.02,0.46ep,0.1,2ep,0.007)"}, {"-lr", "0.1", "-momentum", "0.85"},
		{"-lr", "0.1", "-momentum", "constant(0.85)"}, {"-lr", "0.1", "-batch", "constant(25)"},
	} {
		_, got := command(t, with(append([]string{"-epochs", "2"}, args...)...)...)
		if math.Abs(got.TrainLoss-want.TrainLoss) > 1e-6 || got.Updates != 8 {
			t.Errorf("%v: loss %v after %d updates, want %v after 8", args, got.TrainLoss, got.Updates, want.TrainLoss)
		}
	}
	if _, got := command(t, with("-epochs", "2", "-batch", "step(25,4,1ep)")...); got.Updates != 5 || got.Batch != "step(25,4,1ep)" {
		t.Errorf("a batch that grows: %+v, want 4 updates and 1", got)
	}
	if _, got := command(t, with("-epochs", "2", "-momentum", "0.5")...); got.TrainLoss == want.TrainLoss {
		t.Error("another momentum gives the same loss")
	}
}

func TestPlotSchedule(t *testing.T) {
	file := filepath.Join(t.TempDir(), "course.svg")
	var stdout, stderr bytes.Buffer
	args := []string{"-recipe", "resnet9", "-momentum", "linear(0.8,0.95,4ep)", "-plot-schedule", file}
	if code := run(context.Background(), args, &stdout, &stderr); code != 0 || stdout.Len() > 0 {
		t.Fatalf("exit code %d, %q, %q", code, stdout.String(), stderr.String())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", "learning rate", "piecewise(", "linear(0.8,0.95,4ep)", "constant(512)"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in the picture", want)
		}
	}
}

func TestSaveResume(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.safetensors")
	args := with("-schedule", "constant")
	command(t, append(args, "-epochs", "2", "-save", file)...)
	if _, r := command(t, append(args, "-epochs", "2", "-resume", file)...); r.Epochs != 2 {
		t.Errorf("%d epochs, want those of the file", r.Epochs)
	}
	_, r := command(t, append(args, "-epochs", "3", "-resume", file)...)
	if r.Epochs != 3 || !(r.TrainLoss > 0) {
		t.Errorf("result %+v", r)
	}
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), with("-batch", "40", "-resume", file), &stdout, &stderr)
	if code != 1 || !strings.Contains(stderr.String(), "resume from "+file) {
		t.Errorf("another batch: exit code %d, %q", code, stderr.String())
	}
}

// TestInterruptedTraining holds that a training which is ended between two epochs and goes on gives what it would have given.
func TestInterruptedTraining(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.safetensors")
	args := with("-epochs", "3", "-save", file)
	ctx, cancel := context.WithCancel(context.Background())
	var stdout, stderr bytes.Buffer
	if code := run(ctx, args, &stdout, &canceller{Buffer: &stderr, after: "epoch 1/3", cancel: cancel}); code != 1 {
		t.Fatalf("exit code %d", code)
	}
	if !strings.Contains(stderr.String(), "-resume "+file) {
		t.Errorf("%q says nothing of going on", stderr.String())
	}
	_, whole := command(t, with("-epochs", "3")...)
	_, split := command(t, with("-epochs", "3", "-resume", file)...)
	if split.TrainLoss != whole.TrainLoss || split.TestErrors != whole.TestErrors {
		t.Errorf("in one go loss %v and %d errors, in two loss %v and %d errors", whole.TrainLoss, whole.TestErrors, split.TrainLoss, split.TestErrors)
	}
}

// canceller cancels once something has been written to it.
type canceller struct {
	*bytes.Buffer
	after  string
	cancel func()
}

func (c *canceller) Write(p []byte) (int, error) {
	if strings.Contains(string(p), c.after) {
		c.cancel()
	}
	return c.Buffer.Write(p)
}

func TestRecord(t *testing.T) {
	file := filepath.Join(t.TempDir(), "runs.jsonl")
	_, r := command(t, with("-record", file, "-epochs", "1", "-seed", "7")...)
	command(t, with("-record", file, "-epochs", "1", "-seed", "8")...)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2", len(lines))
	}
	var got record
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil {
		t.Fatal(err)
	}
	if got.Result != r || got.Seed != 7 || !got.Validation || !got.Synthetic || got.TestImages != 50 || got.TrainImages != 100 {
		t.Errorf("recorded %+v of %+v", got, r)
	}
	if got.Processor == "" || got.Commit == "" || got.Kernels == "" || got.Threads < 1 || got.Finished == "" || !strings.HasPrefix(got.Settings, "NAG ") ||
		!strings.HasPrefix(got.Augmentation, "Translate(2), AlternatingFlip(), Normalize(") || got.Views != 6 {
		t.Errorf("recorded %+v", got)
	}
	code := run(context.Background(), with("-epochs", "1", "-record", filepath.Join(file, "x")), new(bytes.Buffer), new(bytes.Buffer))
	if code != 1 {
		t.Errorf("a record that can't be written: exit code %d", code)
	}
}

func TestBadFlags(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"-recipe", "slow"}, 2, `cifar: invalid value "slow" for flag -recipe: want fast, resnet9 or resnet20`},
		{[]string{"-solver", "lion"}, 2, `cifar: invalid value "lion" for flag -solver: want sgd, momentum, nag, adagrad, rmsprop, adam or adamw`},
		{[]string{"-schedule", "triangle"}, 2, `cifar: invalid value "triangle" for flag -schedule: want constant, step, exponential, cosine or linear`},
		{[]string{"-lr", "-1"}, 2, "cifar: -lr -1, want a finite number of at least 0"},
		{[]string{"-lr", "NaN"}, 2, "cifar: -lr NaN, want a finite number of at least 0"},
		{[]string{"-batch", "0"}, 2, "cifar: -batch 0, want at least 1"},
		{[]string{"-epochs", "0"}, 2, "cifar: -epochs 0, want 1 to 2147483647"},
		{[]string{"-batch", "2.5"}, 2, "cifar: -batch 2.5, want a whole number or a schedule"},
		{[]string{"-lr", "cosine(1,0"}, 2, `cifar: invalid value "cosine(1,0" for flag -lr: schedules: `},
		{[]string{"-lr", "constant(1)", "-schedule", "cosine"}, 2, "cifar: -lr constant(1) is a whole schedule: -schedule goes with a number"},
		{with("-solver", "sgd", "-momentum", "0.9"), 1, `cifar: solvers: schedule of "momentum"`},
		{[]string{"-plot-schedule", "course.png"}, 1, "cifar: picture of the schedules: file course.png"},
		{[]string{"-threads", "0"}, 2, "cifar: -threads 0, want at least 1"},
		{[]string{"-validate", "-1"}, 2, "cifar: -validate -1, want at least 0"},
		{[]string{"-test-every", "0"}, 2, "cifar: -test-every 0, want 1 to 2147483647"},
		{[]string{"-images", "-1"}, 2, "cifar: -images -1, want at least 0"},
		{[]string{"-synthetic", "-data", "x"}, 2, "cifar: -synthetic and -data are both given: want one of them"},
		{[]string{"-nosuch"}, 2, "cifar: flag provided but not defined: -nosuch"},
		{[]string{"fast"}, 2, `cifar: unexpected argument "fast": all settings are flags`},
		{[]string{"-data", "no/such/folder"}, 1, filepath.Join("no/such/folder", "data_batch_1.bin")},
		{[]string{"-synthetic", "-validate", "2000"}, 1, "cifar: datasets: a split of 2000 examples into 2000 and none"},
		{[]string{"-synthetic", "-images", "2001"}, 1, "cifar: datasets: 2001 of 2000 examples"},
		{[]string{"-synthetic", "-batch", "2001"}, 1, "cifar: train: batches of 2001 examples from a dataset of 2000"},
		{with("-resume", "no/such/file"), 1, "no/such/file"},
	} {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), c.args, &stdout, &stderr)
		if code != c.code || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%v: exit code %d and %q, want %d and %q", c.args, code, stderr.String(), c.code, c.want)
		}
	}
}

func TestHelp(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), []string{"-h"}, &stdout, &stderr); code != 0 || stderr.Len() > 0 {
		t.Errorf("exit code %d, %q", code, stderr.String())
	}
	for _, want := range []string{"-recipe", "fast, resnet9 or resnet20", "-recipe resnet9 -solver nag", "-solver adam -lr 0.001"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("no %q in %q", want, stdout.String())
		}
	}
}
