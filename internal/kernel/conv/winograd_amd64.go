//go:build !purego

package conv

import "github.com/fallline/fallline/internal/kernel"

func init() {
	winogradTable.F32[kernel.AVX2] = &winogradKernels{
		fast: true, lanes: 8, rows: 6,
		input:  [winogradKinds]winogradSpread{winogradInputY4x4, winogradInputY3x4, winogradInputY4x3, winogradInputY3x3},
		grad:   [winogradKinds]winogradSpread{winogradGradY4x4, winogradGradY3x4, winogradGradY4x3, winogradGradY3x3},
		output: [winogradKinds]winogradOutput{winogradOutputY4x4, winogradOutputY3x4, winogradOutputY4x3, winogradOutputY3x3},
		filter: winogradFilterY, filterGrad: winogradFilterGradY, transpose: transposer(kernel.AVX2),
		tile: [2][]winogradTile{
			{nil, winogradTileYM1N1, winogradTileYM2N1, winogradTileYM3N1, winogradTileYM4N1, winogradTileYM5N1, winogradTileYM6N1},
			{nil, winogradTileYM1N2, winogradTileYM2N2, winogradTileYM3N2, winogradTileYM4N2, winogradTileYM5N2, winogradTileYM6N2},
		},
	}
	winogradTable.F32[kernel.AVX512] = &winogradKernels{
		fast: true, lanes: 16, rows: 14,
		input:  [winogradKinds]winogradSpread{winogradInputZ4x4, winogradInputZ3x4, winogradInputZ4x3, winogradInputZ3x3},
		grad:   [winogradKinds]winogradSpread{winogradGradZ4x4, winogradGradZ3x4, winogradGradZ4x3, winogradGradZ3x3},
		output: [winogradKinds]winogradOutput{winogradOutputZ4x4, winogradOutputZ3x4, winogradOutputZ4x3, winogradOutputZ3x3},
		stream: [winogradKinds]winogradOutput{winogradStreamZ4x4, winogradStreamZ3x4, winogradStreamZ4x3, winogradStreamZ3x3},
		fence:  winogradFence,
		filter: winogradFilterZ, filterGrad: winogradFilterGradZ, transpose: transposer(kernel.AVX512),
		tile: [2][]winogradTile{
			{
				nil, winogradTileZM1N1, winogradTileZM2N1, winogradTileZM3N1, winogradTileZM4N1, winogradTileZM5N1, winogradTileZM6N1,
				winogradTileZM7N1, winogradTileZM8N1, winogradTileZM9N1, winogradTileZM10N1, winogradTileZM11N1, winogradTileZM12N1,
				winogradTileZM13N1, winogradTileZM14N1,
			},
			{
				nil, winogradTileZM1N2, winogradTileZM2N2, winogradTileZM3N2, winogradTileZM4N2, winogradTileZM5N2, winogradTileZM6N2,
				winogradTileZM7N2, winogradTileZM8N2, winogradTileZM9N2, winogradTileZM10N2, winogradTileZM11N2, winogradTileZM12N2,
				winogradTileZM13N2, winogradTileZM14N2,
			},
		},
	}
}
