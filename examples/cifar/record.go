package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/pkg/errors"

	"github.com/fallline/fallline"
	"github.com/fallline/fallline/examples/internal/origin"
	"github.com/fallline/fallline/examples/internal/training"
)

// record is a line of -record: a result, and what somebody needs to get it again.
type record struct {
	training.Result
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
func (s *settings) addRecord(r training.Result, o *outcome) error {
	kernels, err := fallline.Kernels()
	if err != nil {
		return err
	}
	line, err := json.Marshal(record{
		Result: r, OneViewAccuracy: o.history.Test().Accuracy(), TestImages: o.final.Examples, Validation: s.validate > 0,
		TrainImages: o.history.Dataset, Synthetic: s.synthetic, Seed: s.Seed, Settings: o.solver.String(), Smoothing: s.smoothing,
		Augmentation: fmt.Sprint(o.photos.train), Views: len(s.views),
		Finished: time.Now().UTC().Format(time.DateTime), Processor: origin.Processor(), Threads: fallline.Threads(), Kernels: kernels,
		Go: runtime.Version(), Commit: origin.Commit(),
	})
	if err != nil {
		return errors.Wrap(err, "record")
	}
	return s.appendRecord(append(line, '\n'))
}

// appendRecord adds text to the file of -record, which it makes where there is none.
func (s *settings) appendRecord(text []byte) error {
	file, err := os.OpenFile(s.record, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return errors.Wrap(err, "record")
	}
	if _, err := file.Write(text); err != nil {
		file.Close()
		return errors.Wrap(err, "record")
	}
	return errors.Wrap(file.Close(), "record")
}
