package main

import "github.com/fallline/fallline/batch"

// pixels are n training digits, chosen as a function of the seed, as rows of numbers from 0 to 1 with their classes:
// what linear models take.
func (l *lab) pixels(n int, seed uint64) (rows, labels []float64, err error) {
	training, _, err := l.subset(n, seed)
	if err != nil {
		return nil, nil, err
	}
	var b batch.Batch
	if err := training.Read(&b, everything(training.Len()).Index, 0); err != nil {
		return nil, nil, err
	}
	rows = make([]float64, len(b.X))
	for i, v := range b.X {
		rows[i] = float64(v)
	}
	for _, c := range b.Labels {
		labels = append(labels, float64(c))
	}
	return rows, labels, nil
}
