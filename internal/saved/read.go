package saved

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/internal/text"
	"github.com/pkg/errors"
)

// Read checks that a file is of this training, all of it, and returns what happened in it. Restore then changes the
// training.
func Read(file *checkpoint.File, p Parts, s Settings) (r Record, err error) {
	if err := checkMeta(file.Meta, s.meta()); err != nil {
		return r, err
	}
	if r.Pending, err = pendingOf(file.Meta); err != nil {
		return r, err
	}
	if r.Result, err = checkArrays(file, p.Arrays()); err != nil {
		return r, err
	}
	if have, want := ruleOf(file.Meta["solver"]), ruleOf(s.Solver); have != want && have != "" {
		return r, errors.Errorf("the checkpoint's solver has the rule %s, want %s", have, want)
	}
	if err := r.readHistory(file); err != nil {
		return r, err
	}
	return r, CheckFinite(file.Arrays)
}

// Restore overwrites the parts with a file's. Read has checked that it can.
func Restore(file *checkpoint.File, p Parts) {
	for _, a := range p.Arrays() {
		from, _ := file.Find(a.Name)
		Assign(a.Data, from.Data)
	}
}

func checkMeta(have, want map[string]string) error {
	for _, key := range []string{formatKey, "examples", "batch", "seed"} {
		if have, want := have[key], want[key]; have != want {
			return errors.Errorf("the checkpoint's %s is %q, want %q", key, have, want)
		}
	}
	return nil
}

func pendingOf(meta map[string]string) (Pending, error) {
	switch p := Pending(meta[pendingKey]); p {
	case NothingPending, TestPending, EpochPending:
		return p, nil
	default:
		return p, errors.Errorf("the checkpoint's %s is %q, want %q or %q", pendingKey, p, TestPending, EpochPending)
	}
}

// checkArrays checks that a file has the wanted arrays, and beside them a history and perhaps a solution like the
// weights.
func checkArrays(file *checkpoint.File, want []checkpoint.Array) (Result, error) {
	result := resultOf(file)
	known := map[string]bool{epochsArray: true, testsArray: true, currentArray: true, hooksArray: true}
	for _, a := range want {
		known[a.Name] = true
		if err := fits(file, a); err != nil {
			return 0, err
		}
		isWeight, isModel := strings.HasPrefix(a.Name, weightsPrefix), strings.HasPrefix(a.Name, modelPrefix)
		a.Name = solutionPrefix + a.Name
		if _, there := file.Find(a.Name); result != SolutionIs || !isWeight && !(isModel && there) {
			continue
		}
		known[a.Name] = true
		if err := fits(file, a); err != nil {
			return 0, err
		}
	}
	for _, a := range file.Arrays {
		if !known[a.Name] {
			return 0, errors.Errorf("the checkpoint has %s, which neither model nor solver knows", describe(a))
		}
	}
	return result, nil
}

// resultOf says where a file's result is, by what it has.
func resultOf(file *checkpoint.File) Result {
	solves := func(a checkpoint.Array) bool { return strings.HasPrefix(a.Name, solutionPrefix) }
	switch {
	case slices.ContainsFunc(file.Arrays, solves):
		return SolutionIs
	case file.Meta[solutionKey] == missing:
		return NotThere
	}
	return WeightsAre
}

func (r *Record) readHistory(file *checkpoint.File) (err error) {
	if r.Epochs, err = rows(file, epochsArray, (*Epoch).flat); err != nil {
		return err
	}
	if r.Tests, err = rows(file, testsArray, (*Test).flat); err != nil {
		return err
	}
	if did, ok := file.Find(hooksArray); ok {
		if err := fits(file, hooks(&r.Hooks)); err != nil {
			return err
		}
		copy(r.Hooks[:], did.Data.([]int64))
	}
	current, err := rows(file, currentArray, (*Epoch).flat)
	if err == nil && len(current) != 1 {
		err = errors.Errorf("the checkpoint has %d epochs in %s, want 1", len(current), currentArray)
	}
	if err == nil {
		r.Current = current[0]
	}
	return err
}

// ruleOf is the rule of a solver that is written as text.
func ruleOf(solver string) string {
	rule, _, _ := strings.Cut(solver, " ")
	return rule
}

// fits checks that a file has an array of this type and shape.
func fits(file *checkpoint.File, want checkpoint.Array) error {
	have, ok := file.Find(want.Name)
	if !ok {
		return errors.Errorf("the checkpoint lacks %s", describe(want))
	}
	if h, w := describe(have), describe(want); h != w {
		return errors.Errorf("the checkpoint has %s, want %s", h, w)
	}
	return nil
}

// describe is an array as in weights/w []float32 of shape 3x2.
func describe(a checkpoint.Array) string {
	return fmt.Sprintf("%s %T of shape %s", a.Name, a.Data, text.Shape(a.Shape))
}
