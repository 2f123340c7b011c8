package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fallline/fallline/examples/internal/cli/clitest"
	"github.com/fallline/fallline/examples/internal/training"
)

// made writes a small data set of MNIST's form: a bright bar for each class, somewhere in noise.
func made(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, 2))
	for name, n := range map[string]int{"train": 300, "t10k": 100} {
		pixels, labels := make([]byte, n*28*28), make([]byte, n)
		for i := range labels {
			labels[i] = byte(i % 10)
			image := pixels[i*784 : (i+1)*784]
			for j := range image {
				image[j] = byte(r.IntN(60))
			}
			x, y := 2+int(labels[i]%5)*5, 3+int(labels[i]/5)*12+r.IntN(3)
			for j := range 8 {
				image[(y+j)*28+x] = 250
			}
		}
		write := func(kind string, magic uint32, dims []uint32, data []byte) {
			header := binary.BigEndian.AppendUint32(nil, magic)
			for _, d := range dims {
				header = binary.BigEndian.AppendUint32(header, d)
			}
			if err := os.WriteFile(filepath.Join(dir, name+kind), append(header, data...), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		write("-images-idx3-ubyte", 0x803, []uint32{uint32(n), 28, 28}, pixels)
		write("-labels-idx1-ubyte", 0x801, []uint32{uint32(n)}, labels)
	}
	return dir
}

var command = clitest.Background(run)

// result runs the program, with -json, and returns its result.
func result(t *testing.T, args ...string) training.Result {
	t.Helper()
	return clitest.Last[training.Result](t, command.Output(t, args...))
}

func TestModelsLearn(t *testing.T) {
	dir := made(t)
	for _, c := range []struct {
		model      string
		parameters int
	}{{"logreg", 7850}, {"mlp", 669706}, {"lenet", 431080}} {
		args := []string{"-json", "-data", dir, "-model", c.model, "-batch", "30", "-epochs", "6", "-warmup", "5", "-lr", "0.03"}
		r := result(t, args...)
		if r.Model != c.model || r.Solver != "nag" || r.Epochs != 6 || r.Batch != 30.0 || r.Updates != 60 || r.Parameters != c.parameters {
			t.Errorf("%s: result %+v", c.model, r)
		}
		if r.TestAccuracy < 0.9 || r.TestErrors != 100-int(100*r.TestAccuracy+0.5) {
			t.Errorf("%s: accuracy %v with %d errors of 100", c.model, r.TestAccuracy, r.TestErrors)
		}
		if !(r.TrainLoss > 0 && r.Seconds > 0 && r.ExamplesPerSecond > 0) {
			t.Errorf("%s: result %+v", c.model, r)
		}
		again := result(t, args...)
		if again.TrainLoss != r.TrainLoss || again.TestErrors != r.TestErrors {
			t.Errorf("%s: the same seed gives loss %v and %d errors, then loss %v and %d errors",
				c.model, r.TrainLoss, r.TestErrors, again.TrainLoss, again.TestErrors)
		}
	}
}

// TestSettingsReachTheTraining checks that each solver and schedule trains, and to other weights than the rest.
func TestSettingsReachTheTraining(t *testing.T) {
	dir := made(t)
	seen := map[float64]string{}
	for _, args := range [][]string{
		{}, {"-solver", "sgd"}, {"-solver", "momentum"}, {"-solver", "adagrad"}, {"-solver", "rmsprop"}, {"-solver", "adam"},
		{"-solver", "adamw"}, {"-from", "svrg"}, {"-from", "alphasvrg"}, {"-schedule", "constant"}, {"-schedule", "step"}, {"-schedule", "exponential"}, {"-schedule", "linear"},
		{"-lr", "0.02"}, {"-warmup", "7"}, {"-batch", "31"}, {"-epochs", "3"}, {"-seed", "2"},
		{"-lr", "step(0.1,0.5,5)"}, {"-momentum", "0.5"}, {"-momentum", "linear(0.5,0.9,10)"}, {"-batch", "step(20,2,1ep)"},
		{"-batch", "step(20,2,1ep)", "-schedule", "step"}, {"-batch", "step(20,2,1ep)", "-lr", "warmup(5)+cosine(0.2,0,2ep)"},
	} {
		r := result(t, append([]string{"-json", "-data", dir, "-model", "logreg", "-batch", "30", "-epochs", "2"}, args...)...)
		if other, taken := seen[r.TrainLoss]; taken {
			t.Errorf("%q and %q end at the same loss", args, other)
		}
		seen[r.TrainLoss] = strings.Join(args, " ")
	}
}

// TestScheduleFlags holds that a quantity as a number and as a schedule of the same values is the same training.
func TestScheduleFlags(t *testing.T) {
	dir := made(t)
	train := func(args ...string) training.Result {
		return result(t, append([]string{"-json", "-data", dir, "-model", "logreg", "-epochs", "2"}, args...)...)
	}
	want := train("-batch", "30", "-lr", "0.2")
	for _, args := range [][]string{
		{"-batch", "constant(30)", "-lr", "cosine(0.2,0,20)"}, {"-batch", "30", "-lr", "0.2", "-momentum", "0.9"},
		{"-batch", "30", "-lr", "cosine(0.2, 0, 20)", "-momentum", "constant(0.9)"},
	} {
		if got := train(args...); got.TrainLoss != want.TrainLoss || got.Updates != 20 {
			t.Errorf("%q: loss %v after %d updates, want %v after 20", args, got.TrainLoss, got.Updates, want.TrainLoss)
		}
	}
	if got := train("-batch", "30", "-lr", "plateau(constant(0.2),0.1,0)"); got.TrainLoss == want.TrainLoss {
		t.Errorf("a plateau gives the loss of cosine, %v", got.TrainLoss)
	}
	if got := train("-batch", "step(30,5,1ep)"); got.Updates != 12 || got.Batch != "step(30,5,1ep)" {
		t.Errorf("a batch that grows: %+v, want 10 updates and 2", got)
	}
}

func TestPlotSchedule(t *testing.T) {
	file := filepath.Join(t.TempDir(), "course.svg")
	args := []string{"-data", made(t), "-momentum", "linear(0.8,0.95,4ep)", "-batch", "step(50,2,4ep)", "-plot-schedule", file}
	if out := command.Output(t, args...); out != "" {
		t.Errorf("output %q", out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", "learning rate", "cosine(0.05,0,8ep)", "linear(0.8,0.95,4ep)", "step(50,2,4ep)", "epoch"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in the picture", want)
		}
	}
}

