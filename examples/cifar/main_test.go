package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fallline/fallline/examples/internal/cli/clitest"
	"github.com/fallline/fallline/examples/internal/training"
)

// small are arguments for a training of seconds.
var small = []string{"-json", "-synthetic", "-images", "100", "-validate", "50", "-batch", "25"}

var command = clitest.Background(run)

// result runs the program, with -json, and returns its result.
func result(t *testing.T, args ...string) training.Result {
	t.Helper()
	return clitest.Last[training.Result](t, command.Output(t, args...))
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
		out := command.Output(t, args...)
		r := clitest.Last[training.Result](t, out)
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
		if again := result(t, args...); again.TrainLoss != r.TrainLoss || again.TestErrors != r.TestErrors {
			t.Errorf("%s: the same seed gives loss %v and %d errors, then loss %v and %d errors",
				c.recipe, r.TrainLoss, r.TestErrors, again.TrainLoss, again.TestErrors)
		}
	}
}

func TestFastLearns(t *testing.T) {
	if r := result(t, with("-images", "400", "-epochs", "4")...); r.TestAccuracy < 0.9 {
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
		r := result(t, append(with("-epochs", "2"), args...)...)
		if other, taken := seen[r.TrainLoss]; taken {
			t.Errorf("%q and %q end at the same loss", args, other)
		}
		seen[r.TrainLoss] = strings.Join(args, " ")
	}
}

// TestScheduleFlags holds that schedules as text do what the same settings as names and numbers do, and that a batch
// may change.
func TestScheduleFlags(t *testing.T) {
	if testing.Short() {
		t.Skip("several trainings")
	}
	want := result(t, with("-epochs", "2", "-lr", "0.1", "-schedule", "linear")...)
	for _, args := range [][]string{
		{"-lr", "piecewise(0.02,0.46ep,0.1,2ep,0.007)"}, {"-lr", "0.1", "-momentum", "0.85"},
		{"-lr", "0.1", "-momentum", "constant(0.85)"}, {"-lr", "0.1", "-batch", "constant(25)"},
	} {
		got := result(t, with(append([]string{"-epochs", "2"}, args...)...)...)
		if got.TrainLoss != want.TrainLoss || got.Updates != 8 {
			t.Errorf("%v: loss %v after %d updates, want %v after 8", args, got.TrainLoss, got.Updates, want.TrainLoss)
		}
	}
	if got := result(t, with("-epochs", "2", "-batch", "step(25,4,1ep)")...); got.Updates != 5 || got.Batch != "step(25,4,1ep)" {
		t.Errorf("a batch that grows: %+v, want 4 updates and 1", got)
	}
	if got := result(t, with("-epochs", "2", "-momentum", "0.5")...); got.TrainLoss == want.TrainLoss {
		t.Error("another momentum gives the same loss")
	}
}

func TestPlotSchedule(t *testing.T) {
	file := filepath.Join(t.TempDir(), "course.svg")
	args := []string{"-recipe", "resnet9", "-momentum", "linear(0.8,0.95,4ep)", "-plot-schedule", file}
	if out := command.Output(t, args...); out != "" {
		t.Errorf("output %q", out)
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
	result(t, append(args, "-epochs", "2", "-save", file)...)
	if r := result(t, append(args, "-epochs", "2", "-resume", file)...); r.Epochs != 2 {
		t.Errorf("%d epochs, want those of the file", r.Epochs)
	}
	r := result(t, append(args, "-epochs", "3", "-resume", file)...)
	if r.Epochs != 3 || !(r.TrainLoss > 0) {
		t.Errorf("result %+v", r)
	}
	command.Refuses(t, 1, "resume from "+file, with("-batch", "40", "-resume", file)...)
}

// TestInterruptedTraining holds that a training which is ended between two epochs and goes on gives what it would have
// given.
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
	whole := result(t, with("-epochs", "3")...)
	split := result(t, with("-epochs", "3", "-resume", file)...)
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
	r := result(t, with("-record", file, "-epochs", "1", "-seed", "7")...)
	result(t, with("-record", file, "-epochs", "1", "-seed", "8")...)
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
	// before anything else
	command.Refuses(t, 1, "cifar: record: open", "-data", "no/such/folder", "-record", filepath.Join(file, "x"))
}

func TestBadFlags(t *testing.T) {
	command.Refuses(t, 2, `cifar: invalid value "slow" for flag -recipe: want fast, resnet9 or resnet20`, "-recipe", "slow")
	command.Refuses(t, 2, `cifar: invalid value "lion" for flag -solver: want sgd, momentum, nag, adagrad, rmsprop, adam or adamw`, "-solver", "lion")
	command.Refuses(t, 2, `cifar: invalid value "triangle" for flag -schedule: want constant, step, exponential, cosine or linear`, "-schedule", "triangle")
	command.Refuses(t, 2, "cifar: -lr -1, want at least 0", "-lr", "-1")
	command.Refuses(t, 2, `cifar: invalid value "cosine(1,0" for flag -lr: schedules: `, "-lr", "cosine(1,0")
	command.Refuses(t, 2, "cifar: -lr constant(1) is a whole schedule: -schedule goes with a number", "-lr", "constant(1)", "-schedule", "cosine")
	command.Refuses(t, 1, `cifar: solvers: schedule of "momentum"`, with("-solver", "sgd", "-momentum", "0.9")...)
	command.Refuses(t, 1, "cifar: -validate 2000 leaves none of 2000 images to train on", "-synthetic", "-validate", "2000", "-plot-schedule", "a.svg")
	command.Refuses(t, 1, "cifar: -images 1501, and there are 1500 to train on", "-synthetic", "-validate", "500", "-images", "1501", "-plot-schedule", "a.svg")
	command.Refuses(t, 1, "cifar: picture of the schedules: file course.png", "-plot-schedule", "course.png")
	command.Refuses(t, 2, `cifar: invalid value "0" for flag -test-every: want a whole number from 1 to 2147483647`, "-test-every", "0")
	command.Refuses(t, 2, "cifar: -synthetic and -data are both given: want one of them", "-synthetic", "-data", "x")
	command.Refuses(t, 2, `cifar: unexpected argument "fast": all settings are flags`, "fast")
	command.Refuses(t, 1, filepath.Join("no/such/folder", "data_batch_1.bin"), "-data", "no/such/folder")
	command.Refuses(t, 1, "cifar: datasets: a split of 2000 examples into 2000 and none", "-synthetic", "-validate", "2000")
	command.Refuses(t, 1, "cifar: datasets: 2001 of 2000 examples", "-synthetic", "-images", "2001")
	command.Refuses(t, 1, "cifar: train: batches of 2001 examples from a dataset of 2000", "-synthetic", "-batch", "2001")
	command.Refuses(t, 1, "no/such/file", with("-resume", "no/such/file")...)
}

func TestHelp(t *testing.T) {
	command.Helps(t, "-recipe", "fast, resnet9 or resnet20", "-recipe resnet9 -solver nag", "-solver adam -lr 0.001")
}
