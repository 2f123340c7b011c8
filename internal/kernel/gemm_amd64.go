package kernel

import "gonum.org/v1/gonum/blas/gonum"

func init() {
	// gonum's kernels are in assembly for SSE, which is twice as fast as what the Go compiler makes of loops.
	gemm32[setGeneric].library = gonum.Implementation{}.Sgemm
	gemm64[setGeneric].library = gonum.Implementation{}.Dgemm
	gemm32[setAVX2] = &gemmKernels[float32]{
		rows: 6, cols: 16, lanes: 8, aStep: 8, tiles: tilesF32V256, dots: dotsF32V256, dotRows: 3, dotRowsMost: 192, dotColsMost: 64,
		packCols: packColsF32V256, packRows: packRowsF32V256, turnRows: turnRowsF32V256,
	}
	gemm64[setAVX2] = &gemmKernels[float64]{
		rows: 6, cols: 8, lanes: 4, aStep: 8, tiles: tilesF64V256, dots: dotsF64V256, dotRows: 3, dotRowsMost: 192, dotColsMost: 64,
		packCols: packColsF64V256, packRows: packRowsF64V256, turnRows: turnRowsF64V256,
	}
	gemm32[setAVX512] = &gemmKernels[float32]{
		rows: 14, cols: 32, lanes: 16, aStep: 16, tiles: tilesF32V512, masked: true, dots: dotsF32V512, dotRows: 6, dotRowsMost: 24, dotColsMost: 56,
		packCols: packColsF32V512, packRows: packRowsF32V512, turnRows: turnRowsF32V512,
	}
	gemm64[setAVX512] = &gemmKernels[float64]{
		rows: 14, cols: 16, lanes: 8, aStep: 16, tiles: tilesF64V512, masked: true, dots: dotsF64V512, dotRows: 6, dotRowsMost: 24, dotColsMost: 56,
		packCols: packColsF64V512, packRows: packRowsF64V512, turnRows: turnRowsF64V512,
	}
}
