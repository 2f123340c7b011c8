package solvers

import "github.com/fallline/fallline/vector"

// Preview of MiniBatch is the batch's gradient.
func (m *miniBatch) Preview(w, plain, estimate *vector.Vector, b Batch) (int64, error) {
	_, err := m.obj.Gradient(w, plain, b)
	estimate.Copy(plain)
	return int64(len(b.Index)), err
}

// preview is with the snapshot in force.
func (a *anchored) preview(w, plain, estimate *vector.Vector, b Batch) (int64, error) {
	b.Draw = a.draw()
	if _, err := a.obj.Gradient(w, plain, b); err != nil {
		return 0, err
	}
	if _, err := a.obj.Gradient(a.anchor, a.other, b); err != nil {
		return 0, err
	}
	estimate.Copy(plain)
	estimate.Axpy(-1, a.other)
	estimate.Axpy(1, a.mean)
	return 2 * int64(len(b.Index)), nil
}

// Preview of SVRG is with the snapshot in force.
func (s *svrg) Preview(w, plain, estimate *vector.Vector, b Batch) (int64, error) {
	return s.preview(w, plain, estimate, b)
}

// Preview of LSVRG is with the snapshot in force.
func (s *lsvrg) Preview(w, plain, estimate *vector.Vector, b Batch) (int64, error) {
	return s.preview(w, plain, estimate, b)
}

// Preview of AlphaSVRG is that of SVRG: the best factor on its correction is then the best α.
func (s *alphaSVRG) Preview(w, plain, estimate *vector.Vector, b Batch) (int64, error) {
	return s.preview(w, plain, estimate, b)
}

// Preview of SARAH and PAGE is with a batch.
func (r *restarting) Preview(w, plain, estimate *vector.Vector, b Batch) (int64, error) {
	b.Draw = r.nextDraw() - 1
	if _, err := r.obj.Gradient(w, plain, b); err != nil {
		return 0, err
	}
	if _, err := r.obj.Gradient(r.last, r.other, b); err != nil {
		return 0, err
	}
	estimate.Copy(plain)
	estimate.Axpy(-1, r.other)
	estimate.Axpy(1, r.v)
	return 2 * int64(len(b.Index)), nil
}

// Preview of SAGA and SAG is of the block of the batch's first example.
func (t *blockTable) Preview(w, plain, estimate *vector.Vector, b Batch) (int64, error) {
	j := t.blockOf(b)
	b = t.block(j)
	if _, err := t.obj.Gradient(w, plain, b); err != nil {
		return 0, err
	}
	keep := 1.0
	if t.average {
		keep = t.parts.share(j)
	}
	at := j * t.mean.Len()
	estimate.Copy(t.mean)
	for i := range estimate.F64 {
		estimate.F64[i] += keep * (plain.F64[i] - t.f64[at+i])
	}
	for i := range estimate.F32 {
		estimate.F32[i] += float32(keep) * (plain.F32[i] - t.f32[at+i])
	}
	return int64(len(b.Index)), nil
}

// Preview of SAGA and SAG on a linear objective.
func (t *ResidualTable) Preview(w, plain, estimate *vector.Vector, b Batch) (int64, error) {
	b.Draw = 0
	size := float64(len(b.Index))
	r := t.r[:len(b.Index)*t.k]
	if _, err := t.linear.Residuals(w, b, r); err != nil {
		return 0, err
	}
	plain.Zero()
	if err := t.linear.AddOuter(plain, b, r); err != nil {
		return 0, err
	}
	plain.Scale(1 / size)
	for j, i := range b.Index {
		for c := range t.k {
			r[j*t.k+c] -= t.Residuals[int(i)*t.k+c]
		}
	}
	t.change.Zero()
	if err := t.linear.AddOuter(t.change, b, r); err != nil {
		return 0, err
	}
	estimate.Copy(t.Mean)
	share := 1 / size
	if t.average {
		share = 1 / float64(t.linear.Len())
	}
	estimate.Axpy(share, t.change)
	return int64(len(b.Index)), nil
}
