package fetch

import (
	"context"
	"fmt"
	"strings"

	"github.com/pkg/errors"
)

// downloadAll gets files. Where one can't be got, the error says how to get it, and those that would have come after
// it, by hand.
func (f *Fetcher) downloadAll(ctx context.Context, files []File, dir string) error {
	for i, file := range files {
		err := f.download(ctx, file, dir)
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return err
		}
		return errors.WithMessagef(err, "can't fetch %s; get in another way and put into %s:%s\nthe reason", file.Name, dir, byHand(files[i:]))
	}
	return nil
}

// byHand lists files, a line each, with where they are published and how to know them.
func byHand(files []File) string {
	var list strings.Builder
	for _, file := range files {
		fmt.Fprintf(&list, "\n\t%s: %s, %d bytes, SHA-256 %s", file.Name, file.URLs[0], file.Size, file.SHA256)
	}
	return list.String()
}
