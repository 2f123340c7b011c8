package gate

// Function is what an op of kind Unary, Binary or Product computes.
type Function uint8

// The functions. An op that Gorgonia may have beside them has NoFunction.
const (
	NoFunction Function = iota

	Abs // of one argument
	Ceil
	Cos
	Cube
	Exp
	Expm1
	Floor
	Inverse
	InverseSqrt
	Log
	Log1p
	Log2
	Negate
	Sigmoid
	Sign
	Sin
	Softplus
	Sqrt
	Square
	Tanh

	Add // of two arguments
	Subtract
	Multiply
	Divide
	Power
	Less
	Greater
	LessOrEqual
	GreaterOrEqual
	Equal
	NotEqual

	MatMul // of matrices, a matrix and a vector, or stacks of matrices
	Dot    // of two vectors
	Outer  // of two vectors
)

var functionNames = [...]string{
	NoFunction: "", Abs: "abs", Ceil: "ceil", Cos: "cos", Cube: "cube", Exp: "exp", Expm1: "expm1", Floor: "floor", Inverse: "inverse",
	InverseSqrt: "inverse sqrt", Log: "log", Log1p: "log1p", Log2: "log2", Negate: "negate", Sigmoid: "sigmoid", Sign: "sign", Sin: "sin",
	Softplus: "softplus", Sqrt: "sqrt", Square: "square", Tanh: "tanh", Add: "add", Subtract: "subtract", Multiply: "multiply",
	Divide: "divide", Power: "power", Less: "less", Greater: "greater", LessOrEqual: "less or equal", GreaterOrEqual: "greater or equal",
	Equal: "equal", NotEqual: "not equal", MatMul: "matmul", Dot: "dot", Outer: "outer",
}

func (f Function) String() string { return functionNames[f] }
