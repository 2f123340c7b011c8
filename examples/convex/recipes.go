package main

import (
	"github.com/fallline/fallline/linear"
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/solvers"
)

// recipe is a solver with the step that theory gives for it.
type recipe struct {
	name  string
	about string
	how   sampling
	batch int // examples in a batch unless -batch says otherwise; 0: it depends on the data
	make  func(c solvers.Constants, b int, seed uint64) (solvers.Estimator, float64)
	alpha schedules.Schedule // of alphasvrg, in epochs; nil for the others
}

// sampling is how a solver chooses examples.
type sampling int

const (
	reshuffled sampling = iota
	uniform             // with replacement: SAG diverges on reshuffled examples, which its theory leaves out
	whole               // all of them, with a step that follows from L_f, which has to be estimated
)

// recipes are all solvers, what auto takes first.
var recipes = []recipe{
	{"saga", "SAGA, step max(1/(2(L+μn)), 1/(3L))", reshuffled, 0, func(c solvers.Constants, b int, seed uint64) (solvers.Estimator, float64) {
		return solvers.SAGA{Seed: seed}, solvers.StepSAGA(c.Batch(b), c.Mu, (c.N+b-1)/b)
	}, nil},
	{"sag", "SAG, step 1/(16L)", uniform, 0, func(c solvers.Constants, b int, seed uint64) (solvers.Estimator, float64) {
		return solvers.SAG{Seed: seed}, solvers.StepSAG(c.Batch(b))
	}, nil},
	{"svrg", "SVRG, periods of 2 passes, step 1/(10L)", reshuffled, 0, func(c solvers.Constants, b int, _ uint64) (solvers.Estimator, float64) {
		return solvers.SVRG{Passes: 2}, solvers.StepSVRG(c.Batch(b))
	}, nil},
	{"lsvrg", "loopless SVRG, step 1/(6L)", reshuffled, 0, func(c solvers.Constants, b int, seed uint64) (solvers.Estimator, float64) {
		return solvers.LSVRG{Seed: seed}, solvers.StepLSVRG(c.Batch(b))
	}, nil},
	{"alphasvrg", "AlphaSVRG with α falling from 1 to 0.5, step 1/(10L); it keeps a noise floor", reshuffled, 0, func(c solvers.Constants, b int, _ uint64) (solvers.Estimator, float64) {
		return solvers.AlphaSVRG{Passes: 2, Alpha: 1}, solvers.StepSVRG(c.Batch(b))
	}, schedules.Cosine(1, 0.5, schedules.Epochs(20))},
	{"sarah", "SARAH+, periods of 2 passes at most, step 1/(2L)", reshuffled, 0, func(c solvers.Constants, b int, _ uint64) (solvers.Estimator, float64) {
		return solvers.SARAH{Passes: 2, Stop: 0.125}, solvers.StepSARAH(c.Batch(b))
	}, nil},
	{"page", "PAGE with p = b/(n+b), step 1/(L(1+√((1−p)/(pb))))", reshuffled, 32, func(c solvers.Constants, b int, seed uint64) (solvers.Estimator, float64) {
		p := float64(b) / float64(c.N+b)
		return solvers.PAGE{P: p, Seed: seed}, solvers.StepPAGE(c.Max, p, b)
	}, nil},
	{"katyusha", "Katyusha, periods of 2 passes", reshuffled, 0, func(c solvers.Constants, b int, _ uint64) (solvers.Estimator, float64) {
		return solvers.StepKatyusha(c.Batch(b), c.Mu, c.N, b)
	}, nil},
	{"gd", "gradient descent, step 1/L_f", whole, 0, func(c solvers.Constants, _ int, _ uint64) (solvers.Estimator, float64) {
		return solvers.FullBatch{}, 1 / c.Full
	}, nil},
	{"sgd", "plain SGD, step 1/(2L); it keeps a noise floor", reshuffled, 0, func(c solvers.Constants, b int, _ uint64) (solvers.Estimator, float64) {
		return solvers.MiniBatch{}, 1 / (2 * c.Batch(b))
	}, nil},
}

func recipeNames() []string {
	var names []string
	for _, r := range recipes {
		names = append(names, r.name)
	}
	return names
}

// find returns a recipe of a legal name.
func find(name string) recipe {
	for _, r := range recipes {
		if r.name == name {
			return r
		}
	}
	return recipes[0]
}

// denseBatch is the batch for dense rows: below it the updates of all weights outweigh the products of matrices, above
// it a pass takes fewer and fewer steps.
const denseBatch = 8

// open begins a run with batches of the size that it returns. All that it does is on the clock.
func (s *settings) open(p *problem, name string) (run *solvers.Run, batch int, err error) {
	obj, err := linear.New(p.model)
	if err != nil {
		return nil, 0, err
	}
	r := find(name)
	b := r.batch
	switch {
	case r.how == whole:
		b = p.n
	case s.batch > 0:
		b = s.batch
	case b == 0 && p.sparse:
		b = 1
	case b == 0:
		b = denseBatch
	}
	b = min(b, p.n)
	c := solvers.Constants{Mu: p.lambda, N: p.n}
	if s.step == 0 {
		if c, err = constants(obj, c, r.how == whole || b > 1); err != nil {
			return nil, 0, err
		}
	}
	estimator, rate := r.make(c, b, s.seed)
	if s.step > 0 {
		rate = s.step
	}
	options := []solvers.Option{solvers.From(estimator), solvers.Rate(schedules.Constant(rate))}
	if r.alpha != nil {
		options = append(options, solvers.Schedule("alpha", r.alpha))
	}
	if p.lambda > 0 {
		options = append(options, solvers.L2(p.lambda, solvers.Only("weight")))
	}
	if p.l1 > 0 {
		options = append(options, solvers.Prox(solvers.L1{Lambda: p.l1}, solvers.Only("weight")))
	}
	solver, err := solvers.New(solvers.SGD{}, options...)
	if err != nil {
		return nil, 0, err
	}
	sample := solvers.Reshuffled
	if r.how == uniform {
		sample = solvers.WithReplacement
	}
	sampler, err := sample(p.n, b, s.seed)
	if err != nil {
		return nil, 0, err
	}
	run, err = solver.Open(obj, obj.NewVector(), sampler)
	return run, b, err
}

// constants finds what steps follow from: with λ in them, as L2 has it.
//
// For softmax it takes 1/4 ‖x‖² for an example, as scikit-learn does, in the place of 1/2 ‖x‖². The curvature reaches
// 1/2 only where two classes share all of an example's probability evenly, and 1/4 where they share it as 1 to 6: few
// examples are closer at a time.
func constants(obj *linear.Objective, c solvers.Constants, full bool) (solvers.Constants, error) {
	share := 1.0
	if obj.Outputs() > 1 {
		share = 0.5
	}
	largest, mean := obj.Smoothness()
	c.Max, c.Full = share*largest+c.Mu, share*mean+c.Mu
	if full {
		l, err := obj.FullSmoothness(20)
		if err != nil {
			return c, err
		}
		c.Full = share*min(l, mean) + c.Mu
	}
	return c, nil
}
