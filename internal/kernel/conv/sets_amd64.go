//go:build !purego

package conv

import "github.com/fallline/fallline/internal/kernel"

func init() {
	table.F32[kernel.AVX2] = &kernels{
		elem: 4, lanes: 8, rows: 6,
		tile: [2][]tileFunc{
			{nil, convTileY32M1N1, convTileY32M2N1, convTileY32M3N1, convTileY32M4N1, convTileY32M5N1, convTileY32M6N1},
			{nil, convTileY32M1N2, convTileY32M2N2, convTileY32M3N2, convTileY32M4N2, convTileY32M5N2, convTileY32M6N2},
		},
		transpose: convTransposeY32, gather: convGatherY32,
		poolMax: convPoolMaxY32, joinCells: convJoinCellsY32,
	}
	table.F64[kernel.AVX2] = &kernels{
		elem: 8, lanes: 4, rows: 6,
		tile: [2][]tileFunc{
			{nil, convTileY64M1N1, convTileY64M2N1, convTileY64M3N1, convTileY64M4N1, convTileY64M5N1, convTileY64M6N1},
			{nil, convTileY64M1N2, convTileY64M2N2, convTileY64M3N2, convTileY64M4N2, convTileY64M5N2, convTileY64M6N2},
		},
		transpose: convTransposeY64, gather: convGatherY64,
		poolMax: convPoolMaxY64, joinCells: convJoinCellsY64,
	}
	table.F32[kernel.AVX512] = &kernels{
		elem: 4, lanes: 16, rows: 14,
		tile: [2][]tileFunc{
			{nil, convTileZ32M1N1, convTileZ32M2N1, convTileZ32M3N1, convTileZ32M4N1, convTileZ32M5N1, convTileZ32M6N1, convTileZ32M7N1, convTileZ32M8N1, convTileZ32M9N1, convTileZ32M10N1, convTileZ32M11N1, convTileZ32M12N1, convTileZ32M13N1, convTileZ32M14N1},
			{nil, convTileZ32M1N2, convTileZ32M2N2, convTileZ32M3N2, convTileZ32M4N2, convTileZ32M5N2, convTileZ32M6N2, convTileZ32M7N2, convTileZ32M8N2, convTileZ32M9N2, convTileZ32M10N2, convTileZ32M11N2, convTileZ32M12N2, convTileZ32M13N2, convTileZ32M14N2},
		},
		transpose: convTransposeZ32, gather: convGatherZ32,
		poolMax: convPoolMaxZ32, joinCells: convJoinCellsZ32,
	}
	table.F64[kernel.AVX512] = &kernels{
		elem: 8, lanes: 8, rows: 14,
		tile: [2][]tileFunc{
			{nil, convTileZ64M1N1, convTileZ64M2N1, convTileZ64M3N1, convTileZ64M4N1, convTileZ64M5N1, convTileZ64M6N1, convTileZ64M7N1, convTileZ64M8N1, convTileZ64M9N1, convTileZ64M10N1, convTileZ64M11N1, convTileZ64M12N1, convTileZ64M13N1, convTileZ64M14N1},
			{nil, convTileZ64M1N2, convTileZ64M2N2, convTileZ64M3N2, convTileZ64M4N2, convTileZ64M5N2, convTileZ64M6N2, convTileZ64M7N2, convTileZ64M8N2, convTileZ64M9N2, convTileZ64M10N2, convTileZ64M11N2, convTileZ64M12N2, convTileZ64M13N2, convTileZ64M14N2},
		},
		transpose: convTransposeZ64, gather: convGatherZ64,
		poolMax: convPoolMaxZ64, joinCells: convJoinCellsZ64,
	}
}
