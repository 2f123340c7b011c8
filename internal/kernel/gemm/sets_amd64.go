//go:build !purego

package gemm

import (
	"gonum.org/v1/gonum/blas/gonum"

	"github.com/fallline/fallline/internal/kernel"
)

func init() {
	// gonum's kernels are in assembly for SSE, which is twice as fast as what the Go compiler makes of loops.
	f32, f64 := newGenericKernels[float32](), newGenericKernels[float64]()
	f32.library, f64.library = gonum.Implementation{}.Sgemm, gonum.Implementation{}.Dgemm
	table.F32[kernel.SSE2], table.F64[kernel.SSE2] = f32, f64
	table.F32[kernel.AVX2] = &kernels[float32]{
		rows: 6, cols: 16, lanes: 8, aStep: 8, tiles: tilesF32V256, dots: dotsF32V256, dotRows: 3, dotRowsMost: 192, dotColsMost: 64,
		packCols: packColsF32V256, packRows: packRowsF32V256, turnRows: turnRowsF32V256,
	}
	table.F64[kernel.AVX2] = &kernels[float64]{
		rows: 6, cols: 8, lanes: 4, aStep: 8, tiles: tilesF64V256, dots: dotsF64V256, dotRows: 3, dotRowsMost: 192, dotColsMost: 64,
		packCols: packColsF64V256, packRows: packRowsF64V256, turnRows: turnRowsF64V256,
	}
	table.F32[kernel.AVX512] = &kernels[float32]{
		rows: 14, cols: 32, lanes: 16, aStep: 16, tiles: tilesF32V512, masked: true, dots: dotsF32V512, dotRows: 6, dotRowsMost: 24, dotColsMost: 56,
		packCols: packColsF32V512, packRows: packRowsF32V512, turnRows: turnRowsF32V512,
	}
	table.F64[kernel.AVX512] = &kernels[float64]{
		rows: 14, cols: 16, lanes: 8, aStep: 16, tiles: tilesF64V512, masked: true, dots: dotsF64V512, dotRows: 6, dotRowsMost: 24, dotColsMost: 56,
		packCols: packColsF64V512, packRows: packRowsF64V512, turnRows: turnRowsF64V512,
	}
}
