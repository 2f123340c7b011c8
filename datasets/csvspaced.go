package datasets

import (
	"bufio"
	"io"
	"strings"

	"github.com/pkg/errors"
)

// spaced cuts lines into columns that are set apart by runs of spaces and tabs. A column that has spaces stands in
// double quotes, and a double quote within them is two.
type spaced struct {
	in     *bufio.Reader
	line   int
	record []string
}

// Read returns the columns of the next line that has some.
func (s *spaced) Read() ([]string, error) {
	for {
		line, err := s.in.ReadString('\n')
		if err != nil && err != io.EOF || line == "" {
			return nil, err
		}
		s.line++
		if len(line) > maxLine {
			return nil, errors.Errorf("line %d: over %d bytes long", s.line, maxLine)
		}
		if s.record, err = cutSpaced(s.record[:0], line); err != nil {
			return nil, errors.WithMessagef(err, "line %d", s.line)
		}
		if len(s.record) > 0 {
			return s.record, nil
		}
	}
}

// FieldPos tells the line alone.
func (s *spaced) FieldPos(int) (line, place int) { return s.line, 1 }

func cutSpaced(record []string, line string) ([]string, error) {
	const space = " \t\r\n"
	for {
		line = strings.TrimLeft(line, space)
		if line == "" {
			return record, nil
		}
		if line[0] != '"' {
			end := strings.IndexAny(line, space)
			if end < 0 {
				end = len(line)
			}
			record, line = append(record, line[:end]), line[end:]
			continue
		}
		var text strings.Builder
		for {
			end := strings.IndexByte(line[1:], '"')
			if end < 0 {
				return nil, errors.New(`a double quote without a second one`)
			}
			text.WriteString(line[1 : 1+end])
			line = line[end+2:]
			if !strings.HasPrefix(line, `"`) {
				break
			}
			text.WriteByte('"')
		}
		if line != "" && !strings.Contains(space, line[:1]) {
			return nil, errors.Errorf("%q after a double quote, want a space", clip(strings.TrimSpace(line)))
		}
		record = append(record, text.String())
	}
}
