package objects_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/objects"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/reach"
)

const me = "a@example.org"

// listed is a page of a listing.
func listed(more string, keys ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><ListBucketResult><Name>b</Name><KeyCount>%d</KeyCount>%s`, len(keys), more)
	for _, key := range keys {
		fmt.Fprintf(&b, `<Contents><Key>%s</Key><LastModified>2024-05-01T08:00:00.000Z</LastModified><ETag>"e"</ETag><Size>4</Size></Contents>`, key)
	}
	return b.String() + `</ListBucketResult>`
}

// against reads a person's objects from a store that may say anything.
func against(t *testing.T, store http.HandlerFunc, limits string, change ...func(*objects.Config)) (*conformance.Recorder, error) {
	t.Helper()
	server := httptest.NewServer(store)
	t.Cleanup(server.Close)
	b := &bench{ObjectsAddress: local.ObjectsAddress{Endpoint: strings.TrimPrefix(server.URL, "http://"), AccessKey: "reader", SecretKey: "canary-secret", Bucket: "uploads"}}
	datasets := conformance.Parse(t, uploadsDataset)
	cfg := objects.Config{Document: strings.Replace(uploadsDocument, "bucket: BUCKET", "bucket: BUCKET\n  limits: {"+limits+"}", 1), Datasets: datasets}
	for _, f := range change {
		f(&cfg)
	}
	c := b.connector(t, cfg)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	sel := conformance.Plan(t, datasets, conformance.Email(me))
	sel.Only = append(sel.Only, conformance.AddressOf("uploads"))
	r := conformance.NewRecorder()
	err := c.Collect(t.Context(), sel, r)
	if err != nil {
		for _, secret := range []string{me, "canary", "somebody"} {
			require.NotContains(t, fmt.Sprintf("%+v", err), secret)
		}
	}
	return r, err
}

// answering answers listings with a text, and everything else with something that is fine.
func answering(list func(w http.ResponseWriter, r *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		switch {
		case query.Has("list-type") && query.Get("prefix") != "uploads/"+me+"/":
			fmt.Fprint(w, listed("")) // in capital letters there is nobody
		case query.Has("list-type"):
			list(w, r)
		case query.Has("tagging"):
			fmt.Fprint(w, `<Tagging><TagSet><Tag><Key>label</Key><Value>José</Value></Tag></TagSet></Tagging>`)
		default:
			w.Header().Set("Last-Modified", "Wed, 01 May 2024 08:00:00 GMT")
			w.Header().Set("ETag", `"e"`)
			fmt.Fprint(w, "%PDF")
		}
	}
}

func saying(text string) http.HandlerFunc {
	return answering(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) })
}

// A store that does as it should is read: also tags with letters that are none of ASCII's.
func TestAFakeStoreIsRead(t *testing.T) {
	t.Parallel()
	r, err := against(t, saying(listed("", "uploads/"+me+"/cv.pdf")), "concurrency: 1")
	require.NoError(t, err)
	rows := r.Kept[conformance.AddressOf("uploads")]
	require.Len(t, rows, 1)
	require.Equal(t, connectors.Bytes([]byte("%PDF")), rows[0][2])
	require.Equal(t, connectors.Text("José"), rows[0][3])
}

// What no store says that means well is not taken, and none of it is passed on.
func TestAnswersThatAreNotTaken(t *testing.T) {
	t.Parallel()
	endless := 0
	for name, c := range map[string]struct {
		store http.HandlerFunc
		code  connectors.Code
	}{
		"keys of others":       {saying(listed("", "uploads/somebody@example.org/cv.pdf")), connectors.ErrAnswer},
		"keys that lead away":  {saying(listed("", "uploads/"+me+"/../somebody/cv.pdf")), connectors.ErrAnswer},
		"pages without an end": {saying(listed(`<IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken>`)), connectors.ErrAnswer},
		"keys without an end": {answering(func(w http.ResponseWriter, _ *http.Request) {
			endless++
			fmt.Fprint(w, listed(`<IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken>`, fmt.Sprintf("uploads/%s/%d", me, endless)))
		}), connectors.ErrTooLarge},
		"the same key again and again": {saying(listed(`<IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken>`, "uploads/"+me+"/1")), connectors.ErrTooLarge},
		"an answer without an end": {answering(func(w http.ResponseWriter, _ *http.Request) {
			for range 10 << 10 {
				fmt.Fprint(w, strings.Repeat("<x>", 400))
			}
		}), connectors.ErrAnswer},
		"no XML": {saying("somebody's page"), connectors.ErrUnreachable},
		"a way elsewhere": {answering(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/somebody", http.StatusTemporaryRedirect)
		}), connectors.ErrDocument},
		"another region": {answering(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusMovedPermanently)
			fmt.Fprint(w, `<Error><Code>PermanentRedirect</Code><Endpoint>somebody.example</Endpoint></Error>`)
		}), connectors.ErrDocument},
		"a refusal that quotes": {answering(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `<Error><Code>AccessDenied</Code><Message>somebody may not see %s</Message><Resource>canary</Resource></Error>`, me)
		}), connectors.ErrPrivilege},
		"bad secrets": {answering(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<Error><Code>SignatureDoesNotMatch</Code><Message>canary</Message></Error>`)
		}), connectors.ErrCredentials},
		"no such bucket": {answering(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `<Error><Code>NoSuchBucket</Code></Error>`)
		}), connectors.ErrDatabase},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := against(t, c.store, "objects: 500, timeout: 20s")
			require.ErrorIs(t, err, c.code, "%v", err)
		})
	}
}