func TestSaveResume(t *testing.T) {
	dir := made(t)
	file := filepath.Join(t.TempDir(), "run.safetensors")
	args := []string{"-json", "-data", dir, "-model", "logreg", "-batch", "30", "-schedule", "constant"}
	whole := result(t, append(args, "-epochs", "4")...)
	result(t, append(args, "-epochs", "2", "-save", file)...)
	split := result(t, append(args, "-epochs", "4", "-resume", file)...)
	if split.TrainLoss != whole.TrainLoss || split.TestErrors != whole.TestErrors {
		t.Errorf("in one go loss %v and %d errors, in two loss %v and %d errors", whole.TrainLoss, whole.TestErrors, split.TrainLoss, split.TestErrors)
	}
	command.Refuses(t, 1, "resume from "+file, "-data", dir, "-model", "mlp", "-batch", "30", "-resume", file)
}

func TestInterrupt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.safetensors")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stdout, stderr bytes.Buffer
	code := run(ctx, []string{"-data", made(t), "-save", file}, &stdout, &stderr)
	if code != 1 || !strings.Contains(stderr.String(), "-resume "+file) {
		t.Errorf("exit code %d, %q", code, stderr.String())
	}
	if _, err := os.Stat(file); err != nil {
		t.Errorf("nothing saved: %v", err)
	}
}

func TestBadFlags(t *testing.T) {
	command.Refuses(t, 2, `mnist: invalid value "resnet" for flag -model: want logreg, mlp or lenet`, "-model", "resnet")
	command.Refuses(t, 2, `mnist: invalid value "lion" for flag -solver: want sgd, momentum, nag, adagrad, rmsprop, adam or adamw`, "-solver", "lion")
	command.Refuses(t, 2, `mnist: invalid value "saga" for flag -from: want minibatch, svrg or alphasvrg`, "-from", "saga")
	command.Refuses(t, 2, `mnist: invalid value "triangle" for flag -schedule: want constant, step, exponential, cosine or linear`, "-schedule", "triangle")
	command.Refuses(t, 2, "mnist: -lr -1, want at least 0", "-lr", "-1")
	command.Refuses(t, 2, `mnist: invalid value "-1" for flag -warmup: want a whole number from 0 to 2147483647`, "-warmup", "-1")
	command.Refuses(t, 2, `mnist: invalid value "grow(1)" for flag -batch: schedules: `, "-batch", "grow(1)")
	command.Refuses(t, 2, `mnist: invalid value "cosine(0.1)" for flag -lr: schedules: `, "-lr", "cosine(0.1)")
	command.Refuses(t, 2, "mnist: -lr cosine(0.1,0,3ep) is a whole schedule: -schedule goes with a number", "-lr", "cosine(0.1,0,3ep)", "-schedule", "step")
	command.Refuses(t, 2, "mnist: -lr cosine(0.1,0,3ep) is a whole schedule: -warmup goes with a number", "-lr", "cosine(0.1,0,3ep)", "-warmup", "5")
	command.Refuses(t, 2, "mnist: -warmup counts iterations, and how many there are depends on -batch step(32,2,1ep)", "-batch", "step(32,2,1ep)", "-warmup", "5")
	command.Refuses(t, 1, "mnist: solvers: momentum 1.5 outside [0, 1)", "-data", made(t), "-momentum", "1.5")
	command.Refuses(t, 1, `mnist: solvers: schedule of "momentum": this SGD has no such quantity, but l2`, "-data", made(t), "-solver", "sgd", "-momentum", "0.5")
	command.Refuses(t, 1, "mnist: train: solvers: batch 400 outside [1, 300] at iteration 2", "-data", made(t), "-batch", "step(200,2,1ep)")
	command.Refuses(t, 2, `mnist: unexpected argument "lenet": all settings are flags`, "lenet")
	command.Refuses(t, 2, "mnist: -save is empty", "-save", "")
	command.Refuses(t, 1, "no/such/folder", "-data", "no/such/folder")
	command.Refuses(t, 1, "mnist: picture of the schedules: solvers: rate -", "-lr", "linear(0.1,-1,9)", "-plot-schedule", filepath.Join(t.TempDir(), "a.svg"))
	command.Refuses(t, 1, "mnist: -warmup 500 in a training of 3 iterations", "-data", made(t), "-warmup", "500", "-epochs", "1")
	command.Refuses(t, 1, "mnist: train: batches of 301 examples from a dataset of 300", "-data", made(t), "-batch", "301")
	command.Refuses(t, 1, "no/such/file", "-data", made(t), "-resume", "no/such/file")
}

func TestHelp(t *testing.T) {
	command.Helps(t, "-model", "logreg, mlp or lenet", "-model mlp -solver nag", "-solver adam -lr 0.001")
}
