package graph

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/fallline/fallline/graph/internal/arena"
	"github.com/fallline/fallline/graph/internal/gate"
	"github.com/fallline/fallline/graph/op"
	"github.com/fallline/fallline/internal/tensors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// smallNet is the net of docs/how-a-program-runs.md: an affine map with a rectifier, another one, and the mean of
// squared errors in Gorgonia's own ops.
func smallNet() (cost *gorgonia.Node, params gorgonia.Nodes) {
	g := gorgonia.NewGraph()
	input := func(name string, shape ...int) *gorgonia.Node {
		zeros := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(shape...))
		return gorgonia.NewTensor(g, tensor.Float32, len(shape), gorgonia.WithName(name), gorgonia.WithValue(zeros))
	}
	x, target := input("x", 8, 3), input("target", 8, 2)
	w1, b1 := input("w1", 3, 4), input("b1", 4)
	w2, b2 := input("w2", 4, 2), input("b2", 2)

	hidden := gorgonia.Must(op.ReLU(gorgonia.Must(op.Affine(x, w1, b1))))
	output := gorgonia.Must(op.Affine(hidden, w2, b2))
	diff := gorgonia.Must(gorgonia.Sub(output, target))
	return gorgonia.Must(gorgonia.Mean(gorgonia.Must(gorgonia.Square(diff)))), gorgonia.Nodes{w1, b1, w2, b2}
}

// what says what computes a node.
func what(n *gate.Node) string {
	switch n.Kind {
	case gate.Input, gate.Constant:
		return n.Kind.String() + " " + n.Expr.Name()
	case gate.Other:
		return n.Expr.Op().String()
	case gate.Unary, gate.Binary, gate.Product:
		return n.Function.String()
	}
	return n.Kind.String()
}

// listing is what a pass made of the net.
type listing struct{ pass, text string }

// listForm lists nodes: the place of each, what computes it, of which others, and its shape.
func listForm(nodes []gate.Node, first int) string {
	var b strings.Builder
	for i := range nodes {
		n := &nodes[i]
		line(&b, "%2d  %-16s %-7s %v", first+i, what(n), numbers(n.Inputs), n.Shape)
	}
	return b.String()
}

// line adds a line without spaces at its end.
func line(b *strings.Builder, format string, args ...any) {
	b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

func numbers(list []int) string { return strings.Trim(fmt.Sprint(list), "[]") }

// modeNames say how a node gets its value.
var modeNames = [...]string{
	prealloc: "its op, into a buffer", zeroed: "its op, into zeros", fresh: "its op", alias: "its op", view: "a view of what it takes",
	unsafely: "its op, in place", lowered: "a kernel", withExtras: "its op, into buffers", beside: "with what it takes",
}

// listLowered lists how each node that is computed gets its value.
func listLowered(p *Program) string {
	var b strings.Builder
	for i := range p.slots {
		s := &p.slots[i]
		switch {
		case s.from != fromOp:
		case s.dead:
			line(&b, "%2d  %-16s %-7s not at all", i, what(s.Node), "")
		default:
			line(&b, "%2d  %-16s %-7s %s", i, what(s.Node), numbers(s.in), modeNames[s.mode])
		}
	}
	return b.String()
}

// listSizes lists the nodes whose shape is another at the inputs' present batch.
func listSizes(t *testing.T, p *Program, inputs []tensor.Shape) string {
	t.Helper()
	sizes, err := p.sizesAt(inputs)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range p.slots {
		if s := &p.slots[i]; !tensors.Same(s.Shape, sizes.Shapes[i]) {
			line(&b, "%2d  %-16s %v is %v", i, what(s.Node), s.Shape, sizes.Shapes[i])
		}
	}
	return b.String()
}

// listPlan lists a plan's steps by the places of their nodes: where the result lies, and up to which step it must stay.
func listPlan(p *Program, pl *plan) string {
	spans := make(map[gorgonia.Value]arena.Span)
	for _, b := range pl.buffers {
		spans[b.dense] = b.span
	}
	var b strings.Builder
	last := p.lastUses(pl)
	for i := range pl.steps {
		st := &pl.steps[i]
		where := "a view"
		if span, ok := spans[st.out]; ok {
			where = fmt.Sprintf("bytes %d to %d", span.Lo, span.Hi)
		} else if st.out.Shape().IsScalar() {
			where = "a scalar"
		}
		for _, w := range p.weight {
			if w.direct && w.from == st.slot {
				where = "gradient of " + w.node.Name()
			}
		}
		until := "the end"
		if k := last[st.slot]; k < len(pl.steps) {
			until = fmt.Sprint(pl.steps[k].slot)
		}
		if i == pl.first {
			line(&b, "--  the forward pass ends here")
		}
		line(&b, "%2d  %-16s %-19s until %s", st.slot, what(p.slots[st.slot].Node), where, until)
	}
	line(&b, "%d bytes in all", pl.bytes)
	return b.String()
}

// passes are what each pass makes of the small net.
func passes(t *testing.T) []listing {
	t.Helper()
	cost, params := smallNet()
	read, err := gate.Read(gorgonia.Nodes{cost}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(cost, Params(params...))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.RunAll(); err != nil {
		t.Fatal(err)
	}
	return []listing{
		{"read", listForm(read.Nodes, 0)},
		{"fuse", listForm(p.form.Nodes[:p.forward], 0)},
		{"differentiate", listForm(p.form.Nodes[p.forward:], p.forward)},
		{"lower", listLowered(p)},
		{"size", listSizes(t, p, []tensor.Shape{{5, 3}, {5, 2}})},
		{"plan", listPlan(p, p.current)},
	}
}

// TestHowAProgramRuns holds that the listings of docs/how-a-program-runs.md are what the passes make of the net.
func TestHowAProgramRuns(t *testing.T) {
	page, err := os.ReadFile("../docs/how-a-program-runs.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```text\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	want := passes(t)
	for i, w := range want {
		if i >= len(blocks) || blocks[i][1] != w.text {
			t.Errorf("block %d of the page is not what pass %s makes of the net:\n%s", i+1, w.pass, w.text)
		}
	}
	if len(blocks) != len(want) {
		t.Errorf("%d listings on the page, want %d", len(blocks), len(want))
	}
}
