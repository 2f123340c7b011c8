package main

import (
	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/datasets/mnist"
	"github.com/fallline/fallline/linear"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

// problem is what is to be minimised, with its optimum.
type problem struct {
	model      linear.Model
	sparse     bool
	n, d       int
	classes    int
	lambda, l1 float64
	exact      *linear.Objective // in float64, to measure with
	all        batch.Batch       // all examples
	best       float64           // F*
}

// load reads the data.
func (s *settings) load() (*problem, error) {
	p := &problem{l1: s.l1, lambda: s.lambda}
	var err error
	if s.data == "mnist" {
		err = p.readDigits(s.loss)
	} else {
		err = p.readFile(s.data, s.loss)
	}
	if err != nil {
		return nil, err
	}
	if p.lambda != p.lambda {
		p.lambda = 1 / float64(p.n)
	}
	p.model.Intercept = s.intercept
	exact := p.model
	exact.Type = vector.Float64
	if p.exact, err = linear.New(exact); err != nil {
		return nil, err
	}
	p.model.Type = vector.Float32
	if s.wide {
		p.model.Type = vector.Float64
	}
	p.all.Index = make([]int32, p.n)
	for i := range p.all.Index {
		p.all.Index[i] = int32(i)
	}
	return p, nil
}

// readDigits takes the training set of MNIST, with pixels from 0 to 1.
func (p *problem) readDigits(loss string) error {
	if loss == "squared" {
		return errors.New("-loss squared doesn't go with -data mnist, which has classes")
	}
	digits, err := mnist.Load()
	if err != nil {
		return err
	}
	train := digits.Train
	p.n, p.d, p.classes = train.Len(), 28*28, train.Classes()
	x := make([]float32, p.n*p.d)
	y := make([]float64, p.n)
	for i := range p.n {
		for j, v := range train.Pixels(i) {
			x[i*p.d+j] = float32(v) / 255
		}
		y[i] = float64(train.Label(i))
	}
	p.model = linear.Model{Rows: linear.Dense{Rows: p.n, Cols: p.d, F32: x}, Labels: y, Loss: linear.Softmax}
	return nil
}

// readFile takes a LIBSVM file.
func (p *problem) readFile(path, loss string) error {
	data, err := datasets.OpenLIBSVM(path)
	if err != nil {
		return err
	}
	p.sparse = true
	p.n, p.d, p.classes = data.X.Rows, data.X.Cols, data.Classes()
	p.model = linear.Model{Rows: linear.CSR(data.X), Labels: data.Y, Loss: linear.Squared}
	if loss == "squared" {
		return nil
	}
	if p.classes < 2 {
		return errors.Errorf("%s: labels are not of two or more classes: give -loss squared for a regression", path)
	}
	y := make([]float64, p.n)
	p.model.Loss, p.model.Labels = linear.Softmax, y
	for i := range y {
		y[i] = float64(data.Class(i))
	}
	if p.classes == 2 {
		p.model.Loss = linear.Logistic
		for i := range y {
			y[i] = 2*y[i] - 1
		}
	}
	return nil
}
