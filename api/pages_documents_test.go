package api_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

const payslip = "%PDF-1.7\npayslip of Ana"

// sendsDocument sends a file from the page of a request, as a browser without JavaScript does.
func (w *world) sendsDocument(at, pass, name, content string) answer {
	w.t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	require.NoError(w.t, parts.WriteField("pass", pass))
	part, err := parts.CreateFormFile("file", name)
	require.NoError(w.t, err)
	_, err = io.WriteString(part, content)
	require.NoError(w.t, err)
	require.NoError(w.t, parts.Close())
	return w.send("", http.MethodPost, at+"/send?lang=en", body.String(), "Content-Type", parts.FormDataContentType())
}

// sender is a person whose request is being reviewed, with the page for documents open before them.
func (w *world) sender(change ...func(map[string]any)) (request filed, at, pass string) {
	w.t.Helper()
	request = w.file("ana@example.test", change...)
	w.until(request.ID, "verifying")
	require.Equal(w.t, http.StatusOK, w.command(api.Agent, request.ID, "confirm-identity", map[string]any{"note": "called back on the number we know"}).Status)
	w.until(request.ID, "reviewing")
	at = statusLink.FindStringSubmatch(w.letter(request.ID.String(), "acknowledgement"))[1] + "/documents"
	return request, at, passField.FindStringSubmatch(string(w.unlocked(request.ID, at).Body))[1]
}

type listedDocument struct {
	ID                   uuid.UUID
	Kind, SHA256         string
	Bytes                int64
	MediaType            string     `json:"media_type"`
	SeenAt               *time.Time `json:"seen_at"`
	Decision, Name, File string
}

func (w *world) documentsOf(id uuid.UUID) []listedDocument {
	w.t.Helper()
	got := w.call(api.Auditor, http.MethodGet, "/v1/requests/"+id.String()+"/documents", nil)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	require.NotContains(w.t, string(got.Body), "payslip", "names are in no list")
	return into[struct{ Items []listedDocument }](w.t, got).Items
}

// A person sends a document that shows what they say. Staff are asked to look at it, and looking is recorded.
func TestPersonSendsADocument(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	request, at, pass := w.sender()
	status := at[:len(at)-len("/documents")]
	require.Contains(t, string(w.visit(status, nil).Body), `href="`+at+`?lang=en"`)
	closed := string(w.visit(at, nil).Body)
	require.NotContains(t, closed, `type="file"`, "nothing before the code")

	got := w.sendsDocument(at, pass, `C:\papers\payslip März.pdf`, payslip)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	for _, shown := range []string{"We have your document.", "payslip März.pdf", "1 KB"} {
		require.Contains(t, string(got.Body), shown)
	}
	require.Equal(t, http.StatusOK, w.sendsDocument(at, pass, "payslip März.pdf", payslip).Status)
	documents := w.documentsOf(request.ID)
	require.Len(t, documents, 1, "one page sends one file once")
	require.Equal(t, "sent", documents[0].Kind)
	require.Equal(t, "application/pdf", documents[0].MediaType)
	require.EqualValues(t, len(payslip), documents[0].Bytes)
	require.Nil(t, documents[0].SeenAt)
	stored, err := w.objects.List(t.Context(), "documents/")
	require.NoError(t, err)
	require.Len(t, stored, 1, "the second of them left nothing")
	require.Len(t, w.tasks(w.keys[api.Agent], "kind="+storage.TaskSentDocument), 1)
	w.hasSent(request.ID, documents[0])

	path := "/v1/requests/" + request.ID.String() + "/documents/" + documents[0].ID.String()
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodGet, path, nil).Status)
	seen := w.call(api.Agent, http.MethodGet, path, nil)
	require.Equal(t, payslip, string(seen.Body))
	require.Equal(t, "attachment; filename*=utf-8''payslip%20M%C3%A4rz.pdf", seen.Header.Get("Content-Disposition"))
	require.NotNil(t, w.documentsOf(request.ID)[0].SeenAt)
	require.Empty(t, w.tasks(w.keys[api.Agent], "kind="+storage.TaskSentDocument), "looked at")
	require.Equal(t, http.StatusOK, w.command(api.DPO, request.ID, "refuse", map[string]any{"reason": "manifestly_unfounded", "explanation": "No."}).Status)
	w.until(request.ID, "closed")
	after := w.sendsDocument(at, pass, "late.pdf", payslip+" of May")
	require.Equal(t, http.StatusConflict, after.Status)
	require.Contains(t, string(after.Body), "while your request is open")
	require.Contains(t, string(after.Body), "payslip März.pdf", "what was sent can still be seen")
	require.Contains(t, string(w.visit(status, nil).Body), "See the documents that you sent")
}

