package datasets

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"io"
	"os"
	"strings"

	"github.com/pkg/errors"
)

// openText reads a file of text.
func openText[T any](path string, read func(io.Reader) (T, error)) (t T, err error) {
	// Before Open, which would wait for ever for somebody to write to a pipe.
	switch st, err := os.Stat(path); {
	case err != nil: // Open says it
	case st.IsDir():
		return t, errors.Errorf("datasets: %s is a folder, want a file: OpenFolder reads pictures, OpenIDX files of MNIST's form", path)
	case !st.Mode().IsRegular():
		return t, errors.Errorf("datasets: %s: not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return t, errors.Wrap(err, "datasets")
	}
	defer f.Close()
	in := bufio.NewReader(f)
	if head, _ := in.Peek(len(gzipMark)); strings.HasSuffix(path, ".gz") && string(head) != gzipMark {
		return t, errors.Errorf("datasets: %s is not gzip, though its name ends in .gz: rename it if it is plain text", path)
	}
	t, err = read(in)
	return t, errors.WithMessagef(err, "datasets: %s", path)
}

const gzipMark = "\x1f\x8b"

// isBzip2 says whether a file starts as bzip2's do: with the size of a block and the digits of π, or of its root where
// it is empty.
func isBzip2(head []byte) bool {
	return len(head) >= 10 && string(head[:3]) == "BZh" && '1' <= head[3] && head[3] <= '9' &&
		(string(head[4:10]) == "\x31\x41\x59\x26\x53\x59" || string(head[4:10]) == "\x17\x72\x45\x38\x50\x90")
}

var errEmpty = errors.New("no examples: the file is empty")

// plainText is text as UTF-8 with an LF at the end of each line. What is compressed with gzip or bzip2 is unpacked,
// UTF-16 and, where the text is said to be in it, Latin-1 is decoded, and a mark of UTF-8 is passed over. What is no
// text is an error that says what it is.
func plainText(r io.Reader, latin1 bool) (io.Reader, error) {
	in, head, err := unpack(r)
	if err != nil {
		return nil, err
	}
	if len(head) == 0 {
		return nil, errEmpty
	}
	order, mark := utf16Order(head)
	if order != nil && !bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")) {
		in.Discard(mark)
		return &oneNewline{from: fromUTF16(in, order)}, nil
	}
	if err := checkKind(head); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		in.Discard(len("\ufeff"))
	} else if latin1 {
		return &oneNewline{from: fromLatin1(in)}, nil
	}
	return &oneNewline{from: in}, nil
}

// unpack unpacks what is compressed with gzip or bzip2, once or several times, and peeks at the start of what comes
// out.
func unpack(r io.Reader) (in *bufio.Reader, head []byte, err error) {
	packed := ""
	for range 4 {
		in = bufio.NewReaderSize(r, 1<<16)
		if head, err = in.Peek(sniffed); err != nil && err != io.EOF {
			return nil, nil, errors.Wrap(err, packed+"the start of the file")
		}
		switch {
		case bytes.HasPrefix(head, []byte(gzipMark)):
			if r, err = gzip.NewReader(in); err != nil {
				return nil, nil, errors.Wrap(err, "a file that starts as gzip does")
			}
			packed = "unpacking gzip: "
		case isBzip2(head):
			r, packed = bzip2.NewReader(in), "unpacking bzip2: "
		default:
			return in, head, nil
		}
	}
	return nil, nil, errors.New("a file that is compressed more than three times")
}
