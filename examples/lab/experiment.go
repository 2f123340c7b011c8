package main

import (
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// experiment puts claims to the test. A new one is a file with a value of this type, and a line in the table below.
type experiment struct {
	name    string // of one word, as on the command line and of its figures
	title   string
	about   string // what is claimed and how it is looked at, in a few sentences
	measure func(*lab, *report) error
}

// experiments are all of them, in the order of the page.
var experiments = []experiment{
	variance,
	redundancy,
	batchSize,
	worked,
	noiseBall,
	momentum,
	nesterov,
	cosineTime,
	trained,
	warmup,
	adamEarly,
	shuffling,
	sharpness,
	wrongLabels,
	varianceReduction,
	varianceReductionDeep,
	exploration,
}

// report is what an experiment fills in.
type report struct {
	findings []finding
	figures  []figure
	tables   []table
	settings []setting
}

// table has a row of text for each case.
type table struct {
	Title  string     `json:"title"`
	Header []string   `json:"header"`
	Rows   [][]string `json:"rows"`
}

// setting is a value that the measurement depends on.
type setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// find adds a finding.
func (r *report) find(claim, quantity string, value interval, want bounds) {
	r.findings = append(r.findings, finding{Claim: claim, Quantity: quantity, Value: value, Want: want})
}

// set adds a setting.
func (r *report) set(name, format string, args ...any) {
	r.settings = append(r.settings, setting{name, sprintf(format, args...)})
}

// choose returns the experiments of these names, in the order of the table; all stands for all.
func choose(names []string) ([]experiment, error) {
	var legal []string
	for _, e := range experiments {
		legal = append(legal, e.name)
	}
	for _, name := range names {
		if name != "all" && !slices.Contains(legal, name) {
			return nil, errors.Errorf("no experiment %q: want all, or some of %s", name, strings.Join(legal, ", "))
		}
	}
	var chosen []experiment
	for _, e := range experiments {
		if slices.Contains(names, e.name) || slices.Contains(names, "all") {
			chosen = append(chosen, e)
		}
	}
	return chosen, nil
}
