package gate

// Kind says how a node gets its value: by nothing, as an input, or by which kind of op.
type Kind uint8

// The kinds of nodes. An op of another module, and one of Gorgonia's of which nothing needs to be known, is Other: it
// runs by its interfaces.
const (
	Other Kind = iota
	Input
	Constant
	ReadValue // gorgonia.Read

	Unary   // elementwise, of one argument; Function says which
	Binary  // elementwise, of two arguments, either of which may be a scalar; Function says which
	Product // of matrices and vectors; Function says which

	At
	AveragePool
	BatchNorm
	BatchNormGrad
	ByIndices
	ByIndicesGrad
	Columns // im2col
	ColumnsGrad
	Concat
	Convert // of type
	CTCLoss
	CTCLossGrad
	DiagFlat
	Dropout
	GlobalAveragePool
	GroupNorm
	GroupNormGrad
	Max
	MaxBetween
	MaxPool
	MaxPoolGrad
	MinBetween
	Repeat
	Reshape
	Size // of an axis, as a number
	Slice
	SliceGrad
	Softmax
	SoftmaxGrad
	Sparsemax
	SparsemaxGrad
	Sum
	Tensordot
	Transpose
	Upsample
	UpsampleGrad
	YOLO
)

var kindNames = [...]string{
	Other: "other", Input: "input", Constant: "constant", ReadValue: "read value", Unary: "unary", Binary: "binary", Product: "product", At: "at",
	AveragePool: "average pool", BatchNorm: "batch norm", BatchNormGrad: "batch norm's gradient", ByIndices: "by indices",
	ByIndicesGrad: "by indices' gradient", Columns: "columns", ColumnsGrad: "columns' gradient", Concat: "concat",
	Convert: "convert", CTCLoss: "CTC loss", CTCLossGrad: "CTC loss's gradient", DiagFlat: "diag flat", Dropout: "dropout",
	GlobalAveragePool: "global average pool", GroupNorm: "group norm", GroupNormGrad: "group norm's gradient", Max: "max",
	MaxBetween: "max between", MaxPool: "max pool", MaxPoolGrad: "max pool's gradient", MinBetween: "min between", Repeat: "repeat",
	Reshape: "reshape", Size: "size", Slice: "slice", SliceGrad: "slice's gradient", Softmax: "softmax", SoftmaxGrad: "softmax's gradient",
	Sparsemax: "sparsemax", SparsemaxGrad: "sparsemax's gradient", Sum: "sum", Tensordot: "tensordot", Transpose: "transpose",
	Upsample: "upsample", UpsampleGrad: "upsample's gradient", YOLO: "YOLO",
}

func (k Kind) String() string { return kindNames[k] }
