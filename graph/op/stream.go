package op

import "github.com/pkg/errors"

// Stream is what the randomness of the operations of a graph depends on. The owner of the graph sets its fields before
// a run; several operations, and several graphs, may share it.
//
// A mask is a function of Seed, Draw, the example's number, the operation's place among those built on the stream, and
// the element. It does not depend on where in a batch the example is, so that an example gets the same mask in a batch
// of any size, at two points of evaluation and on any rank, as long as Draw is the same. Networks built alike on
// streams of one Seed get the same masks.
type Stream struct {
	Seed uint64
	Draw uint64
	// Index holds the number of the example in each row of the batch. nil: row i is example i.
	Index []int32

	users uint64
}

// join gives an operation its number.
func (s *Stream) join() uint64 {
	s.users++
	return s.users
}

// keys appends a key for each of the rows of a batch, for the operation of this number.
func (s *Stream) keys(user uint64, rows int, keys []uint64) ([]uint64, error) {
	if s.Index != nil && len(s.Index) != rows {
		return nil, errors.Errorf("the stream has %d example numbers for a batch of %d", len(s.Index), rows)
	}
	base := mix(mix(mix(s.Seed)^s.Draw) ^ user)
	for row := range rows {
		example := uint64(row)
		if s.Index != nil {
			example = uint64(uint32(s.Index[row]))
		}
		keys = append(keys, mix(base^example))
	}
	return keys, nil
}

// mix spreads the bits of x over the whole word: the output function of SplitMix64 (Steele, Lea & Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
