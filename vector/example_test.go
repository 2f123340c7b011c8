package vector_test

import (
	"fmt"
	"log"

	"github.com/fallline/fallline/vector"
)

// The weights of a small layer as one vector: a step of gradient descent.
func Example() {
	w, err := vector.New(vector.Float64,
		vector.Param{Name: "dense.w", Shape: []int{2, 2}, Group: "weight"},
		vector.Param{Name: "dense.b", Shape: []int{2}, Group: "bias"},
	)
	if err != nil {
		log.Fatal(err)
	}
	g := w.Like()
	b, _ := g.Find("dense.b")
	g.Set(b.Lo+1, 3)
	w.Axpy(-0.1, g)

	fmt.Println(w.Count(), "weights, gradient's norm", g.Norm())
	fmt.Printf("%.1f\n", w.Array(b))
	// Output:
	// 6 weights, gradient's norm 3
	// [0.0 -0.3]
}