// Content that is another than the listing said is not delivered as what it isn't.
func TestContentThatIsNotWhatWasListed(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"shorter": "%P", "longer": "%PDF-1.7"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := saying(listed("", "uploads/"+me+"/cv.pdf"))
			_, err := against(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet && len(r.URL.Query()) == 0 {
					w.Header().Set("Last-Modified", "Wed, 01 May 2024 08:00:00 GMT")
					fmt.Fprint(w, content)
					return
				}
				list(w, r)
			}, "concurrency: 1")
			require.Error(t, err)
		})
	}
}

// A store that never answers is given up, and one that has too much to do is asked again.
func TestSlowAndBusyStores(t *testing.T) {
	t.Parallel()
	t.Run("slow", func(t *testing.T) {
		t.Parallel()
		_, err := against(t, answering(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), "timeout: 1s")
		require.ErrorIs(t, err, connectors.ErrTimeout)
		require.True(t, connectors.Temporary(err))
	})
	t.Run("busy", func(t *testing.T) {
		t.Parallel()
		var asked atomic.Int64
		fine := saying(listed("", "uploads/"+me+"/cv.pdf"))
		r, err := against(t, answering(func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) < 3 {
				w.WriteHeader(http.StatusServiceUnavailable)
				fmt.Fprint(w, `<Error><Code>SlowDown</Code></Error>`)
				return
			}
			fine(w, r)
		}), "concurrency: 1")
		require.NoError(t, err)
		require.Len(t, r.Kept[conformance.AddressOf("uploads")], 1)
	})
}

// Nothing is connected to but where the operator lets stores be.
func TestNothingButTheOpenNetwork(t *testing.T) {
	t.Parallel()
	asked := false
	store := func(http.ResponseWriter, *http.Request) { asked = true }
	for want, may := range map[string]func(netip.Addr) bool{
		"would be spoken to without TLS; write https": func(netip.Addr) bool { return false },
		"would be spoken to without TLS":              reach.Public,
	} {
		_, err := against(t, store, "concurrency: 1", func(cfg *objects.Config) { cfg.MayReachPlain = may })
		require.ErrorIs(t, err, connectors.ErrUnreachable)
		require.ErrorContains(t, err, want)
	}
	require.False(t, asked)
}
