package activities_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/workflows/contract"
)

// slowReads is the object store of a world behind a door: what is read waits there until it opens.
type slowReads struct {
	asked chan struct{} // one for each reading that waits
	open  chan struct{}
}

func newSlowReads(t *testing.T, w *casetest.World) (*slowReads, *objects.Store) {
	t.Helper()
	s := &slowReads{asked: make(chan struct{}, 1000), open: make(chan struct{})}
	target := &url.URL{Scheme: "http", Host: w.Bucket.Endpoint}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is part of what was signed
	}}
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if in.Method != http.MethodPut && in.Method != http.MethodPost && in.URL.Query().Get("location") == "" {
			s.asked <- struct{}{}
			select {
			case <-s.open:
			case <-in.Context().Done():
				return
			}
		}
		proxy.ServeHTTP(out, in)
	}))
	t.Cleanup(server.Close)
	behind := w.Bucket
	behind.Endpoint = strings.TrimPrefix(server.URL, "http://")
	store, err := objects.Open(behind)
	require.NoError(t, err)
	return s, store
}

// An object store that does not answer keeps the package waiting, and nobody else: the person can still take the request
// back.
func TestObjectStoreThatHangsDoesNotHoldTheCase(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.begun()
	b.must(contract.ActivityCollect, b.shop(), nil)
	b.command(contract.FinishCollection)
	b.command(contract.Approve)
	reads, behind := newSlowReads(t, b.World)
	straight := b.Objects
	b.Objects = behind
	built := make(chan error, 1)
	go func() { built <- b.try(t.Context(), contract.ActivityPackage, b.shop(), nil) }()
	<-reads.asked
	_, err := b.Desk.Do(t.Context(), contract.CommandInput{Ref: b.Ref, Command: casetest.Command(contract.Withdraw)})
	require.NoError(t, err)
	close(reads.open)
	require.Error(t, <-built, "a package of a case that has ended")
	b.Objects = straight
	require.Equal(t, privacy.OutcomeWithdrawn, b.Outcome())
	require.Empty(t, b.Stored("/packages/"), "what was written of it is taken away")
}
