package datasets

import "math/rand/v2"

// Image is one image while it is transformed. It is valid during a call of Transform.Apply.
//
// Moves and flips are gathered, and cost next to nothing, until Values is called or the last transform is done: what a
// transform does with Flip and Shift alone is as fast as the ones here.
type Image struct {
	Height, Width, Channels int

	Seed  uint64 // the augmentation's
	Index int32  // number of the example in the augmented dataset
	Draw  uint64 // as Dataset.Read has it: the epoch, where examples are shuffled anew each epoch

	x      []float32 // values, row-major in (height, width, channel)
	source *Images   // where set, the values are still bytes there
	number int32     // of the image in source
	moves  moves

	transforms []Transform
	folded     []*Images // as augmented has them
	stage      int       // the index of the transform that is at work

	random, fixed stream
	copied        []float32 // the values before the moves
	numbers       []int32   // those of a batch in source
}

func newImage(a *augmented) *Image {
	m := &Image{Height: 1, Channels: 1, Seed: a.seed, transforms: a.transforms, folded: a.folded}
	shape := a.Dataset.Shape()
	if n := len(shape); n > 0 {
		m.Channels = shape[n-1]
	}
	m.Width = Features(shape) / m.Channels
	if len(shape) == 3 {
		m.Height, m.Width = shape[0], shape[1]
	}
	m.moves = newMoves(m.Height, m.Width)
	m.random, m.fixed = newStream(), newStream()
	return m
}

// start makes m the image of a number, with values in x.
func (m *Image) start(x []float32, index int32, draw uint64) {
	m.x, m.Index, m.Draw = x, index, draw
	m.source = nil
	m.moves.any = false
}

// transform applies the transforms.
func (m *Image) transform() {
	for i, t := range m.transforms {
		m.stage = i
		m.random.ready, m.fixed.ready = false, false
		t.Apply(m)
	}
	m.settle()
	m.x = nil
}

// Flip mirrors the image left to right.
func (m *Image) Flip() { m.moves.flip() }

// Shift moves the image's contents dy pixels up and dx pixels to the left, down and to the right where they are
// negative. What comes in at the edges is the image reflected there, without the pixels of the edge themselves:
//
//	x[i][j] ← x[r(i+dy)][r(j+dx)],  r(k) = |k| for k < n,  r(k) = 2(n−1) − k for k ≥ n
//
// for n rows or columns; r goes on to and fro where the shift is longer than the image. It is the padding that NumPy
// and PyTorch call reflect.
func (m *Image) Shift(dy, dx int) { m.moves.shift(dy, dx) }

// Values is the image's values, row-major in (height, width, channel), to be read and changed in place.
func (m *Image) Values() []float32 {
	m.settle()
	return m.x
}

// Rand is a source of random numbers that is a function of the seed, the draw, the example's number and the transform's
// place.
func (m *Image) Rand() *rand.Rand {
	return m.random.at(mix(m.Seed)+2*uint64(m.stage), mix(m.Draw)+uint64(m.Index))
}

// Fixed is Rand without the draw: each draw finds the same numbers.
func (m *Image) Fixed() *rand.Rand {
	return m.fixed.at(mix(m.Seed)+2*uint64(m.stage)+1, uint64(m.Index))
}

// settle puts the values into x as the moves have them.
func (m *Image) settle() {
	switch source := m.source; {
	case source != nil && m.moves.any:
		source.gather(m.x, source.Pixels(int(m.number)), &m.moves)
	case source != nil:
		source.row(m.x, source.Pixels(int(m.number)))
	case m.moves.any:
		m.copied = append(m.copied[:0], m.x...)
		m.moves.gather(m.x, m.copied, m.Channels)
	}
	m.source = nil
	m.moves.any = false
}

// stream is a source of random numbers that is put to a place when it is first asked.
type stream struct {
	pcg   *rand.PCG
	rand  *rand.Rand
	ready bool
}

func newStream() stream {
	pcg := rand.NewPCG(0, 0)
	return stream{pcg: pcg, rand: rand.New(pcg)}
}

func (s *stream) at(a, b uint64) *rand.Rand {
	if !s.ready {
		s.pcg.Seed(mix(a), mix(b))
		s.ready = true
	}
	return s.rand
}

// mix makes numbers that differ a little differ everywhere: the output function of SplitMix64, with Stafford's 13th set
// of constants.
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
