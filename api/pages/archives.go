package pages

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"github.com/privacy-docket/docket/casework"
)

// Carry writes of a package what another controller is given. The same package gives the same bytes.
type Carry func(ctx context.Context, w io.Writer, open func(context.Context) (io.ReadCloser, error)) error

const (
	// maxArchives is of how many archives it is kept what they are.
	maxArchives = 1000
	// measureTime bounds the reading of a package to see what its archive is.
	measureTime = 10 * time.Minute
)

// archive is what is known of one before it goes out: how many bytes, and their SHA-256.
type archive struct {
	size int64
	sum  [sha256.Size]byte
}

// archives knows what the archives of packages are. Each is read once: whoever has a link could have the store read for nothing otherwise. It is safe for
// concurrent use.
type archives struct {
	carry  Carry
	flight singleflight.Group

	mu    sync.Mutex
	known map[uuid.UUID]archive
}

// measure says what the archive of a package is. All who ask for one at once wait for one reading, which ends also where they have gone.
func (a *archives) measure(ctx context.Context, at casework.Fetchable) (archive, error) {
	a.mu.Lock()
	found, ok := a.known[at.Package]
	a.mu.Unlock()
	if ok {
		return found, nil
	}
	read := a.flight.DoChan(at.Package.String(), func() (any, error) {
		reading, cancel := context.WithTimeout(context.WithoutCancel(ctx), measureTime)
		defer cancel()
		return a.read(reading, at)
	})
	select {
	case <-ctx.Done():
		return archive{}, ctx.Err()
	case done := <-read:
		if done.Err != nil {
			return archive{}, done.Err
		}
		return done.Val.(archive), nil //nolint:forcetypeassert // read gives nothing else
	}
}

func (a *archives) read(ctx context.Context, at casework.Fetchable) (archive, error) {
	out := newOutgoing(io.Discard, nil)
	if err := a.carry(ctx, out, at.Open); err != nil {
		return archive{}, fmt.Errorf("measure what is fetched: %w", err)
	}
	found := out.archive()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.known) >= maxArchives {
		clear(a.known)
	}
	a.known[at.Package] = found
	return found, nil
}

// lookEvery is after how many bytes it is looked whether an archive that goes out may still do so.
const lookEvery = 1 << 20

// outgoing is an archive on its way out.
type outgoing struct {
	to   io.Writer
	hash hash.Hash
	sent int64
	// look says whether it may go on; nil where nobody can end it. next is when it is asked, in bytes.
	look func() error
	next int64
}

func newOutgoing(to io.Writer, look func() error) *outgoing {
	return &outgoing{to: to, hash: sha256.New(), look: look, next: lookEvery}
}

// Write sends on, and counts what went out.
func (o *outgoing) Write(p []byte) (int, error) {
	if o.look != nil && o.sent+int64(len(p)) > o.next {
		if err := o.look(); err != nil {
			return 0, err
		}
		o.next = o.sent + int64(len(p)) + lookEvery
	}
	n, err := o.to.Write(p)
	_, _ = o.hash.Write(p[:n]) // never fails
	o.sent += int64(n)
	return n, err
}

// archive is what went out.
func (o *outgoing) archive() archive {
	return archive{size: o.sent, sum: [sha256.Size]byte(o.hash.Sum(nil))}
}
