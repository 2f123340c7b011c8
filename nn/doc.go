// Package nn builds neural networks from layers.
//
// A network is a value that describes; Build makes a Model of it: one graph for training, one for evaluation, and the
// weights that both share.
//
//	net := nn.Sequential(
//		nn.Conv2D(20, 5), nn.ReLU(), nn.MaxPool2D(2),
//		nn.Flatten(), nn.Dense(500), nn.ReLU(), nn.Dense(10),
//	)
//	model, err := nn.Build(net, []int{28, 28, 1}, nn.SoftmaxCrossEntropy, nn.Seed(1))
//
// Shapes are those of one example, without the batch: images are (height, width, channels), vectors are (n). Every
// batch size runs on the same model. Package nn/models has well-known networks.
//
// # Names
//
// A layer is named after its kind and numbered among its like from 1, and a weight after its layer: conv2d1.weight,
// conv2d2.bias, residual1.batchnorm1.scale. A layer without weights, put in later, renames nothing, so the same seed
// gives the other layers the same numbers and a saved file still fits. Named gives a layer a name of its own.
//
// # Weights that stay
//
// Freeze keeps a layer's weights as they are: no gradient is computed for them, and no solver reaches them, since
// Model.Weights is without them. A saved model has them under the same names.
//
// # Own layers
//
// Anything with the two methods of Layer is a layer, and Func makes one of a function. A Context gives it weights, the
// mode, random streams and state that lives from batch to batch. CheckGradient compares its gradient with differences
// of the loss.
//
// # Optional interfaces
//
// What a part of one's own may do beside what it must:
//
//   - Layer: OwnName
//   - State: Statistics
//
// A Layer that wraps another embeds Wrapped, which answers for the other's.
package nn
