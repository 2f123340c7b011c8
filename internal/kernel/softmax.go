package kernel

import "math"

// SoftmaxCrossEntropy is the sum over the rows of −log softmax(logits)[label], and writes the gradient of the mean:
//
//	loss      = Σ_r log Σ_j exp(x_rj − x_r,label)
//	dlogits_rj = (softmax(x_r)_j − [j = label_r]) / rows
//
// logits and dlogits are rows × classes, row-major; labels holds rows classes, 0 to classes−1, already checked. A nil dlogits
// is not wanted; dlogits may be logits. The maximum of a row is subtracted first, so any finite logits are right.
func SoftmaxCrossEntropy[T Float](rows, classes int, logits []T, labels []int, dlogits []T) (loss float64) {
	for r := range rows {
		x := logits[r*classes : (r+1)*classes]
		top := float64(x[0])
		for _, v := range x[1:] {
			top = max(top, float64(v))
		}
		sum := 0.0
		for _, v := range x {
			sum += math.Exp(float64(v) - top)
		}
		loss += math.Log(sum) - (float64(x[labels[r]]) - top)
		if dlogits == nil {
			continue
		}
		d := dlogits[r*classes : (r+1)*classes]
		scale := 1 / (sum * float64(rows))
		for j, v := range x {
			p := float64(math.Exp(float64(v)-top) * scale)
			if j == labels[r] {
				p -= 1 / float64(rows)
			}
			d[j] = T(p)
		}
	}
	return loss
}
