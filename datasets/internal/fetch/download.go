package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fallline/fallline/internal/wholefile"
	"github.com/pkg/errors"
)

// partial ends the name of a file that isn't whole yet.
const partial = ".part"

// download gets a file from the first of its URLs that has it.
func (f *Fetcher) download(ctx context.Context, file File, dir string) error {
	path := filepath.Join(dir, file.Name)
	var failed error
	for _, url := range file.URLs {
		err := f.from(ctx, url, file, path+partial)
		if err == nil {
			return wholefile.Rename(path+partial, path)
		}
		if ctx.Err() != nil {
			return errors.WithMessage(ctx.Err(), "fetching "+url)
		}
		if failed == nil {
			failed = err
		} else {
			failed = errors.Errorf("%v; %v", failed, err)
		}
	}
	return failed
}

// from gets a file from a URL into part. What part has is taken for the file's beginning; where that makes the wrong
// sum it is started again.
func (f *Fetcher) from(ctx context.Context, url string, file File, part string) error {
	for {
		from, err := f.extend(ctx, url, file, part)
		if err != nil {
			return err
		}
		if err = file.check(ctx, part); err == nil || ctx.Err() != nil {
			return err
		}
		if removed := os.Remove(part); removed != nil {
			return errors.WithStack(removed)
		}
		if from == 0 {
			return errors.WithMessage(err, url)
		}
	}
}

// extend gets what part lacks. It returns how many bytes it had and are still in it.
func (f *Fetcher) extend(ctx context.Context, url string, file File, part string) (from int64, err error) {
	out, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return 0, errors.WithStack(err)
	}
	defer func() {
		end, unknown := out.Seek(0, io.SeekEnd)
		if closed := out.Close(); err == nil {
			err = errors.WithStack(closed)
		}
		if end == 0 && unknown == nil {
			os.Remove(part) // an empty file is no beginning
		}
	}()
	if from, err = out.Seek(0, io.SeekEnd); err != nil || from == file.Size {
		return from, errors.WithStack(err)
	}
	if from > file.Size {
		from = 0
	}
	ctx, stall := context.WithCancelCause(ctx)
	defer stall(nil)
	alarm := time.AfterFunc(f.Stall, func() { stall(errors.Errorf("nothing came for %v", f.Stall)) })
	defer alarm.Stop()
	body, from, err := f.open(ctx, url, file, from)
	if err != nil {
		return from, cause(ctx, err)
	}
	defer body.Close()
	if err := out.Truncate(from); err != nil {
		return from, errors.WithStack(err)
	}
	if _, err := out.Seek(from, io.SeekStart); err != nil {
		return from, errors.WithStack(err)
	}
	bar := f.begin(url, file, from)
	defer bar.end()
	n, err := io.Copy(io.MultiWriter(out, bar, awake{alarm, f.Stall}), io.LimitReader(body, file.Size-from+1))
	switch {
	case err != nil:
		return from, errors.WithMessagef(cause(ctx, err), "%s: cut off after %d of %d bytes, to go on from there the next time", url, from+n, file.Size)
	case from+n > file.Size:
		err = errors.Errorf("%s: more than the %d bytes wanted", url, file.Size)
		if cut := out.Truncate(0); cut != nil {
			err = errors.Wrapf(cut, "%v", err)
		}
		return from, err
	case from+n < file.Size:
		return from, errors.Errorf("%s: ended after %d of %d bytes, to go on from there the next time", url, from+n, file.Size)
	}
	return from, errors.WithStack(out.Sync())
}

// cause is why a context ended, where that is the reason for an error.
func cause(ctx context.Context, err error) error {
	if c := context.Cause(ctx); c != nil {
		return c
	}
	return errors.WithStack(err)
}

// open asks for a file's bytes from a place on. A server may give it from its beginning, and from is 0 then.
func (f *Fetcher) open(ctx context.Context, url string, file File, from int64) (io.ReadCloser, int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, from, err
	}
	if from > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	answer, err := f.Client.Do(request)
	if err != nil {
		return nil, from, err
	}
	want := file.Size - from
	switch {
	case answer.StatusCode == http.StatusOK:
		from, want = 0, file.Size
	case from > 0 && answer.StatusCode == http.StatusPartialContent && strings.HasPrefix(answer.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", from)):
	default:
		answer.Body.Close()
		return nil, from, errors.Errorf("%s: the server answers %s", url, answer.Status)
	}
	if answer.ContentLength >= 0 && answer.ContentLength != want {
		answer.Body.Close()
		return nil, from, errors.Errorf("%s: the server offers %d bytes, want %d", url, answer.ContentLength, want)
	}
	return answer.Body, from, nil
}

// awake puts an alarm off with everything that is written to it.
type awake struct {
	alarm *time.Timer
	by    time.Duration
}

func (a awake) Write(b []byte) (int, error) {
	a.alarm.Reset(a.by)
	return len(b), nil
}
