package graph

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func networkOps() []stockOp {
	one, none := []int{1, 1}, []int{0, 0}
	three := tensor.Shape{3, 3}
	return []stockOp{
		{of: "Conv2d", how: "of the data", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Conv2d(r.feed("image", 2, 4, 4), r.param("c", 3, 2, 3, 3), three, one, one, one))
		}},
		{of: "Conv2d", how: "with a gradient by the image", refuses: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Conv2d(r.images(), r.param("c", 3, 2, 3, 3), three, one, one, one))
		}},
		{of: "Conv2d", how: "flattened", build: func(r *rig) *gorgonia.Node {
			h := must(gorgonia.Rectify(must(gorgonia.Conv2d(r.feed("image", 2, 4, 4), r.param("c", 3, 2, 3, 3), three, one, one, one))))
			return must(gorgonia.Mul(must(gorgonia.Reshape(h, tensor.Shape{r.n, 48})), r.param("v", 48, 2)))
		}},
		{of: "Conv1d", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.Conv1d(r.feed("line", 2, 1, 6), r.param("c", 3, 2, 1, 3), 3, 1, 1, 1))
		}},
		{of: "Im2Col", build: func(r *rig) *gorgonia.Node {
			col := must(gorgonia.Im2Col(r.feed("image", 2, 4, 4), three, tensor.Shape{1, 1}, tensor.Shape{1, 1}, tensor.Shape{1, 1}))
			return must(gorgonia.HadamardProd(col, r.param("s")))
		}},
		{of: "MaxPool2D", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.MaxPool2D(r.images(), tensor.Shape{2, 2}, none, []int{2, 2}))
		}},
		{of: "MaxPool1D", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.MaxPool1D(must(gorgonia.HadamardProd(r.feed("line", 2, 1, 6), r.param("s"))), 2, 0, 2))
		}},
		{of: "AveragePool2D", refuses: true, unrun: true, build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.AveragePool2D(r.images(), tensor.Shape{2, 2}, none, []int{2, 2}))
		}},
		{of: "AveragePool1D", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.AveragePool1D(must(gorgonia.HadamardProd(r.feed("line", 2, 1, 6), r.param("s"))), 2, 0, 2))
		}},
		{of: "GlobalAveragePool2D", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.HadamardProd(must(gorgonia.GlobalAveragePool2D(r.feed("image", 2, 4, 4))), r.param("s")))
		}},
		{of: "Upsample2D", build: func(r *rig) *gorgonia.Node { return must(gorgonia.Upsample2D(r.images(), 2)) }},
		{of: "BatchNorm", build: func(r *rig) *gorgonia.Node {
			y, _, _, _, err := gorgonia.BatchNorm(r.rows(), r.param("scale", 1, 4), r.param("bias", 1, 4), 0.1, 1e-5)
			return must(gorgonia.Tanh(must(y, err)))
		}},
		{of: "BatchNorm", how: "of images", build: func(r *rig) *gorgonia.Node {
			y, _, _, _, err := gorgonia.BatchNorm(r.images(), r.param("scale", 1, 2, 1, 1), r.param("bias", 1, 2, 1, 1), 0.1, 1e-5)
			return must(gorgonia.Tanh(must(y, err)))
		}},
		{of: "GroupNorm", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.GroupNorm(r.images(), r.param("scale", 1, 2, 1, 1), r.param("bias", 1, 2, 1, 1), 1, 2, 1e-5))
		}},
		{of: "Dropout", refuses: true, unrun: true, build: func(r *rig) *gorgonia.Node { return must(gorgonia.Dropout(r.rows(), 0)) }},
		{of: "LeakyRelu", build: func(r *rig) *gorgonia.Node { return must(gorgonia.LeakyRelu(r.rows(), 0.1)) }},
		{of: "BinaryXent", build: func(r *rig) *gorgonia.Node {
			return must(gorgonia.BinaryXent(must(gorgonia.Sigmoid(r.column())), must(gorgonia.Sigmoid(r.feed("y")))))
		}},
		{of: "CTCLoss", refuses: true, build: func(r *rig) *gorgonia.Node {
			logits := must(gorgonia.Transpose(must(gorgonia.HadamardProd(r.feed("logits", 6, 4), r.param("s"))), 1, 0, 2))
			p := must(gorgonia.LogSoftMax(logits, 2))
			whole := func(name string, k int, shape ...int) *gorgonia.Node {
				v := make([]int, tensor.Shape(shape).TotalSize())
				for i := range v {
					v[i] = k
				}
				return gorgonia.NewTensor(r.g, tensor.Int, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name), gorgonia.WithValue(tensor.New(tensor.WithShape(shape...), tensor.WithBacking(v))))
			}
			loss := must(gorgonia.CTCLoss(p, whole("targets", 1, r.n, 2), whole("in", 6, r.n), whole("out", 2, r.n), gorgonia.ReductionSum))
			return must(gorgonia.Add(loss, must(gorgonia.Sum(r.feed("x", 2)))))
		}},
		{of: "YOLOv3", refuses: true, unrun: true, build: func(r *rig) *gorgonia.Node {
			r.dt = tensor.Float32
			return must(gorgonia.YOLOv3(r.feed("x", 14, 2, 2), []float32{10, 13, 16, 30}, []int{0, 1}, 8, 2, 0.5))
		}},
	}
}
