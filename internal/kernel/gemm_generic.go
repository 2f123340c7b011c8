package kernel

// gemmGeneric is the definition of Gemm.
func gemmGeneric[T Float](ta, tb bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	ai, ap := lda, 1
	if ta {
		ai, ap = 1, lda
	}
	for i := range m {
		row := c[i*ldc : i*ldc+n]
		if beta == 0 {
			clear(row)
		} else if beta != 1 {
			for j := range row {
				row[j] *= beta
			}
		}
		if alpha == 0 {
			continue
		}
		for p := range k {
			v := alpha * a[i*ai+p*ap]
			if tb {
				for j := range row {
					row[j] += v * b[j*ldb+p]
				}
			} else {
				for j, w := range b[p*ldb : p*ldb+n] {
					row[j] += v * w
				}
			}
		}
	}
}
