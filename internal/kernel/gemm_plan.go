package kernel

// packCost is the cost of packing an element in hundredths of the time of a multiplication.
const packCost = 500

// taskWork is the least number of multiplications that is worth a thread, in each kernel set.
var taskWork = [len(setNames)]int{setGeneric: 1 << 14, setAVX2: 1 << 17, setAVX512: 1 << 18}

// partsOfK returns into how many parts k is divided. C must be too small to give many threads work, and the
// parts long enough to pay for the sums.
func (p *product[T]) partsOfK() int {
	const (
		tasks   = 16 // wanted
		longest = 1024
	)
	tiles := ((p.m + 13) / 14) * ((p.n + 31) / 32)
	if tiles > tasks/2 || p.k < 4*longest {
		return 1
	}
	return min((tasks+tiles-1)/tiles, p.k/longest)
}

// tasks returns into how many parts rows and columns of C are divided. Each task packs what it needs of
// both factors, so a division of the rows packs the right factor more often, and one of the columns the left.
func (p *product[T]) tasks() (rows, cols int) {
	threads := Threads()
	work := p.m * p.n * p.k
	count := min(work/taskWork[active], threads)
	if count <= 1 || p.grid[2] >= count {
		return 1, 1
	}
	best := 0
	colUnits := (p.n + p.kernels.cols - 1) / p.kernels.cols
	for r := 1; r <= count; r++ {
		c := min((count+r-1)/r, colUnits)
		if r > p.m {
			break
		}
		m := (p.m + r - 1) / r
		n := (colUnits + c - 1) / c * p.kernels.cols
		cost := 100*m*n*p.k + m*p.k*p.aCost + n*p.k*p.bCost
		if waves := (r*c + threads - 1) / threads; true {
			cost *= waves
		}
		if rows == 0 || cost < best {
			rows, cols, best = r, c, cost
		}
	}
	return rows, cols
}
