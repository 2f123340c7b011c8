package graph_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// along applies f to the rows of x along an axis.
func along(x []float64, shape []int, axis int, f func(row []float64) []float64) []float64 {
	n, inner := shape[axis], tensor.Shape(shape[axis+1:]).TotalSize()
	y := make([]float64, len(x))
	for o := 0; o < len(x); o += n * inner {
		for i := range inner {
			row := make([]float64, n)
			for k := range row {
				row[k] = x[o+k*inner+i]
			}
			for k, v := range f(row) {
				y[o+k*inner+i] = v
			}
		}
	}
	return y
}

func softmax(x []float64) []float64 {
	y, s := make([]float64, len(x)), 0.0
	for i, v := range x {
		y[i] = math.Exp(v - slices.Max(x))
		s += y[i]
	}
	for i := range y {
		y[i] /= s
	}
	return y
}

func logSoftmax(x []float64) []float64 {
	top, s := slices.Max(x), 0.0
	for _, v := range x {
		s += math.Exp(v - top)
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = v - top - math.Log(s)
	}
	return y
}

// sparsemax is the projection on the simplex (Martins & Astudillo 2016, algorithm 1).
func sparsemax(x []float64) []float64 {
	z := slices.Clone(x)
	slices.Sort(z)
	slices.Reverse(z)
	sum, tau := 0.0, 0.0
	for k, v := range z {
		sum += v
		if 1+float64(k+1)*v > sum {
			tau = (sum - 1) / float64(k+1)
		}
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = max(0, v-tau)
	}
	return y
}

func TestSweepSoftmax(t *testing.T) {
	for _, op := range []struct {
		name string
		op   func(*gorgonia.Node, ...int) (*gorgonia.Node, error)
		f    func([]float64) []float64
	}{{"SoftMax", gorgonia.SoftMax, softmax}, {"LogSoftMax", gorgonia.LogSoftMax, logSoftmax}, {"Sparsemax", gorgonia.Sparsemax, sparsemax}} {
		for _, shape := range [][]int{{4}, {1}, {2, 3}, {3, 1}, {1, 3}, {2, 3, 2}, {2, 1, 3, 2}} {
			row := func(axis int, axes ...int) {
				sweep(t, []sweepCase{{
					name: fmt.Sprint(op.name, shape, axes), in: []operand{some(0.2, 1.9, shape...)},
					build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return op.op(n[0], axes...) },
					want:  func(x [][]float64) []float64 { return along(x[0], shape, axis, op.f) },
				}})
			}
			last := len(shape) - 1
			// Gorgonia's softmax of a column goes down the column
			if !(op.name != "Sparsemax" && slices.Equal(shape, []int{3, 1})) {
				row(last)
			}
			for axis := range shape {
				row(axis, axis)
			}
		}
	}
	column := []int{3, 1}
	sweep(t, []sweepCase{{
		name: "SoftMax/column", in: []operand{some(0.2, 1.9, column...)},
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.SoftMax(n[0]) },
		want:  func(x [][]float64) []float64 { return along(x[0], column, 0, softmax) },
	}})
	far := []float64{0, 1, 2, 1000, 1, 2, -1000, 0, 3}
	runValue(t, "SoftMax/far apart", []operand{on(far, 3, 3)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.SoftMax(n[0]) },
		along(far, []int{3, 3}, 1, softmax))
}

func rectified(x float64) float64 {
	if x >= 0 || math.IsNaN(x) {
		return x
	}
	return 0
}

func mish(x float64) float64 { return x * math.Tanh(softplus(x)) }

func step(x float64) float64 { return truth(x >= 0) }

func leaky(x float64) float64 { return max(x, 0) + 0.2*min(x, 0) }

