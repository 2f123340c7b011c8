package kernel

// DropoutRow sets y_i = x_i/(1 − p) where element i is kept and 0 where it is dropped, with probability p in [0, 1]. Which ones
// are kept is a function of (key, i) alone: the same call on the gradient is the backward pass. y may be x.
func DropoutRow[T Float](key uint64, p float64, x, y []T) {
	y = y[:len(x)]
	lo, hi, threshold, scale := dropoutKey[T](key, p)
	for i, v := range x {
		if uint64(dropoutHash(uint32(i), lo, hi)) < threshold {
			v = 0
		} else {
			v *= scale
		}
		y[i] = v
	}
}

// dropoutKey spreads a key over two words, and turns the probability into a threshold for a 32-bit hash and a scale.
func dropoutKey[T Float](key uint64, p float64) (lo, hi uint32, threshold uint64, scale T) {
	key += 0x9e3779b97f4a7c15
	key = (key ^ key>>30) * 0xbf58476d1ce4e5b9
	key = (key ^ key>>27) * 0x94d049bb133111eb
	key ^= key >> 31
	if p < 1 {
		scale = T(1 / (1 - p))
	}
	return uint32(key), uint32(key >> 32), uint64(p * (1 << 32)), scale
}

// dropoutHash mixes an element's number with both words of a key: two rounds of Wellons' lowbias32.
func dropoutHash(i, lo, hi uint32) uint32 {
	return mix32(mix32(i^lo) ^ hi)
}

func mix32(h uint32) uint32 {
	h = (h ^ h>>16) * 0x7feb352d
	h = (h ^ h>>15) * 0x846ca68b
	return h ^ h>>16
}
