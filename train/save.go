package train

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/internal/text"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// formatName is what a checkpoint of this package says of itself.
const formatName = "fallline training 1"

// Names of the arrays that hold the history. Those of the weights, of the model's, the solver's and the schedules' state have prefixes.
const (
	weightsPrefix  = "weights/"
	modelPrefix    = "model/"
	solverPrefix   = "solver/"
	schedulePrefix = "schedule/" // of those that have a state
	currentArray   = "train/current"
	epochsArray    = "train/epochs"
	testsArray     = "train/tests"
	hooksArray     = "train/hooks" // what hooks did after the last iteration; left out where it is nothing
)

// pendingKey is where a checkpoint says what is pending.
const pendingKey = "pending"

// write saves a checkpoint.
func (f *fit) write(path string) error {
	if err := f.finite(); err != nil {
		return errors.WithMessagef(err, "save %s", path)
	}
	arrays := append(f.live(),
		rows(epochsArray, f.past, epochFields, putEpoch),
		rows(testsArray, f.tests, testFields, putTest),
		rows(currentArray, []Epoch{f.current}, epochFields, putEpoch))
	if did := f.touch.numbers(); slices.Contains(did, 1) {
		arrays = append(arrays, hooksDid(did))
	}
	return errors.WithMessage(checkpoint.Save(path, arrays, f.meta()), "save")
}

// hooksDid is what hooks did as an array.
func hooksDid(did []int64) checkpoint.Array {
	return checkpoint.Array{Name: hooksArray, Shape: []int{len(did)}, Data: did}
}

// checkSave returns the error that saving would end with, as far as it can be known beforehand.
func (f *fit) checkSave() error {
	if err := checkpoint.CheckPath(f.save); err != nil {
		return err
	}
	return errors.WithMessage(checkpoint.Check(f.live(), f.meta()), "save")
}

// meta is what must be the same when the training goes on, and the solver for who reads the file.
func (f *fit) meta() map[string]string {
	meta := map[string]string{
		"format":   formatName,
		"examples": fmt.Sprint(f.n),
		"batch":    f.batchText(),
		"seed":     fmt.Sprint(f.seed),
		"solver":   f.solver,
	}
	if f.pending != pendingNone {
		meta[pendingKey] = string(f.pending)
	}
	return meta
}

// live is the arrays of weights, model, solver and schedules: their data is the training's own, to save or to overwrite.
func (f *fit) live() []checkpoint.Array {
	arrays := vectorArrays(f.model.Weights())
	visit := func(prefix string) func(string, any) {
		return func(name string, data any) {
			arrays = append(arrays, checkpoint.Array{Name: prefix + name, Shape: []int{length(data)}, Data: data})
		}
	}
	if s, ok := f.model.(Stateful); ok {
		s.Visit(visit(modelPrefix))
	}
	f.run.Visit(visit(solverPrefix))
	f.followers.visit(visit(schedulePrefix))
	return arrays
}

func vectorArrays(v *vector.Vector) []checkpoint.Array {
	arrays := make([]checkpoint.Array, len(v.Ranges))
	for i, r := range v.Ranges {
		arrays[i] = checkpoint.Array{Name: weightsPrefix + r.Name, Shape: r.Shape, Data: v.Array(r)}
	}
	return arrays
}

// length is the number of elements of a slice that a checkpoint can hold, and 0 for anything else, which it then refuses.
func length(data any) int {
	switch d := data.(type) {
	case []float32:
		return len(d)
	case []float64:
		return len(d)
	case []int64:
		return len(d)
	}
	return 0
}

// read goes back to a checkpoint. All of it is checked before anything changes.
func (f *fit) read(path string) error {
	file, err := checkpoint.Load(path)
	if err == nil {
		err = f.ctx.Err() // reading may have taken a while
	}
	if err != nil {
		return errors.WithMessage(err, "resume")
	}
	live := f.live()
	h, err := f.match(file, live)
	if err != nil {
		return errors.WithMessagef(err, "resume from %s", path)
	}
	if err := finiteArrays(file.Arrays); err != nil {
		return errors.WithMessagef(err, "resume from %s", path)
	}
	for _, a := range live {
		from, _ := file.Find(a.Name)
		assign(a.Data, from.Data)
	}
	f.tally = h
	f.pending = pending(file.Meta[pendingKey])
	if did, ok := file.Find(hooksArray); ok {
		f.touch.set(did.Data.([]int64))
	}
	if path == f.save {
		f.saved = f.run.Time().Step
	}
	return nil
}

// match checks that a checkpoint is of this training, and returns its history.
func (f *fit) match(file *checkpoint.File, live []checkpoint.Array) (h tally, err error) {
	for _, key := range []string{"format", "examples", "batch", "seed"} {
		if have, want := file.Meta[key], f.meta()[key]; have != want {
			return h, errors.Errorf("the checkpoint's %s is %q, want %q", key, have, want)
		}
	}
	switch p := pending(file.Meta[pendingKey]); p {
	case pendingNone, pendingTest, pendingEpoch:
	default:
		return h, errors.Errorf("the checkpoint's %s is %q, want %q or %q", pendingKey, p, pendingTest, pendingEpoch)
	}
	wanted := map[string]bool{epochsArray: true, testsArray: true, currentArray: true, hooksArray: true}
	for _, a := range live {
		wanted[a.Name] = true
		if err := fits(file, a); err != nil {
			return h, err
		}
	}
	for _, a := range file.Arrays {
		if !wanted[a.Name] {
			return h, errors.Errorf("the checkpoint has %s, which neither model nor solver knows", describe(a))
		}
	}
	if have, want := ruleOf(file.Meta["solver"]), ruleOf(f.solver); have != want && have != "" {
		return h, errors.Errorf("the checkpoint's solver has the rule %s, want %s", have, want)
	}
	if h.past, err = unrows(file, epochsArray, epochFields, getEpoch); err != nil {
		return h, err
	}
	if h.tests, err = unrows(file, testsArray, testFields, getTest); err != nil {
		return h, err
	}
	if _, ok := file.Find(hooksArray); ok {
		if err := fits(file, hooksDid(f.touch.numbers())); err != nil {
			return h, err
		}
	}
	current, err := unrows(file, currentArray, epochFields, getEpoch)
	if err == nil && len(current) != 1 {
		err = errors.Errorf("the checkpoint has %d epochs in %s, want 1", len(current), currentArray)
	}
	if err == nil {
		h.current = current[0]
	}
	return h, err
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

// describe is an array as in weights/w []float32 of shape (3, 2).
func describe(a checkpoint.Array) string {
	return fmt.Sprintf("%s %T of shape %s", a.Name, a.Data, text.Shape(a.Shape))
}

// assign copies between slices of the same type and length.
func assign(to, from any) {
	switch to := to.(type) {
	case []float32:
		copy(to, from.([]float32))
	case []float64:
		copy(to, from.([]float64))
	case []int64:
		copy(to, from.([]int64))
	}
}
