package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/pkg/errors"

	"github.com/fallline/fallline"
)

// record is a line of -record: a result, and what somebody needs to get it again.
type record struct {
	result
	OneViewAccuracy float64 `json:"one_view_accuracy"` // without the mean over views
	TestImages      int     `json:"test_images"`
	Validation      bool    `json:"validation"` // the test images are training images set aside
	TrainImages     int     `json:"train_images"`
	Synthetic       bool    `json:"synthetic,omitempty"`
	Seed            uint64  `json:"seed"`
	Settings        string  `json:"settings"` // of the solver
	Smoothing       float64 `json:"label_smoothing"`
	Augmentation    string  `json:"augmentation"`
	Views           int     `json:"views"`
	Finished        string  `json:"finished"`
	Processor       string  `json:"processor"`
	Threads         int     `json:"threads"`
	Kernels         string  `json:"kernels"`
	Go              string  `json:"go"`
	Commit          string  `json:"commit"`
}

// addRecord adds a line to the file of -record.
func (s *settings) addRecord(o *outcome) error {
	kernels, err := fallline.Kernels()
	if err != nil {
		return err
	}
	line, err := json.Marshal(record{
		result: s.result(o), OneViewAccuracy: o.history.Test().Accuracy(), TestImages: o.final.Examples, Validation: s.validate > 0,
		TrainImages: o.history.Dataset, Synthetic: s.synthetic, Seed: s.seed, Settings: o.solver.String(), Smoothing: s.smoothing,
		Augmentation: fmt.Sprint(o.photos.train), Views: len(s.views),
		Finished: time.Now().UTC().Format(time.DateTime), Processor: processor(), Threads: fallline.Threads(), Kernels: kernels,
		Go: runtime.Version(), Commit: commit(),
	})
	if err != nil {
		return errors.Wrap(err, "record")
	}
	file, err := os.OpenFile(s.record, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return errors.Wrap(err, "record")
	}
	if _, err := file.Write(append(line, '\n')); err != nil {
		file.Close()
		return errors.Wrap(err, "record")
	}
	return errors.Wrap(file.Close(), "record")
}

// commit is that of the source the program was built from, as go build notes it; with a + where files had changed since.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision, changed := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+"
		}
	}
	return revision + changed
}

// processor is the processor's name where the system tells, and else its architecture.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(info)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