func TestSweepActivations(t *testing.T) {
	for _, p := range []pointwise{
		{"Rectify", func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Rectify(x) }, rectified, step, anywhere, false},
		{"LeakyRelu", func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.LeakyRelu(x, 0.2) }, leaky,
			func(x float64) float64 { return step(x) + 0.2*(1-step(x)) }, anywhere, false},
		{"Mish", gorgonia.Mish, mish, func(x float64) float64 { return (mish(x+1e-6) - mish(x-1e-6)) / 2e-6 }, anywhere, false},
	} {
		for _, shape := range [][]int{{7}, {1, 7}, {7, 1}, {7, 1, 1}, {1, 1, 7, 1}} {
			sweep(t, []sweepCase{p.on(on(p.x, shape...))})
		}
		sweep(t, []sweepCase{p.on(on(p.x[:1])), p.on(on(p.x[1:2])), p.on(on(p.x[1:2], 1))})
	}
	for _, e := range []float64{math.Inf(1), math.Inf(-1), math.NaN(), 0, 1e30, -1e30} {
		edge := func(name string, f func(float64) float64, op func(*gorgonia.Node) (*gorgonia.Node, error)) {
			runValue(t, fmt.Sprint(name, "/", e), []operand{on([]float64{e, e}, 2)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return op(n[0]) }, []float64{f(e), f(e)})
		}
		edge("Rectify", rectified, gorgonia.Rectify)
		if !math.IsInf(e, 0) { // in the page: ±Inf become NaN
			edge("LeakyRelu", leaky, func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.LeakyRelu(x, 0.2) })
		}
		if !math.IsInf(e, -1) { // −Inf · 0
			edge("Mish", mish, gorgonia.Mish)
		}
	}
}

func TestSweepBinaryXent(t *testing.T) {
	xent := func(p, y float64) float64 { return -y*math.Log(p) - (1-y)*math.Log(1-p) }
	p, y := on([]float64{0.1, 0.5, 0.9, 0.3}, 4), held(on([]float64{0, 1, 1, 0.25}, 4))
	for _, shape := range [][]int{{4}, {2, 2}, {4, 1}} {
		p.shape, y.shape = shape, shape
		sweep(t, []sweepCase{{
			name: "BinaryXent", in: []operand{p, y},
			build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.BinaryXent(n[0], n[1]) },
			want:  func(x [][]float64) []float64 { return pairs(x[0], x[1], xent) },
		}, {
			name: "BinaryXent/of a sigmoid", in: []operand{p, y},
			build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
				return gorgonia.BinaryXent(gorgonia.Must(gorgonia.Sigmoid(n[0])), n[1])
			},
			want: func(x [][]float64) []float64 {
				return pairs(x[0], x[1], func(p, y float64) float64 { return xent(logistic(p), y) })
			},
		}})
	}
}

func TestSweepBetween(t *testing.T) {
	for _, c := range []struct {
		name string
		op   func(a, b *gorgonia.Node) (*gorgonia.Node, error)
		f    func(a, b float64) float64
	}{{"MinBetween", gorgonia.MinBetween, func(a, b float64) float64 { return min(a, b) }}, {"MaxBetween", gorgonia.MaxBetween, func(a, b float64) float64 { return max(a, b) }}} {
		p := between{name: c.name, op: c.op, f: c.f}
		for _, shape := range [][]int{{5}, {2, 3}, {1}, {2, 1, 2, 3}, nil} {
			sweep(t, []sweepCase{p.on("both", some(0.2, 1.3, shape...), some(0.1, 2.1, shape...))})
		}
		tie := p.on("ties", on([]float64{1, 2}, 2), on([]float64{1, 3}, 2))
		tie.flat = true
		sweep(t, []sweepCase{tie, {
			name: c.name + "/itself", in: []operand{some(0.2, 1.3, 4)},
			build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return c.op(n[0], n[0]) },
			want:  func(x [][]float64) []float64 { return slices.Clone(x[0]) },
		}})
		a, b := []float64{math.NaN(), 1, math.Inf(1), math.Inf(-1)}, []float64{1, math.NaN(), 2, 2}
		runValue(t, c.name+"/edges", []operand{on(a, 4), on(b, 4)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return c.op(n[0], n[1]) }, pairs(a, b, c.f))
	}
}

// window describes a convolution or a pool along one axis.
type window struct{ size, before, after, stride, dilation int }

func (w window) out(n int) int { return (n+w.before+w.after-(w.dilation*(w.size-1)+1))/w.stride + 1 }

