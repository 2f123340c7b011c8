package datasets

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/pkg/errors"
)

// utf16Order tells UTF-16 by its mark, or by the zeros that every other byte of it is in files of numbers; nil for
// another encoding. mark is how many bytes the mark has.
func utf16Order(head []byte) (order binary.ByteOrder, mark int) {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return binary.LittleEndian, 2
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return binary.BigEndian, 2
	}
	var zeros [2]int
	pairs := min(len(head)/2, 32)
	for i := range 2 * pairs {
		if head[i] == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case pairs < 2:
	case zeros[0] == 0 && zeros[1] > pairs/2:
		return binary.LittleEndian, 0
	case zeros[1] == 0 && zeros[0] > pairs/2:
		return binary.BigEndian, 0
	}
	return nil, 0
}

// chunk is how many bytes are decoded at once.
const chunk = 1 << 15

// decoder makes UTF-8 of another encoding.
type decoder struct {
	from   io.Reader
	decode func(to, from []byte) ([]byte, int, error) // appends what it can and says how many bytes it took
	in     []byte                                     // not decoded yet
	out    []byte                                     // not read yet
	text   []byte
	buffer [chunk]byte
	err    error
}

func (d *decoder) Read(p []byte) (int, error) {
	for len(d.out) == 0 {
		if d.err != nil {
			return 0, d.err
		}
		n, err := d.from.Read(d.buffer[:])
		d.in = append(d.in, d.buffer[:n]...)
		text, took, bad := d.decode(d.text[:0], d.in)
		d.text, d.out = text, text
		d.in = d.in[:copy(d.in, d.in[took:])]
		switch {
		case bad != nil:
			d.err = bad
		case err == io.EOF && len(d.in) > 0:
			d.err = errors.New("UTF-16 text that ends within a character")
		case err != nil:
			d.err = err
		}
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	return n, nil
}

// fromUTF16 decodes UTF-16.
func fromUTF16(r io.Reader, order binary.ByteOrder) io.Reader {
	return &decoder{from: r, decode: func(to, from []byte) ([]byte, int, error) {
		took := 0
		for ; took+2 <= len(from); took += 2 {
			c := rune(order.Uint16(from[took:]))
			if utf16.IsSurrogate(c) {
				if took+4 > len(from) {
					break
				}
				if c = utf16.DecodeRune(c, rune(order.Uint16(from[took+2:]))); c == utf8.RuneError {
					return to, took, errors.New("text that is no UTF-16: half of a pair without the other")
				}
				took += 2
			}
			to = utf8.AppendRune(to, c)
		}
		return to, took, nil
	}}
}

// windows1252 has the characters of the bytes 0x80 to 0x9f, where it departs from Latin-1; 0 for those that it lacks.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// fromLatin1 decodes Latin-1 and what Windows adds to it.
func fromLatin1(r io.Reader) io.Reader {
	return &decoder{from: r, decode: func(to, from []byte) ([]byte, int, error) {
		for _, b := range from {
			c := rune(b)
			if b&0xe0 == 0x80 && windows1252[b&0x1f] != 0 {
				c = windows1252[b&0x1f]
			}
			to = utf8.AppendRune(to, c)
		}
		return to, len(from), nil
	}}
}

// oneNewline makes every end of a line, CR and CR LF among them, an LF.
type oneNewline struct {
	from io.Reader
	cr   bool // the byte before was a CR
}

func (r *oneNewline) Read(p []byte) (int, error) {
	for {
		n, err := r.from.Read(p)
		to := 0
		for _, c := range p[:n] {
			after := r.cr
			if r.cr = c == '\r'; r.cr {
				c = '\n'
			} else if after && c == '\n' {
				continue
			}
			p[to] = c
			to++
		}
		if to > 0 || err != nil || len(p) == 0 {
			return to, err
		}
	}
}