// hasSent says that the log names the person as who sent a document, and has the hash of what is stored.
func (w *world) hasSent(id uuid.UUID, d listedDocument) {
	w.t.Helper()
	var sent []audit.Event
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.CaseEvents(ctx, id)
		for _, line := range all {
			if line.Event.Action == audit.DocumentSent {
				sent = append(sent, line.Event)
			}
		}
		return err
	})
	require.Len(w.t, sent, 1)
	require.Equal(w.t, audit.Actor{Kind: audit.Subject, ID: id.String()}, sent[0].Actor)
	require.Equal(w.t, d.ID.String(), sent[0].Object.ID)
	require.Equal(w.t, d.SHA256, hex.EncodeToString(sent[0].Evidence))
}

// Whatever is no document, or comes without the page that the code opened, or from somebody of whom it is not known who they are, is refused with
// words that say what to do, and leaves nothing.
func TestDocumentsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	request, at, pass := w.sender(func(b map[string]any) { b["language"] = "en" })
	for name, try := range map[string]struct {
		content, said string
		status        int
	}{
		"words":     {"plain words", "PDF, JPEG or PNG, at most 10 MB", http.StatusUnprocessableEntity},
		"nothing":   {"", "Choose a file first", http.StatusUnprocessableEntity},
		"large":     {"%PDF-1.7" + string(make([]byte, 10<<20)), "larger than 10 MB", http.StatusRequestEntityTooLarge},
		"very long": {"%PDF-1.7" + string(make([]byte, 60<<20)), "larger than 10 MB", http.StatusRequestEntityTooLarge},
	} {
		got := w.sendsDocument(at, pass, "x.pdf", try.content)
		require.Equal(t, try.status, got.Status, name)
		require.Contains(t, string(got.Body), try.said, name)
		require.Contains(t, string(got.Body), `href="#file"`, name)
	}
	stranger := w.sendsDocument(at, "made-up", "x.pdf", payslip)
	require.Equal(t, http.StatusForbidden, stranger.Status)
	require.Contains(t, string(stranger.Body), "the document was not kept")
	w.clock.Advance(31 * time.Minute)
	require.Equal(t, http.StatusForbidden, w.sendsDocument(at, pass, "x.pdf", payslip).Status, "the page is old")
	require.Equal(t, http.StatusForbidden, w.visit(at+"/send", url.Values{"file": {payslip}}).Status, "a form without a file")
	require.Empty(t, w.documentsOf(request.ID))

	unproven := w.file("bea@example.test")
	w.until(unproven.ID, "verifying")
	theirs := statusLink.FindStringSubmatch(w.letter(unproven.ID.String(), "acknowledgement"))[1]
	require.NotContains(t, string(w.visit(theirs, nil).Body), "/documents")
	other := passField.FindStringSubmatch(string(w.unlocked(unproven.ID, theirs+"/messages").Body))[1]
	got := w.sendsDocument(theirs+"/documents", other, "x.pdf", payslip)
	require.Equal(t, http.StatusConflict, got.Status)
	require.Contains(t, string(got.Body), "once we know that it is you")
	require.NotContains(t, string(got.Body), `type="file"`)
	stored, err := w.objects.List(t.Context(), "documents/")
	require.NoError(t, err)
	require.Empty(t, stored)
}

// Who sends very often is asked to wait, and to choose the document again: no page can carry one.
func TestDocumentsAreRateLimited(t *testing.T) {
	t.Parallel()
	w := working(t, func(w *world, c *api.Config) {
		wide(w, c)
		c.Limits.Pages.Send = throttle.Rule{Every: time.Hour, Burst: 4} // three of them open the page
	})
	request, at, pass := w.sender()
	require.Equal(t, http.StatusOK, w.sendsDocument(at, pass, "one.pdf", payslip).Status)
	wait := w.sendsDocument(at, pass, "two.pdf", payslip+" of May")
	require.Equal(t, http.StatusTooManyRequests, wait.Status)
	require.NotEmpty(t, wait.Header.Get("Retry-After"))
	require.Contains(t, string(wait.Body), "choose the document again")
	require.Len(t, w.documentsOf(request.ID), 1)
}

// The forms of rights that documents matter to say where they can be sent; no stranger sends one with the form.
func TestFormSaysWhereDocumentsGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	page := string(w.visit("/acme/request?lang=en", nil).Body)
	require.Contains(t, page, "you can send it on the page of your request")
	require.NotContains(t, page, `type="file"`)
}