// eachWindow calls f for every cell of every window: the place among the results, the place within the window and the
// place in the image or −1.
func eachWindow(h, w int, a, b window, f func(out, cell, at int)) {
	for i := range a.out(h) {
		for j := range b.out(w) {
			for k := range a.size {
				for l := range b.size {
					y, x, at := i*a.stride-a.before+k*a.dilation, j*b.stride-b.before+l*b.dilation, -1
					if y >= 0 && y < h && x >= 0 && x < w {
						at = y*w + x
					}
					f(i*b.out(w)+j, k*b.size+l, at)
				}
			}
		}
	}
}

var windows = []struct{ a, b window }{
	{window{2, 0, 0, 1, 1}, window{2, 0, 0, 1, 1}}, {window{2, 0, 0, 2, 1}, window{2, 0, 0, 2, 1}}, {window{3, 1, 1, 1, 1}, window{3, 1, 1, 1, 1}}, {window{1, 0, 0, 1, 1}, window{3, 0, 0, 1, 1}},
	{window{3, 1, 1, 2, 1}, window{2, 0, 0, 1, 1}}, {window{2, 1, 1, 1, 1}, window{1, 0, 0, 1, 1}},
}

func TestSweepConv(t *testing.T) {
	dilated := append(slices.Clone(windows), struct{ a, b window }{window{2, 0, 0, 1, 2}, window{2, 1, 1, 1, 3}})
	for _, s := range [][4]int{{2, 2, 5, 4}, {1, 1, 4, 5}} {
		for _, w := range dilated {
			conv := func(x [][]float64, oc int) []float64 {
				ho, wo, k := w.a.out(s[2]), w.b.out(s[3]), w.a.size*w.b.size
				y := make([]float64, s[0]*oc*ho*wo)
				for n := range s[0] {
					for o := range oc {
						for c := range s[1] {
							eachWindow(s[2], s[3], w.a, w.b, func(out, cell, at int) {
								if at >= 0 {
									y[(n*oc+o)*ho*wo+out] += x[1][(o*s[1]+c)*k+cell] * x[0][(n*s[1]+c)*s[2]*s[3]+at]
								}
							})
						}
					}
				}
				return y
			}
			for _, oc := range []int{1, 3} {
				sweep(t, []sweepCase{{
					name: fmt.Sprint("Conv2d", s, w, oc), in: []operand{some(0.2, 1.3, s[:]...), some(0.1, 1.7, oc, s[1], w.a.size, w.b.size)},
					build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
						return gorgonia.Conv2d(n[0], n[1], tensor.Shape{w.a.size, w.b.size}, []int{w.a.before, w.b.before}, []int{w.a.stride, w.b.stride}, []int{w.a.dilation, w.b.dilation})
					},
					want: func(x [][]float64) []float64 { return conv(x, oc) },
				}})
			}
			sweep(t, []sweepCase{{
				name: fmt.Sprint("Im2Col", s, w), in: []operand{some(0.2, 1.3, s[:]...)},
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
					return gorgonia.Im2Col(n[0], tensor.Shape{w.a.size, w.b.size}, tensor.Shape{w.a.before, w.b.before}, tensor.Shape{w.a.stride, w.b.stride}, tensor.Shape{w.a.dilation, w.b.dilation})
				},
				want: func(x [][]float64) []float64 {
					k, places := w.a.size*w.b.size, w.a.out(s[2])*w.b.out(s[3])
					y := make([]float64, s[0]*places*s[1]*k)
					for n := range s[0] {
						for c := range s[1] {
							eachWindow(s[2], s[3], w.a, w.b, func(out, cell, at int) {
								if at >= 0 {
									y[((n*places+out)*s[1]+c)*k+cell] = x[0][(n*s[1]+c)*s[2]*s[3]+at]
								}
							})
						}
					}
					return y
				},
			}})
		}
	}
	for _, w := range []window{{3, 0, 0, 1, 1}, {2, 1, 1, 2, 1}, {2, 0, 0, 1, 2}} {
		flat := window{1, 0, 0, 1, 1}
		sweep(t, []sweepCase{{
			name: fmt.Sprint("Conv1d", w), in: []operand{some(0.2, 1.3, 2, 1, 1, 6), some(0.1, 1.7, 2, 1, 1, w.size)},
			build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
				return gorgonia.Conv1d(n[0], n[1], w.size, w.before, w.stride, w.dilation)
			},
			want: func(x [][]float64) []float64 {
				wo := w.out(6)
				y := make([]float64, 4*wo)
				for n := range 2 {
					for o := range 2 {
						eachWindow(1, 6, flat, w, func(out, cell, at int) {
							if at >= 0 {
								y[(n*2+o)*wo+out] += x[1][o*w.size+cell] * x[0][n*6+at]
							}
						})
					}
				}
				return y
			},
		}})
	}
}

