package pages

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
)

// Pace is how fast a form has to come: Grace to begin with, then no slower than PerSecond bytes on the whole, and all of it
// within Most. A body that trickles would hold what others need.
type Pace struct {
	Grace, Most time.Duration
	PerSecond   int64
}

// usualPace lets a scan of 10 MB in over a slow line, and no more time pass than the server gives any body.
func usualPace() Pace { return Pace{Grace: 10 * time.Second, Most: time.Minute, PerSecond: 64 << 10} }

// paced reads a body at a pace. Deadlines of connections are on the wall clock.
type paced struct {
	io.Reader
	control *http.ResponseController
	pace    Pace
	wall    clockwork.Clock
	begun   time.Time
	came    int64
	whole   bool
}

func (p *paced) Read(b []byte) (int, error) {
	within := p.pace.Grace + time.Duration(p.came)*time.Second/time.Duration(p.pace.PerSecond)
	if err := p.until(p.begun.Add(min(within, p.pace.Most))); err != nil {
		return 0, err
	}
	n, err := p.Reader.Read(b)
	p.came += int64(n)
	p.whole = errors.Is(err, io.EOF)
	return n, err //nolint:wrapcheck // a reader hands on what it reads
}

// end gives the connection time again: what reads ahead on it must not end the work on the form, nor the answer.
func (p *paced) end() error {
	if p.whole {
		return p.until(time.Time{}) // no deadline
	}
	return p.until(p.wall.Now().Add(p.pace.Most))
}

func (p *paced) until(at time.Time) error {
	err := p.control.SetReadDeadline(at)
	if err != nil && !errors.Is(err, http.ErrNotSupported) { // there is no connection
		return fmt.Errorf("bound the time for the form: %w", err)
	}
	return nil
}

// shelf bounds how many documents wait in memory, and gives one origin no more than one place.
type shelf struct {
	mu   sync.Mutex
	held map[string]struct{}
}

// take takes a place, if there is one for the origin.
func (s *shelf) take(origin string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, holds := s.held[origin]; holds || len(s.held) >= proofsAtOnce {
		return false
	}
	s.held[origin] = struct{}{}
	return true
}

func (s *shelf) free(origin string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.held, origin)
}
