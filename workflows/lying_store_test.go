package workflows_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// liar stands before an object store. Told to, it takes deletions without passing them on, or answers listings as it did before.
type liar struct {
	honest http.Handler
	mu     sync.Mutex
	keeps  bool
	stale  bool
	lists  map[string][]byte
}

// swallowed is how a store says that everything was deleted.
const swallowed = `<?xml version="1.0" encoding="UTF-8"?><DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></DeleteResult>`

// told has it lie from now on.
func (l *liar) told(keeps, stale bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keeps, l.stale = keeps, stale
}

// ServeHTTP implements http.Handler.
func (l *liar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	keeps, stale, before := l.keeps, l.stale, l.lists[r.URL.RequestURI()]
	l.mu.Unlock()
	query := r.URL.Query()
	switch {
	case keeps && r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	case keeps && r.Method == http.MethodPost && query.Has("delete"):
		w.Header().Set("Content-Type", "application/xml")
		_, _ = io.WriteString(w, swallowed)
	case stale && before != nil:
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write(before)
	case !stale && r.Method == http.MethodGet && (query.Has("list-type") || query.Has("versions")):
		answer := httptest.NewRecorder()
		l.honest.ServeHTTP(answer, r)
		l.mu.Lock()
		l.lists[r.URL.RequestURI()] = bytes.Clone(answer.Body.Bytes())
		l.mu.Unlock()
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	default:
		l.honest.ServeHTTP(w, r)
	}
}

// fronted puts a liar before the cellar.
func (p *play) fronted() *liar {
	p.t.Helper()
	endpoint := localtest.Stack(p.t).Objects.Endpoint
	l := &liar{honest: httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: endpoint}), lists: map[string][]byte{}}
	server := httptest.NewServer(l)
	p.t.Cleanup(server.Close)
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.SystemByKey(ctx, "cellar")
		if err != nil {
			return err
		}
		system.Service = strings.Replace(system.Service, "http://"+endpoint, server.URL, 1)
		return tx.UpdateSystem(ctx, system)
	})
	return l
}

// A store that takes deletions and deletes nothing, or that goes on listing what is gone, is not believed: a person is asked.
func TestStoresThatLieAboutDeletions(t *testing.T) {
	t.Parallel()
	for name, lie := range map[string]struct {
		keeps, stale bool
		left         int
	}{
		"deletes nothing":       {keeps: true, left: 6},
		"lists what is gone":    {stale: true, left: 3},
		"both, and shows it so": {keeps: true, stale: true, left: 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newErasure(t, stage{})
			keys := p.cellar()
			l := p.fronted()
			p.at(time.Hour, p.proposed)
			p.at(2*time.Hour, func() {
				l.told(lie.keeps, lie.stale)
				p.approved()
			})
			p.at(3*day, func() {
				p.is(privacy.RequestExecuting)
				require.Equal(t, []string{storage.TaskErasureFailed}, p.OpenTasks())
				require.Len(t, keys(), lie.left)
				p.notClean()
				l.told(false, false)
				p.accepted(casetest.Command(contract.Recollect, p.Saying("The store has mended it.")))
			})
			p.anew(4 * day)
			p.run()
			require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
			require.Equal(t, []string{"invoices/ID1/2025-3.pdf", "letters/2.txt"}, keys())
		})
	}
}