// maxpool is the largest number of each window.
func maxpool(x []float64, s [4]int, a, b window) []float64 {
	n := a.out(s[2]) * b.out(s[3])
	y := make([]float64, s[0]*s[1]*n)
	for i := range y {
		y[i] = math.Inf(-1)
	}
	for p := range s[0] * s[1] {
		eachWindow(s[2], s[3], a, b, func(out, _, at int) {
			if at >= 0 {
				y[p*n+out] = max(y[p*n+out], x[p*s[2]*s[3]+at])
			}
		})
	}
	return y
}

func TestSweepMaxPool(t *testing.T) {
	s := [4]int{2, 2, 5, 4}
	uneven := append(slices.Clone(windows), struct{ a, b window }{window{2, 1, 0, 1, 1}, window{3, 0, 2, 1, 1}}, struct{ a, b window }{window{3, 2, 1, 2, 1}, window{2, 0, 1, 2, 1}})
	for _, w := range uneven {
		pool := func(four bool) sweepCase {
			pad := []int{w.a.before, w.b.before}
			if four {
				pad = []int{w.a.before, w.a.after, w.b.before, w.b.after}
			}
			return sweepCase{
				name: fmt.Sprint("MaxPool2D", w, pad), in: []operand{some(0.2, 1.3, s[:]...)},
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
					return gorgonia.MaxPool2D(n[0], tensor.Shape{w.a.size, w.b.size}, pad, []int{w.a.stride, w.b.stride})
				},
				want: func(x [][]float64) []float64 { return maxpool(x[0], s, w.a, w.b) },
			}
		}
		sweep(t, []sweepCase{pool(true)})
		if w.a.before == w.a.after && w.b.before == w.b.after {
			sweep(t, []sweepCase{pool(false)})
		}
	}
	one := window{1, 0, 0, 1, 1}
	for name, op := range map[string]func(*gorgonia.Node, int, int, int) (*gorgonia.Node, error){"MaxPool1D": gorgonia.MaxPool1D} {
		for _, w := range []window{{2, 0, 0, 2, 1}, {3, 1, 1, 1, 1}} {
			sweep(t, []sweepCase{{
				name: fmt.Sprint(name, w), in: []operand{some(0.2, 1.3, 2, 1, 1, 6)},
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return op(n[0], w.size, w.before, w.stride) },
				want:  func(x [][]float64) []float64 { return maxpool(x[0], [4]int{2, 1, 1, 6}, one, w) },
			}})
		}
	}
	nan, inf := math.NaN(), math.Inf(-1)
	edges := []float64{nan, nan, 1, nan, inf, inf, inf, 2}
	runValue(t, "MaxPool1D/edges", []operand{on(edges, 1, 1, 1, 8)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.MaxPool1D(n[0], 2, 0, 2) },
		[]float64{nan, nan, inf, 2})
	ties := picked("MaxPool1D/ties", on([]float64{1, 1, 2, 2}, 1, 1, 1, 4), func(x *gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.MaxPool1D(x, 2, 0, 2) }, []int{0, 2})
	ties.grad = func(_ [][]float64, c []float64) [][]float64 { return [][]float64{{c[0], 0, c[1], 0}} }
	sweep(t, []sweepCase{ties})
}

