package main

import (
	"math"
	"math/rand/v2"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/datasets/cifar"
)

// kinds are the ten kinds of made images: how many waves a pattern has across and down, and its hue. Mirror images are
// of the same kind.
var kinds = [10]struct {
	across, down float64
	hue          [3]float64
}{
	{0, 2, warm}, {2, 0, warm}, {3, 3, warm}, {5, 2, warm}, {2, 5, warm},
	{0, 2, cold}, {2, 0, cold}, {3, 3, cold}, {5, 2, cold}, {2, 5, cold},
}

var (
	warm = [3]float64{1, 0.6, 0.1}
	cold = [3]float64{0.2, 0.5, 1}
)

// synthetic makes images of ten kinds of patterns in noise, the same ones each time.
func synthetic(train, test int) (*datasets.Pair, error) {
	r := rand.New(rand.NewPCG(1, 2))
	p := new(datasets.Pair)
	var err error
	if p.Train, err = made(r, train); err != nil {
		return nil, err
	}
	p.Test, err = made(r, test)
	return p, err
}

func made(r *rand.Rand, n int) (*datasets.Images, error) {
	const size = cifar.Side * cifar.Side * cifar.Channels
	pixels, labels := make([]uint8, n*size), make([]int, n)
	for i := range labels {
		labels[i] = i % len(kinds)
		draw(r, pixels[i*size:(i+1)*size], labels[i])
	}
	return datasets.NewImages(cifar.Shape(), pixels, labels, len(kinds))
}

// draw makes an image of a kind: waves of any phase, and as much noise.
func draw(r *rand.Rand, pixels []uint8, kind int) {
	k := kinds[kind]
	x0, y0 := 2*math.Pi*r.Float64(), 2*math.Pi*r.Float64()
	if k.across == 0 {
		x0 = 0
	}
	if k.down == 0 {
		y0 = 0
	}
	for i := range pixels {
		c, at := i%cifar.Channels, i/cifar.Channels
		x, y := float64(at%cifar.Side)/cifar.Side, float64(at/cifar.Side)/cifar.Side
		wave := math.Cos(2*math.Pi*k.across*x+x0) * math.Cos(2*math.Pi*k.down*y+y0)
		v := 128 + 50*wave*k.hue[c] + 40*r.NormFloat64()
		pixels[i] = uint8(min(max(v, 0), 255))
	}
}
