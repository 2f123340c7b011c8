package train

import (
	"context"
	"math"
	"testing"

	"github.com/fallline/fallline/batch"
	"github.com/fallline/fallline/vector"
	"github.com/pkg/errors"
)

func TestEvaluate(t *testing.T) {
	d := blobs(600) // batches of 256, 256 and 88
	m := newLinear(vector.Float64, d.Shape(), 4)
	e := must(Evaluate(background, m, d))
	loss, right := 0.0, 0
	var b batch.Batch
	for i := range int32(600) {
		if err := d.Read(&b, []int32{i}, 0); err != nil {
			t.Fatal(err)
		}
		l, ok := m.row(m.weights, b.X, b.Labels[0], 0, make([]float64, 4))
		loss += l / 600
		if ok {
			right++
		}
	}
	if math.Abs(e.Loss-loss) > 1e-12 || e.Correct != right || e.Examples != 600 || e.Errors() != 600-right || e.Accuracy() != float64(right)/600 {
		t.Errorf("%+v, want loss %v and %d correct", e, loss, right)
	}
	if m.moved[0] != 0 {
		t.Error("the evaluation moved statistics")
	}
	ctx, cancel := context.WithCancel(background)
	cancel()
	if _, err := Evaluate(ctx, m, d); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
