package nn

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/fallline/fallline/internal/text"
)

// row is a layer's line of the summary; size counts the layer's own weights.
type row struct {
	name  string
	shape []int
	size  int
}

// Summary is a table with a line for each layer: its name, the shape of its output for one example and its number of
// parameters; at its foot the total, and how many of them are frozen where some are.
func (m *Model) Summary() string {
	lines := [][3]string{{"layer", "output", "parameters"}, {"input", text.Shape(m.input), ""}}
	for _, r := range m.net.rows {
		size := ""
		if r.size > 0 {
			size = strconv.Itoa(r.size)
		}
		lines = append(lines, [3]string{r.name, text.Shape(r.shape), size})
	}
	lines = append(lines, [3]string{"total", "", strconv.Itoa(m.Parameters())})
	if m.frozen != nil {
		lines = append(lines, [3]string{"frozen", "", strconv.Itoa(m.frozen.Count())})
	}
	var width [3]int
	for _, l := range lines {
		for i, cell := range l {
			width[i] = max(width[i], len(cell))
		}
	}
	var s strings.Builder
	for _, l := range lines {
		line := fmt.Sprintf("%-*s   %-*s   %*s", width[0], l[0], width[1], l[1], width[2], l[2])
		s.WriteString(strings.TrimRight(line, " "))
		s.WriteByte('\n')
	}
	return s.String()
}
