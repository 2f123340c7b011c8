package main

import (
	"context"
	"io"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/datasets/cifar"
)

// holdSeed is the seed by which images are set aside for -validate: the same ones for each -seed.
const holdSeed = 1

// How many images there are.
const (
	cifarTrain = 50000
	madeTrain  = 2000
	madeTest   = 500
)

// photos are the images of a training, normalised.
type photos struct {
	train, test datasets.Dataset
	sample      []float32 // training images as the network gets them, unmoved, for a whitening layer
}

// samples is how many images a whitening layer sees.
const samples = 5000

// load reads the images that the settings name and prepares them.
func (s *settings) load(ctx context.Context, progress io.Writer) (*photos, error) {
	pair, err := s.pair(ctx, progress)
	if err != nil {
		return nil, err
	}
	train, test := datasets.Dataset(pair.Train), datasets.Dataset(pair.Test)
	if s.validate > 0 {
		if test, train, err = datasets.Split(train, s.validate, holdSeed); err != nil {
			return nil, err
		}
	}
	if s.images > 0 {
		if train, err = datasets.Take(train, s.images); err != nil {
			return nil, err
		}
	}
	return s.prepare(train, test, datasets.Normalize(pair.Train.Moments()))
}

// pair reads the images: made ones, those in a folder, or those of the cache, where a first use downloads them.
func (s *settings) pair(ctx context.Context, progress io.Writer) (*datasets.Pair, error) {
	switch {
	case s.synthetic:
		return synthetic(madeTrain, madeTest)
	case s.data != "":
		return cifar.Open10(s.data)
	}
	return cifar.Load10(ctx, progress)
}

// prepare normalises the images, moves those to train on as the recipe says, and takes the sample.
func (s *settings) prepare(train, test datasets.Dataset, normalize datasets.Transform) (p *photos, err error) {
	p = new(photos)
	transforms := append(append([]datasets.Transform{}, s.moves...), normalize)
	if s.cutout > 0 {
		transforms = append(transforms, datasets.Cutout(s.cutout))
	}
	if p.train, err = datasets.Augment(train, s.Seed, transforms...); err != nil {
		return nil, err
	}
	if p.test, err = datasets.Augment(test, 0, normalize); err != nil {
		return nil, err
	}
	still, err := datasets.Augment(train, 0, normalize)
	if err != nil {
		return nil, err
	}
	p.sample, err = first(still, samples)
	return p, err
}

// first reads the first examples of a dataset, all where there are fewer.
func first(d datasets.Dataset, n int) ([]float32, error) {
	index := make([]int32, min(n, d.Len()))
	for i := range index {
		index[i] = int32(i)
	}
	var b batch.Batch
	err := d.Read(&b, index, 0)
	return b.X, err
}