func TestSweepAveragePool(t *testing.T) {
	s := []int{2, 2, 4, 4}
	sweep(t, []sweepCase{{
		name: "AveragePool2D", in: []operand{some(0.2, 1.3, s...)}, refused: "op.AvgPool2D",
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
			return gorgonia.AveragePool2D(n[0], tensor.Shape{2, 2}, []int{0, 0}, []int{2, 2})
		},
		want: func(x [][]float64) []float64 { return make([]float64, 16) },
	}, {
		name: "GlobalAveragePool2D", in: []operand{some(0.2, 1.3, s...)},
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.GlobalAveragePool2D(n[0]) },
		want:  func(x [][]float64) []float64 { return reduced(x[0], s, []int{2, 3}, mean) },
	}, {
		name: "GlobalAveragePool2D/one", in: []operand{some(0.2, 1.3, 1, 1, 1, 3)},
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.GlobalAveragePool2D(n[0]) },
		want:  func(x [][]float64) []float64 { return []float64{mean(x[0])} },
	}})
}

// normalised are the rows of groups of x with mean 0 and variance 1.
func normalised(x []float64, groups [][]int, eps float64) []float64 {
	y := make([]float64, len(x))
	for _, g := range groups {
		m, v := 0.0, 0.0
		for _, i := range g {
			m += x[i] / float64(len(g))
		}
		for _, i := range g {
			v += (x[i] - m) * (x[i] - m) / float64(len(g))
		}
		for _, i := range g {
			y[i] = (x[i] - m) / math.Sqrt(v+eps)
		}
	}
	return y
}

func TestSweepNormalisation(t *testing.T) {
	for _, s := range [][]int{{4, 3}, {2, 3, 2, 2}, {3, 1, 2, 1}, {2, 2, 8, 9}, {2, 4, 24, 24}} {
		inner := tensor.Shape(s[2:]).TotalSize()
		one := []int{1, s[1], 1, 1}[:len(s)]
		var channels [][]int
		for c := range s[1] {
			var g []int
			for n := range s[0] {
				for i := range inner {
					g = append(g, (n*s[1]+c)*inner+i)
				}
			}
			channels = append(channels, g)
		}
		scaled := func(x [][]float64, y []float64) []float64 {
			a, b := spread(x[1], one, s), spread(x[2], one, s)
			for i := range y {
				y[i] = y[i]*a[i] + b[i]
			}
			return y
		}
		in := []operand{some(0.2, 1.3, s...), some(1.1, 1.7, one...), some(0.1, 1.7, one...)}
		if len(in[0].x) < 300 {
			sweep(t, []sweepCase{{
				name: fmt.Sprint("BatchNorm", s), in: in,
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
					y, _, _, _, err := gorgonia.BatchNorm(n[0], n[1], n[2], 0.9, 1e-3)
					return y, err
				},
				want: func(x [][]float64) []float64 { return scaled(x, normalised(x[0], channels, 1e-3)) },
			}})
		}
		for _, groups := range []int{1, s[1]} {
			var sets [][]int
			for p := range s[0] * groups {
				n := s[1] / groups * inner
				set := same(n)
				for i := range set {
					set[i] += p * n
				}
				sets = append(sets, set)
			}
			c := sweepCase{
				name: fmt.Sprint("GroupNorm", s, groups), in: slices.Clone(in),
				build: func(n gorgonia.Nodes) (*gorgonia.Node, error) {
					return gorgonia.GroupNorm(n[0], n[1], n[2], groups, s[1], 1e-3)
				},
				want: func(x [][]float64) []float64 { return scaled(x, normalised(x[0], sets, 1e-3)) },
			}
			if len(in[0].x) >= 300 {
				c.flat = true
			}
			sweep(t, []sweepCase{c})
		}
	}
}

func TestSweepDropout(t *testing.T) {
	sweep(t, []sweepCase{{
		name: "Dropout", in: []operand{some(0.2, 1.3, 8)}, refused: "op.Dropout",
		build: func(n gorgonia.Nodes) (*gorgonia.Node, error) { return gorgonia.Dropout(n[0], 0.3) },
		want:  func(x [][]float64) []float64 { return x[0] },
	}})
}

func TestSweepConvType(t *testing.T) {
	runValue(t, "ConvType", []operand{on([]float64{1, -2.5, 3.75}, 3)}, func(n gorgonia.Nodes) (*gorgonia.Node, error) {
		return gorgonia.ConvType(n[0], n[0].Dtype(), tensor.Int)
	}, []float64{1, -2, 3})
}
