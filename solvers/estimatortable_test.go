package solvers

import (
	"github.com/fallline/fallline/schedules"
	"github.com/fallline/fallline/vector"
)

// estimatorRow is an estimator of the table that every law of estimators runs over: a new estimator adds a row.
type estimatorRow struct {
	name      string
	estimator Estimator
	naive     naiveLoop
	blocks    bool   // shown objectives as if they weren't linear
	vectors   int64  // memory beside the fixed part, in vectors, for 45 examples in batches of 7
	bytes     int64  // the fixed part
	schedule  string // name of a hyperparameter that follows fade; empty for none
}

// from is the estimator as an option, with its schedule.
func (e estimatorRow) from() Option {
	return func(s *Solver) error {
		if err := From(e.estimator)(s); err != nil || e.schedule == "" {
			return err
		}
		return Schedule(e.schedule, fade)(s)
	}
}

func (e estimatorRow) hide(obj Objective) Objective {
	if e.blocks {
		return opaque{obj}
	}
	return obj
}

// falling alpha and a, for AlphaSVRG and STORM.
var fade = schedules.Cosine(0.9, 0.1, 200)

func fadeAt(k int) float64 { return fade.At(schedules.Time{Step: int64(k)}) }

var (
	randomSVRG = SVRG{Passes: 2, Random: true, Seed: 3}
	adaptive   = STORM{K: 0.05, W: 1, C: 100}
)

// m = ceil(2*45/7) is 13, and ceil(0.3*45/7) is 2.
var estimators = []estimatorRow{
	{"MiniBatch", MiniBatch{}, naiveMiniBatch, false, 0, 0, ""},
	{"FullBatch", FullBatch{}, naiveFullBatch, false, 1, 0, ""},
	{"SVRG", SVRG{Passes: 2}, naiveSVRG(always(13), one), false, 3, 0, ""},
	{"SVRG short", SVRG{Passes: 0.3}, naiveSVRG(always(2), one), false, 3, 0, ""},
	{"SVRG random", randomSVRG, naiveSVRG(func(period int) int {
		return 1 + int(13*chance(3, int64(period)+1))
	}, one), false, 3, 0, ""},
	{"LSVRG", LSVRG{}, naiveLSVRG(7.0/45, 0), false, 4, 0, ""},
	{"LSVRG often", LSVRG{P: 0.5, Seed: 9}, naiveLSVRG(0.5, 9), false, 4, 0, ""},
	{"AlphaSVRG", AlphaSVRG{Passes: 2, Alpha: 0.9}, naiveSVRG(always(13), fadeAt), false, 3, 0, "alpha"},
	{"AlphaSVRG optimal", AlphaSVRG{Passes: 2, Optimal: 0.9}, naiveOptimalSVRG(13, 0.9), false, 5, 0, ""},
	{"SAGA", SAGA{}, naiveExamples(false, false), false, 2, 8*(45+2*7) + 4*45, ""},
	{"SAGA filled", SAGA{Fill: true}, naiveExamples(true, false), false, 2, 8*(45+2*7) + 4*45, ""},
	{"SAGA of blocks", SAGA{}, naiveTable(false, false), true, 8, 8 * 45, ""},
	{"SAGA of blocks filled", SAGA{Fill: true}, naiveTable(true, false), true, 8, 8 * 45, ""},
	{"SAG", SAG{}, naiveExamples(false, true), false, 2, 8*(45+2*7) + 4*45, ""},
	{"SAG filled", SAG{Fill: true}, naiveExamples(true, true), false, 2, 8*(45+2*7) + 4*45, ""},
	{"SAG of blocks", SAG{}, naiveTable(false, true), true, 8, 8 * 45, ""},
	{"SARAH", SARAH{Passes: 2}, naiveSARAH(13, 0), false, 3, 0, ""},
	{"SARAH+", SARAH{Passes: 2, Stop: 0.125}, naiveSARAH(13, 0.125), false, 3, 0, ""},
	{"PAGE", PAGE{}, naivePAGE(7.0/52, 0), false, 3, 0, ""},
	{"PAGE often", PAGE{P: 0.5, Seed: 9}, naivePAGE(0.5, 9), false, 3, 0, ""},
	{"STORM", adaptive, naiveSTORM(adaptive), false, 3, 0, ""},
	{"STORM given a", STORM{A: 0.9}, naiveSTORM(STORM{A: 0.9}), false, 3, 0, "a"},
}

var dtypes = []vector.Type{vector.Float64, vector.Float32}
