package activities

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/workflows/contract"
)

// packed is a package with one file of so many bytes, which are not made smaller.
func packed(t *testing.T, size int) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	file, err := z.CreateHeader(&zip.FileHeader{Name: "data/shop/orders.json", Method: zip.Store})
	require.NoError(t, err)
	_, err = file.Write(make([]byte, size))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return out.Bytes()
}

// streaming gives a package as it stands in the store.
func streaming(b []byte) packaging.Opened {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

// puts sends what is opened to a receiver, by the measure of what the archive would be.
func puts(t *testing.T, to http.HandlerFunc, archive []byte, open packaging.Opened) upload {
	t.Helper()
	receiver := httptest.NewServer(to)
	t.Cleanup(receiver.Close)
	sum, size, err := measured(t.Context(), streaming(archive))
	require.NoError(t, err)
	sends := &Transmissions{client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	return sends.put(t.Context(), receiver.URL, open, sum, size)
}

// A yes that comes before all of it went out is none: whoever says it has not got the data. It is tried again.
func TestAYesBeforeTheEndIsNone(t *testing.T) {
	t.Parallel()
	archive := packed(t, 96<<20) // more than what a connection holds on its way
	over := make(chan struct{})
	got := puts(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		_ = http.NewResponseController(w).Flush()
		<-over // what is left on the way is not read
	}, archive, streaming(archive))
	close(over)
	require.False(t, got.whole)
	require.False(t, got.unconfirmed(), "nobody can have all of it")
	require.Equal(t, http.StatusCreated, got.status)
	require.Equal(t, unread, got.code())
	var app *temporal.ApplicationError
	require.ErrorAs(t, got.err, &app)
	require.False(t, app.NonRetryable())
}

// A yes that comes once all of it went out counts.
func TestAYesAfterTheEndCounts(t *testing.T) {
	t.Parallel()
	archive := packed(t, 3<<20)
	got := puts(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusCreated)
	}, archive, streaming(archive))
	require.NoError(t, got.err)
	require.True(t, got.whole)
}

// What our own store does not give is no fault of the receiver's, whatever that says to half an archive.
func TestAFaultOfOurOwnIsNotTheReceivers(t *testing.T) {
	t.Parallel()
	archive := packed(t, 40<<20) // more than the end of it that is held
	away := errors.New("the store is away")
	for name, answer := range map[string]int{"yes": http.StatusCreated, "no": http.StatusBadRequest} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var opened atomic.Int32
			got := puts(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.CopyN(io.Discard, r.Body, 1<<20)
				w.WriteHeader(answer)
			}, archive, func(ctx context.Context) (io.ReadCloser, error) {
				if opened.Add(1) == 1 {
					return streaming(archive)(ctx)
				}
				return io.NopCloser(io.MultiReader(bytes.NewReader(archive[:2<<10]), iotest.ErrReader(away))), nil
			})
			require.ErrorIs(t, got.err, away)
			require.False(t, got.whole)
			require.False(t, got.unconfirmed())
			require.Equal(t, ourFault, got.code())
			var app *temporal.ApplicationError
			require.False(t, errors.As(got.err, &app) && app.Type() == contract.ErrorReceiver)
		})
	}
}
