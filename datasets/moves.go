package datasets

import "slices"

// moves says where an image's pixels come from: the one at (i, j) from (rows[i], cols[j]). Flips and shifts act on rows
// and columns apart, so that any number of them is one such table, and the image is gone through once.
type moves struct {
	rows, cols []int32
	any        bool    // else the tables say nothing, and everything is in its place
	own, spare []int32 // own is the numbers in their order
}

func newMoves(height, width int) moves {
	n := max(height, width)
	return moves{rows: make([]int32, height), cols: make([]int32, width), own: count(n), spare: make([]int32, n)}
}

func (m *moves) begin() {
	if !m.any {
		copy(m.rows, m.own)
		copy(m.cols, m.own)
		m.any = true
	}
}

func (m *moves) flip() {
	m.begin()
	slices.Reverse(m.cols)
}

func (m *moves) shift(dy, dx int) {
	m.begin()
	shift(m.rows, m.spare, dy)
	shift(m.cols, m.spare, dx)
}

// shift replaces at[i] by at[reflected(i+d)].
func shift(at, spare []int32, d int) {
	n := len(at)
	if d == 0 || n == 1 {
		return
	}
	old := spare[:n]
	copy(old, at)
	d %= 2 * (n - 1)
	low, high := min(max(-d, 0), n), max(min(n-d, n), 0)
	for i := range low {
		at[i] = old[reflected(i+d, n)]
	}
	if low < high {
		copy(at[low:high], old[low+d:])
	}
	for i := max(low, high); i < n; i++ {
		at[i] = old[reflected(i+d, n)]
	}
}

// reflected is the place in a row of n ≥ 2 where place k is found, the row going on to and fro at its ends.
func reflected(k, n int) int {
	period := 2 * (n - 1)
	k %= period
	if k < 0 {
		k += period
	}
	return min(k, period-k)
}

// gather writes the values of an image to x from their places in from.
func (m *moves) gather(x, from []float32, channels int) {
	row := len(m.cols) * channels
	for i, r := range m.rows {
		in, out := from[int(r)*row:][:row], x[i*row:][:row]
		if channels == 3 {
			for _, c := range m.cols {
				*(*[3]float32)(out) = [3]float32(in[3*c:])
				out = out[3:]
			}
			continue
		}
		for j, c := range m.cols {
			copy(out[j*channels:(j+1)*channels], in[int(c)*channels:])
		}
	}
}

// gather writes what an image's bytes stand for, each from its place.
func (m *Images) gather(x []float32, pixels []uint8, at *moves) {
	row := m.shape[1] * m.shape[2]
	for i, r := range at.rows {
		in, out := pixels[int(r)*row:][:row], x[i*row:][:row]
		switch len(m.values) {
		case 1:
			for j, c := range at.cols {
				out[j] = m.values[0][in[c]]
			}
		case 3:
			gatherColour(out, in, at.cols, (*[3][256]float32)(m.values))
		default:
			for j, c := range at.cols {
				for k := range m.values {
					out[j*len(m.values)+k] = m.values[k][in[int(c)*len(m.values)+k]]
				}
			}
		}
	}
}

// gatherColour is a row of gather for three channels.
func gatherColour(x []float32, pixels []uint8, cols []int32, v *[3][256]float32) {
	for _, c := range cols {
		p, y := (*[3]uint8)(pixels[3*c:]), (*[3]float32)(x)
		y[0] = v[0][p[0]]
		y[1] = v[1][p[1]]
		y[2] = v[2][p[2]]
		x = x[3:]
	}
}
