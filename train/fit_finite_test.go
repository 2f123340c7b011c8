package train

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/checkpoint"
	"github.com/fallline/fallline/internal/saved"
	"github.com/fallline/fallline/solvers"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// spoilt is a model of which one number becomes another at an iteration.
type spoilt struct {
	*linear
	variance []float64 // a state
	from     int64     // calls of Gradient that are as they are
	loss     float64   // 0: as it is
	gradient float64
	test     float64
}

func newSpoilt(dt vector.Type) *spoilt {
	return &spoilt{linear: newLinear(dt, blobs(40).Shape(), 4), variance: []float64{1, 1}, from: math.MaxInt64}
}

func (m *spoilt) Visit(visit func(name string, array any)) {
	m.linear.Visit(visit)
	visit("variance", m.variance)
}

func (m *spoilt) Gradient(w, g *vector.Vector, b batch.Batch) (float64, error) {
	loss, err := m.linear.Gradient(w, g, b)
	if m.calls.Load() <= m.from {
		return loss, err
	}
	if m.gradient != 0 {
		g.Set(g.Ranges[1].Lo+2, m.gradient)
	}
	if m.loss != 0 {
		loss = m.loss
	}
	return loss, err
}

func (m *spoilt) Evaluate(w *vector.Vector, b batch.Batch) (float64, int, error) {
	loss, correct, err := m.linear.Evaluate(w, b)
	if m.test != 0 && m.calls.Load() > m.from {
		loss = m.test
	}
	return loss, correct, err
}

// TestFiniteCheckpoints holds for all that a training computes or keeps that a number which isn't finite ends it with
// an error that says what, where and when, and that the checkpoint that is due then doesn't replace the one of before.
func TestFiniteCheckpoints(t *testing.T) {
	const good, due = 6, 9 // iterations after which there are checkpoints
	after := func(do func(it Iteration)) Option {
		return OnIteration(func(it Iteration) error {
			if it.Number == due {
				do(it)
			}
			return nil
		})
	}
	state := func(name string, bad float64) Option {
		return after(func(it Iteration) {
			it.Run.Visit(func(other string, array any) {
				if other == name {
					spoil(array, bad)
				}
			})
		})
	}
	for _, c := range []struct {
		name  string
		spoil func(m *spoilt, bad float64) Option
		what  solvers.Quantity
		where string // in the text
		when  int64
	}{
		{"loss", func(m *spoilt, bad float64) Option { m.loss = bad; return nil }, solvers.Loss, "loss is ", due - 1},
		{"gradient", func(m *spoilt, bad float64) Option { m.gradient = bad; return nil }, solvers.Gradient,
			`gradient of "b" is `, due - 1},
		{"test loss", func(m *spoilt, bad float64) Option { m.test = bad; return nil }, solvers.TestLoss, "test loss is ", due},
		{"weight", func(m *spoilt, bad float64) Option {
			return after(func(Iteration) { m.weights.Set(m.weights.Ranges[0].Lo+5, bad) })
		}, solvers.Weight, `weight of "w" is `, due},
		{"rule's state", func(_ *spoilt, bad float64) Option { return state("rule.velocity/w", bad) }, solvers.State,
			`rule.velocity of "w" is `, due},
		{"average", func(_ *spoilt, bad float64) Option { return state("average/b", bad) }, solvers.State,
			`average of "b" is `, due},
		{"model's state", func(m *spoilt, bad float64) Option {
			return after(func(Iteration) { m.variance[1] = bad })
		}, solvers.State, "model/variance is ", due},
	} {
		for _, dt := range []vector.Type{vector.Float32, vector.Float64} {
			for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				for _, tested := range []bool{false, true} {
					if c.name == "test loss" && !tested {
						continue
					}
					t.Run(fmt.Sprintf("%s/%v/%v/%v", c.name, dt, bad, tested), func(t *testing.T) {
						path := filepath.Join(t.TempDir(), "run")
						train := func(m Model, options ...Option) (*History, error) {
							if tested {
								options = append(options, Test(blobs(20), EveryIterations(1)))
							}
							s := solver(solvers.Average(solvers.EMA{Decay: 0.9}))
							return Fit(background, m, blobs(40), s, append(options, Batch(8), Save(path, EveryIterations(3)))...)
						}
						m := newSpoilt(dt)
						must(train(m, Iterations(good)))
						before := must(os.ReadFile(path))
						option := c.spoil(m, bad)
						m.from = m.calls.Load() + due - 1 - good
						options := []Option{Iterations(20), Resume(path)}
						if option != nil {
							options = append(options, option)
						}
						h, err := train(m, options...)
						diverged := new(solvers.Diverged)
						if !errors.As(err, &diverged) || diverged.Quantity != c.what || !strings.Contains(err.Error(), c.where) {
							t.Fatalf("error %v, want one about %v: %q", err, c.what, c.where)
						}
						if diverged.Iteration != c.when || diverged.Value-diverged.Value == 0 || h.Iterations != c.when {
							t.Errorf("%+v after %d iterations, want %d", diverged, h.Iterations, c.when)
						}
						if now := must(os.ReadFile(path)); !bytes.Equal(now, before) {
							t.Error("the checkpoint was replaced")
						}
						must(train(newSpoilt(dt), Iterations(20), Resume(path)))
					})
				}
			}
		}
	}
}

