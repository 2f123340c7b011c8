package datasets

import (
	"bytes"
	"strings"

	"github.com/pkg/errors"
)

// fileKind is a kind of file that isn't a table of text, told by the bytes that it starts with.
type fileKind struct {
	at    int // offset of the mark
	mark  string
	what  string
	doing string // what to do with it
}

// sniffed is how many bytes of a file are looked at.
const sniffed = 512

var fileKinds = []fileKind{
	{0, "\xfd7zXZ\x00", "compressed with xz", "unpack it first, with xz -d"},
	{0, "\x28\xb5\x2f\xfd", "compressed with Zstandard", "unpack it first, with zstd -d"},
	{0, "\x04\x22\x4d\x18", "compressed with LZ4", "unpack it first, with lz4 -d"},
	{0, "\x1f\x9d", "compressed with compress", "unpack it first, with uncompress"},
	{0, "\x5d\x00\x00", "compressed with lzma", "unpack it first, with xz -d"},
	{0, "7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"},
	{0, "Rar!\x1a\x07", "a RAR archive", "unpack it first"},
	{257, "ustar", "a tar archive", "unpack it first"},
	{0, "PAR1", "a Parquet file", "write it as CSV"},
	{0, "ARROW1", "an Arrow file", "write it as CSV"},
	{0, "FEA1", "a Feather file", "write it as CSV"},
	{0, "Obj\x01", "an Avro file", "write it as CSV"},
	{0, "\x89HDF\r\n\x1a\n", "an HDF5 file", "write it as CSV"},
	{0, "CDF\x01", "a NetCDF file", "write it as CSV"},
	{0, "CDF\x02", "a NetCDF file", "write it as CSV"},
	{0, "\x93NUMPY", "a NumPy array", "write it as CSV, with numpy.savetxt, or make datasets.NewExamples of it"},
	{0, "MATLAB 5.0 MAT-file", "a MATLAB file", "write it as CSV"},
	{0, "\x80\x02", "a Python pickle", "write it as CSV, or take the binary version of the set"},
	{0, "\x80\x03", "a Python pickle", "write it as CSV, or take the binary version of the set"},
	{0, "\x80\x04", "a Python pickle", "write it as CSV, or take the binary version of the set"},
	{0, "\x80\x05", "a Python pickle", "write it as CSV, or take the binary version of the set"},
	{0, "RDX2\n", "R's saved data", "write it as CSV, with write.csv"},
	{0, "RDX3\n", "R's saved data", "write it as CSV, with write.csv"},
	{0, "X\n\x00\x00\x00", "R's saved data", "write it as CSV, with write.csv"},
	{0, "$FL2", "an SPSS file", "write it as CSV"},
	{0, "<stata_dta>", "a Stata file", "write it as CSV"},
	{0, "SQLite format 3\x00", "an SQLite database", "write the table as CSV"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook", "save it as CSV"},
	{0, "%PDF-", "a PDF document", "get the data itself"},
	{0, "{\\rtf", "a document in rich text", "save it as plain text"},
	{0, "\x89PNG\r\n\x1a\n", "a PNG picture", "pictures are read by OpenFolder"},
	{0, "\xff\xd8\xff", "a JPEG picture", "pictures are read by OpenFolder"},
	{0, "GIF87a", "a GIF picture", "pictures are read by OpenFolder"},
	{0, "GIF89a", "a GIF picture", "pictures are read by OpenFolder"},
	{0, "\x7fELF", "a program", "get the data itself"},
	{0, "MZ\x90", "a program", "get the data itself"},
	{0, "version https://git-lfs", "a pointer of Git LFS in the data's place", "get the data with git lfs pull"},
	{0, "\xff\xfe\x00\x00", "UTF-32 text", "save it as UTF-8"},
	{0, "\x00\x00\xfe\xff", "UTF-32 text", "save it as UTF-8"},
}

// isControl says whether a byte isn't found in text. A short mark alone could be the name of a column.
func isControl(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' }

// isIDX says whether a file starts as IDX files do.
func isIDX(head []byte) bool {
	return len(head) >= 4 && head[0] == 0 && head[1] == 0 && typesIDX[head[2]] != "" && head[3] >= 1 && head[3] <= maxIDXDims
}

// checkKind returns an error that says what a file is which starts like this, and what to do with it, where it is no
// text.
func checkKind(head []byte) error {
	kind := fileKind{what: "no text", doing: "get the data itself"}
	found := false
	for _, k := range fileKinds {
		if len(head) > k.at && bytes.HasPrefix(head[k.at:], []byte(k.mark)) && (len(k.mark) > 6 || bytes.ContainsFunc(head, isControl)) {
			kind, found = k, true
			break
		}
	}
	text := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(string(head), "\ufeff")))
	starts := func(marks ...string) bool {
		for _, m := range marks {
			if strings.HasPrefix(text, m) {
				return true
			}
		}
		return false
	}
	switch {
	case found:
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		kind = fileKind{what: "a ZIP archive", doing: "unpack it first; an Excel workbook is one, too: save it as CSV"}
	case isIDX(head):
		kind = fileKind{what: "an IDX file", doing: "a folder of such files is read by OpenIDX"}
	case starts("<!doctype html", "<html", "<head", "<body", "<!--"):
		kind = fileKind{what: "an HTML page", doing: "it may say why the data wasn't sent: get the data itself"}
	case starts("<?xml"):
		kind = fileKind{what: "an XML document", doing: "write the data as CSV"}
	case starts("{", "[{", "[[", "[\n"):
		kind = fileKind{what: "JSON", doing: "write the data as CSV"}
	case starts("@relation", "%") && strings.Contains(text, "@relation"):
		kind = fileKind{what: "an ARFF file", doing: "take the lines after @data, as CSV without a header"}
	case starts("%%matrixmarket"):
		kind = fileKind{what: "a Matrix Market file", doing: "write it as LIBSVM text"}
	case bytes.IndexByte(head, 0) < 0:
		return nil
	}
	return errors.Errorf("the file is %s: %s", kind.what, kind.doing)
}
