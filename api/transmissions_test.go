package api_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/api"
)

type sentAnswer struct {
	Items []struct {
		ID                      uuid.UUID
		Receiver, State, Reason string
		Status                  int
		Bytes                   int64
		AskedBy                 string `json:"asked_by"`
		Address                 string
	}
}

// portable leads a request for portability to its package.
func (w *world) portable() (id uuid.UUID, status string) {
	w.t.Helper()
	w.withPeople()
	filed := w.file("ana@example.test", func(b map[string]any) { b["right"] = "portability" })
	w.until(filed.ID, "verifying")
	w.proveByDocument(filed.ID)
	w.until(filed.ID, "reviewing")
	got := w.command(api.DPO, filed.ID, "approve", map[string]any{})
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	w.until(filed.ID, "closed")
	return filed.ID, statusLink.FindStringSubmatch(w.letter(filed.ID.String(), "acknowledgement"))[1]
}

// taking is another controller that takes uploads; what it was given comes out of the channel.
func taking(t *testing.T) (address string, taken <-chan []byte) {
	t.Helper()
	out := make(chan []byte, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		out <- body
	}))
	t.Cleanup(server.Close)
	return server.URL + "/in?signature=secret", out
}

func (w *world) sentFrom(id uuid.UUID) sentAnswer {
	w.t.Helper()
	got := w.call(api.Agent, http.MethodGet, "/v1/requests/"+id.String()+"/transmissions", nil)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	require.NotContains(w.t, string(got.Body), "signature=secret")
	return into[sentAnswer](w.t, got)
}

// Art. 20(2) GDPR: the person has their data sent from their page, behind a code, once however often the form is sent; staff see what came of it.
func TestArt20PeopleHaveTheirDataSent(t *testing.T) {
	t.Parallel()
	w := working(t, wide, func(_ *world, c *api.Config) { c.WebhooksLocal = true })
	id, status := w.portable()
	require.Contains(t, string(w.visit(status, nil).Body), status+"/transmit")
	require.NotContains(t, string(w.visit(status+"/transmit", nil).Body), "transmit_address", "the link alone is not enough")
	page := w.unlocked(id, status+"/transmit")
	pass := passField.FindStringSubmatch(string(page.Body))[1]
	form := func(receiver, address string) url.Values {
		return url.Values{"pass": {pass}, "transmit_receiver": {receiver}, "transmit_address": {address}}
	}
	for said, wrong := range map[string]url.Values{
		"Say which company it is": form("", "https://receiver.example/in"), "We can&#39;t send it there": form("Seabird Bicycles", "receiver.example"),
	} {
		got := w.visit(status+"/transmit/send", wrong)
		require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusConflict}, got.Status, "%s", got.Body)
		require.Contains(t, string(got.Body), said)
	}
	forged := form("Seabird Bicycles", "https://receiver.example/in")
	forged.Set("pass", "forged")
	require.Equal(t, http.StatusForbidden, w.visit(status+"/transmit/send", forged).Status)
	require.Empty(t, w.sentFrom(id).Items)

	address, taken := taking(t)
	for range 2 {
		got := w.visit(status+"/transmit/send", form("Seabird Bicycles", address))
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
		require.Contains(t, string(got.Body), "We are sending your data.")
	}
	body := <-taken
	report, err := packaging.Verify(bytes.NewReader(body), int64(len(body)))
	require.NoError(t, err)
	require.True(t, report.OK())
	require.Eventually(t, func() bool { return w.sentFrom(id).Items[0].State == "sent" }, 20*time.Second, 20*time.Millisecond)
	sent := w.sentFrom(id)
	require.Len(t, sent.Items, 1)
	require.Equal(t, "Seabird Bicycles", sent.Items[0].Receiver)
	require.Equal(t, "subject", sent.Items[0].AskedBy)
	require.Equal(t, http.StatusOK, sent.Items[0].Status)
	require.EqualValues(t, len(body), sent.Items[0].Bytes)
	require.Contains(t, w.letter(id.String(), "transmitted"), "Seabird Bicycles")
}

// Staff have it sent for the person, in the open network alone unless the operator lets it; a package of another right goes nowhere.
func TestArt20StaffHaveDataSent(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	id, _ := w.portable()
	address, _ := taking(t)
	clear := w.command(api.DPO, id, "transmissions", map[string]any{"receiver": "Seabird Bicycles", "address": address})
	require.Equal(t, http.StatusConflict, clear.Status, "%s", clear.Body)
	require.Equal(t, "transmission", into[problem](t, clear).Code)
	require.NotContains(t, string(clear.Body), "signature=secret")
	require.Equal(t, http.StatusForbidden, w.command(api.Agent, id, "transmissions", map[string]any{"receiver": "Seabird Bicycles", "address": "https://receiver.example/in"}).Status)
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodGet, "/v1/requests/"+id.String()+"/transmissions", nil).Status)
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodGet, "/v1/requests/"+id.String()+"/transmissions", nil).Status)
	gone := w.command(api.DPO, id, "transmissions/"+uuid.NewString()+"/refuse", map[string]any{"explanation": "They take no uploads."})
	require.Equal(t, http.StatusNotFound, gone.Status)
	access := w.file("bea@example.test")
	other := w.command(api.DPO, access.ID, "transmissions", map[string]any{"receiver": "Seabird Bicycles", "address": "https://receiver.example/in"})
	require.Contains(t, into[problem](t, other).Detail, "only what a request for portability came to")
}
