package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// certified gives the tenant a case whose certificate waits, and signs it when asked to.
func (w *world) certified() (id uuid.UUID, sign func()) {
	w.t.Helper()
	filled := storagetest.Fill(w.t, w.db, w.tenant)
	return filled.Case, func() {
		w.t.Helper()
		require.NoError(w.t, w.db.Change(w.t.Context(), w.tenant, casework.System("relay"), func(ctx context.Context, tx *storage.Tx) error {
			drafts, err := tx.CertificateDrafts(ctx, 10)
			require.NoError(w.t, err)
			require.Len(w.t, drafts, 1)
			c := drafts[0].Certificate
			c.Tenant.Name, c.Request = tx.Tenant().Name, audit.CertifiedRequest{ID: filled.Case.String(), Reference: "DR-1", LawName: "GDPR", Right: "erasure", Citation: "GDPR Art 17", Received: tx.Now()}
			c.Systems, c.Signed, c.Plan = []audit.CertifiedSystem{}, tx.Now().UTC(), audit.CertifiedPlan{Begun: tx.Now(), Ended: tx.Now()}
			leaf := tlog.RecordHash([]byte("x"))
			c.Log.Events = []audit.CertifiedEvent{{Index: 1, Leaf: leaf, Action: audit.ErasureApproved, Outcome: audit.Done, At: tx.Now()}, {Index: 2, Leaf: leaf, Action: audit.ErasureCarriedOut, Outcome: audit.Done, At: tx.Now()}}
			note, text, err := w.config.Signer.Certify(c, audit.Head{Size: 5, Root: leaf})
			require.NoError(w.t, err)
			return tx.SignCertificate(ctx, drafts[0], note, text)
		}))
	}
}

// Whoever may see the plan may see its certificate and print it; it can be checked with the log's key alone.
func TestErasureCertificate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	id, sign := w.certified()
	path := "/v1/requests/" + id.String() + "/erasure/certificate"
	early := w.call(api.Agent, http.MethodGet, path, nil)
	require.Equal(t, http.StatusConflict, early.Status)
	require.Equal(t, "no-certificate-yet", into[problem](t, early).Code)
	sign()
	key, err := w.config.Signer.VerifierKey(w.tenant.String())
	require.NoError(t, err)
	for _, role := range api.Roles() {
		got := w.call(role, http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, got.Status, role)
		c, err := audit.OpenCertificate(got.Body, key)
		require.NoError(t, err, "the whole answer is what docket audit verify-certificate takes")
		require.Equal(t, "DR-1", c.Request.Reference)
		printed := w.call(role, http.MethodGet, path+".pdf", nil)
		require.Equal(t, http.StatusOK, printed.Status, role)
		require.Equal(t, "application/pdf", printed.Header.Get("Content-Type"))
		require.Contains(t, printed.Header.Get("Content-Disposition"), "erasure-DR-1.pdf")
		require.True(t, strings.HasPrefix(string(printed.Body), "%PDF-"))
	}
	for _, suffix := range []string{"", ".pdf"} {
		require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodGet, path+suffix, nil).Status, "another tenant's")
		require.Equal(t, http.StatusUnauthorized, w.send("", http.MethodGet, path+suffix, nil).Status)
		none := strings.Replace(path, id.String(), uuid.NewString(), 1)
		require.Equal(t, http.StatusNotFound, w.call(api.DPO, http.MethodGet, none+suffix, nil).Status)
	}
}
