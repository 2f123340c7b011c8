package gate

// fact is what is known of one of Gorgonia's ops: the kind that it is, and the private fields of its type that hold its
// attributes.
type fact struct {
	kind       Kind
	attributes []attribute
}

// attribute is a private field of an op, and where its value goes.
type attribute struct {
	field string
	to    func(*Op) any
}

func attributes(list ...attribute) []attribute { return list }

func axis(field string) attribute { return attribute{field, func(o *Op) any { return &o.Axis }} }

func axes(field string) attribute { return attribute{field, func(o *Op) any { return &o.Axes }} }

var (
	isLog  = attribute{"isLog", func(o *Op) any { return &o.Log }}
	groups = attributes(
		attribute{"numGroups", func(o *Op) any { return &o.Groups }},
		attribute{"epsilon", func(o *Op) any { return &o.Epsilon }},
	)
	window = attributes(
		attribute{"h", func(o *Op) any { return &o.Window.H }},
		attribute{"w", func(o *Op) any { return &o.Window.W }},
		attribute{"padNorth", func(o *Op) any { return &o.Window.North }},
		attribute{"padWest", func(o *Op) any { return &o.Window.West }},
		attribute{"strideH", func(o *Op) any { return &o.Window.Down }},
		attribute{"strideW", func(o *Op) any { return &o.Window.Right }},
	)
)

// facts are all of Gorgonia's ops by the names of their Go types. One that isn't here is refused: nobody has looked
// whether it is right.
var facts = map[string]fact{
	"gorgonia.constantScalar": {kind: Constant},
	"gorgonia.constantTensor": {kind: Constant},
	"gorgonia.readOp":         {kind: ReadValue}, // Readings reads its field

	"gorgonia.elemUnaryOp": {kind: Unary},
	"gorgonia.elemBinOp":   {kind: Binary},
	"gorgonia.linAlgBinOp": {kind: Product},
	"gorgonia.tensordotOp": {Tensordot, attributes(axes("aAxes"), attribute{"bAxes", func(o *Op) any { return &o.RightAxes }})},

	"gorgonia.minBetween": {kind: MinBetween},
	"gorgonia.maxBetween": {kind: MaxBetween},
	"*gorgonia.dtConvOp":  {kind: Convert},

	"gorgonia.sumOp":     {Sum, attributes(axes("along"))},
	"*gorgonia.maxOp":    {Max, attributes(axes("along"))},
	"gorgonia.sizeOp":    {Size, attributes(axis("axis"))},
	"*gorgonia.repeatOp": {Repeat, attributes(axis("along"))},

	"gorgonia.atOp":               {kind: At},
	"gorgonia.reshapeOp":          {kind: Reshape},
	"gorgonia.transposeOp":        {Transpose, attributes(axes("pattern"))},
	"gorgonia.concatOp":           {Concat, attributes(axis("axis"))},
	"*gorgonia.sliceOp":           {Slice, attributes(axis("along"))},
	"gorgonia.sliceIncrOp":        {SliceGrad, attributes(axis("along"))},
	"*gorgonia.byIndicesOp":       {ByIndices, attributes(axis("axis"))},
	"*gorgonia.byIndicesOpDiffOp": {ByIndicesGrad, attributes(axis("axis"))},
	"gorgonia.diagFlatOp":         {kind: DiagFlat},

	"*gorgonia.softmaxOp":       {Softmax, attributes(axis("axis"), isLog)},
	"*gorgonia.softmaxDiffOp":   {SoftmaxGrad, attributes(axis("axis"), isLog)},
	"*gorgonia.sparsemaxOp":     {Sparsemax, attributes(axis("axis"))},
	"*gorgonia.sparsemaxDiffOp": {kind: SparsemaxGrad},

	"*gorgonia.maxPoolOp":           {MaxPool, window},
	"*gorgonia.maxPoolDiffOp":       {MaxPoolGrad, window},
	"*gorgonia.avgPoolOp":           {kind: AveragePool},
	"*gorgonia.avgPoolDiffOp":       {kind: Other},
	"*gorgonia.globalAveragePoolOp": {kind: GlobalAveragePool},
	"*gorgonia.upsampleOp":          {kind: Upsample},
	"*gorgonia.upsampleDiffOp":      {kind: UpsampleGrad},
	"gorgonia.im2colOp":             {kind: Columns},
	"gorgonia.col2imOp":             {kind: ColumnsGrad},

	"*gorgonia.dropoutOp":       {kind: Dropout},
	"*gorgonia.dropoutDiffOp":   {kind: Other},
	"gorgonia.randomOp":         {kind: Other},
	"*gorgonia.BatchNormOp":     {kind: BatchNorm},
	"*gorgonia.batchnormDiffOp": {kind: BatchNormGrad},
	"*gorgonia.GroupNormOp":     {GroupNorm, groups},
	"*gorgonia.groupNormDiffOp": {GroupNormGrad, groups},

	"*gorgonia.ctcLossOp":     {kind: CTCLoss},
	"*gorgonia.ctcLossDiffOp": {CTCLossGrad, attributes(attribute{"reduction", func(o *Op) any { return &o.Reduction }})},
	"*gorgonia.yoloOp":        {kind: YOLO},
}

// signature is what an elementwise op or a product says of itself when it prints.
type signature struct {
	function    Function
	numbers     bool
	left, right bool
}

// printed are the elementwise ops and products by how they print. A binary one prints its sign and whether a comparison
// gives numbers.
var printed = map[string]signature{
	"abs":      {function: Abs},
	"sign":     {function: Sign},
	"ceil":     {function: Ceil},
	"floor":    {function: Floor},
	"sin":      {function: Sin},
	"cos":      {function: Cos},
	"exp":      {function: Exp},
	"ln":       {function: Log},
	"log2":     {function: Log2},
	"neg":      {function: Negate},
	"square":   {function: Square},
	"sqrt":     {function: Sqrt},
	"inv":      {function: Inverse},
	"invSqrt":  {function: InverseSqrt},
	"cube":     {function: Cube},
	"tanh":     {function: Tanh},
	"sigmoid":  {function: Sigmoid},
	"log1p":    {function: Log1p},
	"expm1":    {function: Expm1},
	"softplus": {function: Softplus},

	"+ false":  {function: Add},
	"- false":  {function: Subtract},
	"⊙ false":  {function: Multiply},
	"÷ false":  {function: Divide},
	"^ false":  {function: Power},
	"< false":  {function: Less},
	"> false":  {function: Greater},
	"<= false": {function: LessOrEqual},
	">= false": {function: GreaterOrEqual},
	"== false": {function: Equal},
	"!= false": {function: NotEqual},
	"< true":   {function: Less, numbers: true},
	"> true":   {function: Greater, numbers: true},
	"<= true":  {function: LessOrEqual, numbers: true},
	">= true":  {function: GreaterOrEqual, numbers: true},
	"== true":  {function: Equal, numbers: true},
	"!= true":  {function: NotEqual, numbers: true},

	"A × B":     {function: MatMul},
	"Aᵀ × B":    {function: MatMul, left: true},
	"A × Bᵀ":    {function: MatMul, right: true},
	"A × b":     {function: MatMul},
	"Aᵀ × b":    {function: MatMul, left: true},
	"A ××× B":   {function: MatMul},
	"Aᵀ ××× B":  {function: MatMul, left: true},
	"A ××× Bᵀ":  {function: MatMul, right: true},
	"Aᵀ ××× Bᵀ": {function: MatMul, left: true, right: true},
	"a ⋅ b":     {function: Dot},
	"a ⊗ b":     {function: Outer},
}
