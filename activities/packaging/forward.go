package packaging

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// end is the last part of a package, where the directory of a ZIP is.
type end struct {
	tail []byte
	// from is where the tail begins, size how long the package is.
	from, size int64
}

// readEnd goes through a package once and keeps its end.
func readEnd(ctx context.Context, open Opened) (e *end, err error) {
	body, err := open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the package: %w", err)
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	e = &end{}
	chunk := make([]byte, 1<<20)
	for {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		n, err := io.ReadFull(body, chunk)
		if e.size += int64(n); len(e.tail) > maxTail {
			e.tail = append(e.tail[:0], e.tail[len(e.tail)-maxTail:]...)
		}
		e.tail = append(e.tail, chunk[:n]...)
		e.from = e.size - int64(len(e.tail))
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return e, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the package: %w", err)
		}
	}
}

// errBack says that something before what was read already is asked for.
var errBack = errors.New("the files of the package are not in the order of its directory")

// forward is a stream that is read at places, each behind the one before, with its end at hand.
type forward struct {
	body io.Reader
	at   int64
	end  *end
}

// ReadAt reads what begins at off. Only in the end it goes back.
func (f *forward) ReadAt(p []byte, off int64) (int, error) {
	if off >= f.end.from {
		n := copy(p, f.end.tail[min(off-f.end.from, int64(len(f.end.tail))):])
		if n < len(p) {
			return n, io.EOF
		}
		return n, nil
	}
	if off < f.at {
		return 0, errBack
	}
	skipped, err := io.CopyN(io.Discard, f.body, off-f.at)
	if f.at += skipped; err != nil {
		return 0, fmt.Errorf("read on in the package: %w", err)
	}
	n, err := io.ReadFull(f.body, p)
	f.at += int64(n)
	return n, err
}
