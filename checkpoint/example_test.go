package checkpoint_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fallline/fallline/checkpoint"
)

func Example() {
	dir, err := os.MkdirTemp("", "checkpoint")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "model.safetensors")

	err = checkpoint.Save(path, []checkpoint.Array{
		{Name: "dense.w", Shape: []int{2, 2}, Data: []float32{1, 2, 3, 4}},
		{Name: "step", Data: []int64{938}},
	}, map[string]string{"solver": "NAG"})
	if err != nil {
		fmt.Println(err)
		return
	}

	file, err := checkpoint.Load(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	w, _ := file.Find("dense.w")
	fmt.Println(w.Shape, w.Data, file.Meta["solver"])
	// Output: [2 2] [1 2 3 4] NAG
}
