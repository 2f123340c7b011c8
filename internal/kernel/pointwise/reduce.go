package pointwise

import (
	"github.com/fallline/fallline/internal/kernel"
	"github.com/fallline/fallline/internal/kernel/threads"
	"github.com/fallline/fallline/internal/memory"
)

// Dot is the scalar product Σ x_i y_i, summed in float64. The two slices have one length.
func Dot[T kernel.Float](x, y []T) float64 { return reduce(x, y[:len(x):len(x)]) }

// Sum is Σ x_i, summed in float64.
func Sum[T kernel.Float](x []T) float64 { return reduce(x, nil) }

// reduceJob sums parts of x, or of the products of x and y, for the caller to add in order.
type reduceJob[T kernel.Float] struct {
	x, y []T
	sums []float64
}

var reduceJobs kernel.Stashes[reduceJob[float32], reduceJob[float64]]

func reduce[T kernel.Float](x, y []T) float64 {
	total := 0.0
	if len(x) < 2*threads.PartLight {
		for lo := 0; lo < len(x); lo += threads.PartLight {
			hi := min(lo+threads.PartLight, len(x))
			total += ReducePart(x[lo:hi], Cut(y, lo, hi))
		}
		return total
	}
	n := (len(x) + threads.PartLight - 1) / threads.PartLight
	s := kernel.StashOf[T, reduceJob[T]](&reduceJobs)
	j := s.Get()
	j.x, j.y, j.sums = x, y, memory.Resize(j.sums, n)
	threads.Parallel(n, j)
	for _, v := range j.sums {
		total += v
	}
	j.x, j.y = nil, nil
	s.Put(j)
	return total
}

// Run does part i.
func (j *reduceJob[T]) Run(i int) {
	lo := i * threads.PartLight
	hi := min(lo+threads.PartLight, len(j.x))
	j.sums[i] = ReducePart(j.x[lo:hi], Cut(j.y, lo, hi))
}

// ReducePart is the sum over a part: 32 running sums over the leading multiple of 32 elements, added up, then the rest
// in order.
func ReducePart[T kernel.Float](x, y []T) float64 {
	k := inUse[T]()
	n := len(x) &^ (sumLanes - 1)
	if y == nil {
		s := k.sum(x[:n])
		for _, v := range x[n:] {
			s += float64(v)
		}
		return s
	}
	s := k.dot(x[:n], y[:n])
	for i := n; i < len(x); i++ {
		s += float64(float64(x[i]) * float64(y[i]))
	}
	return s
}

// sumLanes is how many running sums a reduction keeps: element i goes to sum i mod sumLanes.
const sumLanes = 32

// sumBlock is how many elements are summed, eight sums at a time, while they are in the first-level cache.
const sumBlock = 1024

func dotGeneric[T kernel.Float](x, y []T) float64 {
	var s [sumLanes]float64
	for len(x) > 0 {
		n := min(sumBlock, len(x))
		for lane := 0; lane < sumLanes; lane += 8 {
			dotLanes(x[lane:n], y[lane:n], (*[8]float64)(s[lane:]))
		}
		x, y = x[n:], y[n:]
	}
	return Fold(s[:])
}

// dotLanes adds the products of the first eight elements of every 32 to s. Four at a time leave all sums in registers.
func dotLanes[T kernel.Float](x, y []T, s *[8]float64) {
	s0, s1, s2, s3, s4, s5, s6, s7 := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	y = y[:len(x)]
	for i := 0; i < len(x)-3; i += sumLanes {
		s0 += float64(float64(x[i]) * float64(y[i]))
		s1 += float64(float64(x[i+1]) * float64(y[i+1]))
		s2 += float64(float64(x[i+2]) * float64(y[i+2]))
		s3 += float64(float64(x[i+3]) * float64(y[i+3]))
		_ = y[i+7]
		s4 += float64(float64(x[i+4]) * float64(y[i+4]))
		s5 += float64(float64(x[i+5]) * float64(y[i+5]))
		s6 += float64(float64(x[i+6]) * float64(y[i+6]))
		s7 += float64(float64(x[i+7]) * float64(y[i+7]))
	}
	*s = [8]float64{s0, s1, s2, s3, s4, s5, s6, s7}
}

func sumGeneric[T kernel.Float](x []T) float64 {
	var s [sumLanes]float64
	for len(x) > 0 {
		n := min(sumBlock, len(x))
		for lane := 0; lane < sumLanes; lane += 8 {
			sumEight(x[lane:n], (*[8]float64)(s[lane:]))
		}
		x = x[n:]
	}
	return Fold(s[:])
}

// sumEight adds the first eight elements of every 32 to s, as dotLanes does.
func sumEight[T kernel.Float](x []T, s *[8]float64) {
	s0, s1, s2, s3, s4, s5, s6, s7 := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	for i := 0; i < len(x)-3; i += sumLanes {
		s0 += float64(x[i])
		s1 += float64(x[i+1])
		s2 += float64(x[i+2])
		s3 += float64(x[i+3])
		_ = x[i+7]
		s4 += float64(x[i+4])
		s5 += float64(x[i+5])
		s6 += float64(x[i+6])
		s7 += float64(x[i+7])
	}
	*s = [8]float64{s0, s1, s2, s3, s4, s5, s6, s7}
}

// Fold adds up s, a power of two of them: the upper half to the lower until one is left.
func Fold(s []float64) float64 {
	for h := len(s) / 2; h > 0; h /= 2 {
		for i := range h {
			s[i] += s[i+h]
		}
	}
	return s[0]
}