// TestResumeFromNotFinite holds that a checkpoint of numbers that aren't finite is refused by the array's name, and
// that nothing has changed then.
func TestResumeFromNotFinite(t *testing.T) {
	d := blobs(40)
	path := filepath.Join(t.TempDir(), "run")
	must(Fit(background, newSpoilt(vector.Float32), d, solver(), Batch(8), Iterations(3), Save(path)))
	file := must(checkpoint.Load(path))
	found := 0
	for i, a := range file.Arrays {
		if !strings.HasPrefix(a.Name, "weights/") && !strings.HasPrefix(a.Name, "solver/") && !strings.HasPrefix(a.Name, "model/") {
			continue
		}
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			arrays := slices.Clone(file.Arrays)
			arrays[i].Data = saved.Copy(a.Data)
			if !spoil(arrays[i].Data, bad) {
				continue
			}
			found++
			if err := checkpoint.Save(path, arrays, file.Meta); err != nil {
				t.Fatal(err)
			}
			m := newSpoilt(vector.Float32)
			before := bits(m.weights)
			_, err := Fit(background, m, d, solver(), Batch(8), Iterations(5), Resume(path))
			if err == nil || !strings.Contains(err.Error(), a.Name) || !strings.Contains(err.Error(), fmt.Sprint(bad)) {
				t.Errorf("%s of %v: error %v", a.Name, bad, err)
			}
			if !slices.Equal(bits(m.weights), before) {
				t.Errorf("%s of %v: the weights changed", a.Name, bad)
			}
		}
	}
	if found < 5*3 {
		t.Errorf("%d arrays were spoilt", found)
	}
}

// spoil sets the last number of an array, and says whether it can hold it.
func spoil(array any, x float64) bool {
	switch a := array.(type) {
	case []float32:
		a[len(a)-1] = float32(x)
	case []float64:
		a[len(a)-1] = x
	default:
		return false
	}
	return true
}

// TestEvaluateNotFinite holds that a model of weights or a state that isn't finite isn't evaluated, whatever its losses
// are.
func TestEvaluateNotFinite(t *testing.T) {
	for _, dt := range []vector.Type{vector.Float32, vector.Float64} {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for what, do := range map[solvers.Quantity]func(m *spoilt){
				solvers.Weight:   func(m *spoilt) { m.weights.Set(1, bad) },
				solvers.State:    func(m *spoilt) { m.variance[0] = bad },
				solvers.TestLoss: func(m *spoilt) { m.test, m.from = bad, -1 },
			} {
				m := newSpoilt(dt)
				do(m)
				_, err := Evaluate(background, m, blobs(20))
				diverged := new(solvers.Diverged)
				if !errors.As(err, &diverged) || diverged.Quantity != what || strings.Contains(err.Error(), "iteration") {
					t.Errorf("%v %v/%v: error %v", what, bad, dt, err)
				}
			}
		}
	}
}
