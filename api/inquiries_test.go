package api_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

const vendorDeclaration = `
declaration:
  - system: printer
    name: {en: Printing House}
    purposes:
      - {use: essential.service, description: {en: Printing}, lawful_basis: contract, data_categories: [user]}
    retention: [{data_categories: [user], criteria: {en: as long as needed}}]
    source: {from_subject: true}
    automated_decisions: []
`

const vendorDocument = "asked:\n  of: Printing House\n  email: privacy@printing.example\n  language: de\n"

// newVendor adds a system that a vendor has, and gives its id.
func (w *world) newVendor() uuid.UUID {
	w.t.Helper()
	made := w.call(api.Admin, http.MethodPost, "/v1/systems", map[string]any{
		"key": "printer", "name": "Printing House", "kind": "email", "target": "", "service": vendorDocument, "declaration": vendorDeclaration,
	})
	require.Equal(w.t, http.StatusCreated, made.Status, "%s", made.Body)
	return into[struct{ ID uuid.UUID }](w.t, made).ID
}

var askedLink = regexp.MustCompile(`http://docket\.test(/acme/asked/\S+)`)

// asks has the vendor asked about a request, and gives the inquiry and the path of its page.
func (w *world) asks(system, id uuid.UUID, purpose privacy.InquiryPurpose) (inquiry uuid.UUID, page string) {
	w.t.Helper()
	ref, ctx := contract.Ref{Tenant: w.tenant, Case: id}, w.t.Context()
	var row storage.System
	require.NoError(w.t, w.db.Read(ctx, w.tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		row, err = tx.System(ctx, system)
		return err
	}))
	i, err := w.desk.Inquire(ctx, ref, casework.System("test"), casework.AskingFor{System: row, Purpose: purpose, Turn: string(purpose), Again: true})
	require.NoError(w.t, err)
	_, err = w.desk.StepInquiry(ctx, contract.InquiryInput{Ref: ref, Inquiry: i.ID})
	require.NoError(w.t, err)
	found := askedLink.FindAllStringSubmatch(w.letter(id.String(), "inquiry"), -1)
	require.NotEmpty(w.t, found)
	return i.ID, found[0][1]
}

var removeButton = regexp.MustCompile(`name="remove" value="([^"]+)"`)

// answerForm is what the page of an inquiry sends, with a file where one is named.
func (w *world) answerForm(page string, fields map[string]string, name, content string) answer {
	w.t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, field := range []string{"pass", "outcome", "words", "act", "remove"} {
		if fields[field] != "" {
			require.NoError(w.t, parts.WriteField(field, fields[field]))
		}
		if field == "pass" && name != "" { // where it stands in the page
			part, err := parts.CreateFormFile("file", name)
			require.NoError(w.t, err)
			_, err = part.Write([]byte(content))
			require.NoError(w.t, err)
		}
	}
	require.NoError(w.t, parts.Close())
	return w.send("", http.MethodPost, page+"/answer", body.String(), "Content-Type", parts.FormDataContentType())
}

// A vendor's page shows whom it is about only to whoever asks for it, takes files one by one, and ends with one answer.
func TestAVendorAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	filed := w.file("ana@example.test")
	id, page := w.asks(w.newVendor(), filed.ID, privacy.InquireCopy)

	letter := w.letter(filed.ID.String(), "inquiry")
	require.NotContains(t, letter, "ana@")
	cover := w.visit(page, nil)
	require.Equal(t, http.StatusOK, cover.Status)
	require.Contains(t, string(cover.Body), filed.Reference)
	require.Contains(t, string(cover.Body), "Ansehen, um wen es geht", "in the vendor's language")
	require.NotContains(t, string(cover.Body), "ana@", "programs that look into mailboxes open links, too")
	opened := w.visit(page+"?lang=en", url.Values{})
	require.Contains(t, string(opened.Body), "ana@example.test")
	pass := passField.FindStringSubmatch(string(opened.Body))[1]

	require.Equal(t, http.StatusForbidden, w.answerForm(page, map[string]string{"act": "answer", "outcome": "done"}, "", "").Status, "without a pass")
	stranger := w.answerForm(page, map[string]string{"pass": "!" + pass[1:], "act": "add"}, "a.csv", "canary")
	require.Equal(t, http.StatusForbidden, stranger.Status)
	require.NotContains(t, string(stranger.Body), "ana@")
	require.Equal(t, http.StatusUnprocessableEntity, w.answerForm(page, map[string]string{"pass": pass, "act": "add"}, "", "").Status, "no file was chosen")
	empty := w.answerForm(page, map[string]string{"pass": pass, "act": "answer", "outcome": "done"}, "", "")
	require.Equal(t, http.StatusUnprocessableEntity, empty.Status, "there is no copy")
	require.Contains(t, string(empty.Body), `id="file"`)
	kept := w.answerForm(page+"", map[string]string{"pass": pass, "act": "add"}, "letters/ana.csv", "canary,1")
	require.Equal(t, http.StatusOK, kept.Status, "%s", kept.Body)
	require.Contains(t, string(kept.Body), "<li>ana.csv ")
	other := w.answerForm(page, map[string]string{"pass": pass, "act": "add"}, "bob.csv", "of somebody else")
	remove := removeButton.FindAllStringSubmatch(string(other.Body), -1)
	require.Len(t, remove, 2)
	left := w.answerForm(page, map[string]string{"pass": pass, "remove": remove[1][1], "words": "Half", "outcome": "partly"}, "", "")
	require.NotContains(t, string(left.Body), "bob.csv")
	require.Contains(t, string(left.Body), "Half</textarea>", "what was typed stays")
	require.Equal(t, http.StatusOK, w.answerForm(page, map[string]string{"pass": pass, "remove": remove[1][1]}, "", "").Status, "it is gone already")
	w.clock.Advance(31 * time.Minute)
	stale := w.answerForm(page, map[string]string{"pass": pass, "act": "answer", "words": "Half of it", "outcome": "partly"}, "", "")
	require.Equal(t, http.StatusForbidden, stale.Status)
	require.Contains(t, string(stale.Body), `name="words" value="Half of it"`)
	again := string(w.visit(page, url.Values{"words": {"Half of it"}, "outcome": {"partly"}}).Body)
	require.Contains(t, again, "Half of it</textarea>")
	require.Contains(t, again, `value="partly" checked`)
	pass = passField.FindStringSubmatch(again)[1]
	long := w.answerForm(page, map[string]string{"pass": pass, "act": "add"}, "long.bin", strings.Repeat("x", casework.MaxDocument+1))
	require.Equal(t, http.StatusUnprocessableEntity, long.Status)
	for _, bytesOf := range []int{12 << 20, 60 << 20} {
		longer := string(w.answerForm(page, map[string]string{"pass": pass, "act": "add"}, "longer.bin", strings.Repeat("x", bytesOf)).Body)
		require.Contains(t, longer, "größer als 10 MB")
		require.Contains(t, longer, `href="#file"`)
	}
	require.Equal(t, http.StatusUnprocessableEntity, w.answerForm(page, map[string]string{"pass": pass, "act": "answer", "outcome": "partly"}, "", "").Status, "what is missing has to be said")
	done := w.answerForm(page, map[string]string{"pass": pass, "act": "answer", "outcome": "partly", "words": "2019 is lost."}, "more.csv", "canary,2")
	require.Equal(t, http.StatusOK, done.Status, "%s", done.Body)
	require.NotContains(t, string(w.visit(page, nil).Body), "ana@", "it has ended")
	require.Equal(t, http.StatusOK, w.answerForm(page, map[string]string{"pass": pass, "act": "answer", "outcome": "done", "words": "x"}, "", "").Status)

	at := "/v1/requests/" + filed.ID.String() + "/inquiries"
	seen := into[struct {
		Items []struct {
			State, Outcome, Words string
			Files                 []struct{ ID, Name string }
		}
	}](t, w.call(api.Agent, http.MethodGet, at, nil)).Items
	require.Len(t, seen, 1)
	require.Equal(t, []string{"answered", "partly", "2019 is lost."}, []string{seen[0].State, seen[0].Outcome, seen[0].Words})
	require.Equal(t, []string{"ana.csv", "more.csv"}, []string{seen[0].Files[0].Name, seen[0].Files[1].Name})
	file := w.call(api.Agent, http.MethodGet, at+"/"+id.String()+"/files/"+seen[0].Files[0].ID, nil)
	require.Equal(t, "canary,1", string(file.Body))
	require.Equal(t, "attachment", file.Header.Get("Content-Disposition"), "no browser of ours shows it")
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodGet, at, nil).Status)
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodGet, at, nil).Status)
	require.Equal(t, http.StatusNotFound, w.visit("/other"+strings.TrimPrefix(page, "/acme"), nil).Status, "another tenant's page")
	require.Equal(t, http.StatusNotFound, w.visit("/acme/asked/made-up", nil).Status)
	detail := string(w.call(api.Auditor, http.MethodGet, "/v1/requests/"+filed.ID.String(), nil).Body)
	require.Contains(t, detail, `"inquiries":{"open":0,"all":1}`)
}

// A link ends with its time; staff ask again, enter answers that came another way, and close what nothing waits for, each once.
func TestInquiriesOfStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	filed, system := w.file("ana@example.test"), w.newVendor()
	id, page := w.asks(system, filed.ID, privacy.InquireErase)
	at := "/v1/requests/" + filed.ID.String() + "/inquiries/" + id.String()
	do := func(role api.Role, verb string, body any) answer {
		return w.call(role, http.MethodPost, at+"/"+verb, body, "Idempotency-Key", uuid.NewString())
	}
	require.Equal(t, http.StatusForbidden, do(api.Auditor, "answer", map[string]any{"outcome": "done"}).Status)
	require.Equal(t, http.StatusConflict, do(api.DPO, "close", map[string]any{"reason": "enough"}).Status, "the request waits for it")
	require.Equal(t, http.StatusOK, do(api.Agent, "again", map[string]any{}).Status)
	require.Contains(t, w.letter(filed.ID.String(), "inquiry_reminder"), "/acme/asked/")
	require.Equal(t, http.StatusConflict, w.upload(at+"/files", []byte("%PDF")).Status, "files come with copies alone")
	w.clock.Advance(14*24*time.Hour + 89*24*time.Hour)
	require.Equal(t, http.StatusOK, w.visit(page, nil).Status)
	w.clock.Advance(2 * 24 * time.Hour)
	require.Equal(t, http.StatusNotFound, w.visit(page, nil).Status, "a letter that lies about is no way in for ever")
	require.Equal(t, http.StatusConflict, do(api.Agent, "answer", map[string]any{"outcome": "refused", "words": "x"}).Status, "that it was erased elsewhere is an officer's word")
	require.Equal(t, http.StatusConflict, do(api.DPO, "answer", map[string]any{"outcome": "refused", "words": "  "}).Status, "why has to be said")
	key := uuid.NewString()
	for range 2 {
		got := w.call(api.DPO, http.MethodPost, at+"/answer", map[string]any{"outcome": "refused", "words": "They want an order."}, "Idempotency-Key", key)
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	}
	require.Equal(t, http.StatusConflict, do(api.DPO, "answer", map[string]any{"outcome": "done"}).Status)
	second, _ := w.asks(system, filed.ID, privacy.InquireErase)
	require.NotEqual(t, id, second)
}

// What a document asks for and can't be had is refused when it is written, with what to do; what somebody else has is not annotated.
func TestSystemsOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	system := func(kind, document, target string) answer {
		return w.call(api.Admin, http.MethodPost, "/v1/systems", map[string]any{
			"key": "printer", "name": "P", "kind": kind, "target": target, "service": document, "declaration": vendorDeclaration,
		})
	}
	const processor = "asked:\n  of: P\n  url: https://p.example/dsr\n  domain: p.example\n  auth: {kind: bearer}\n"
	for wrong, got := range map[string]answer{
		"email is missing":                 system("email", "asked:\n  of: P\n", ""),
		"no address of a mailbox":          system("email", "asked:\n  of: P\n  email: p\n", ""),
		"unknown":                          system("email", "asked:\n  of: P\n  email: p@p.example\n  url: https://p.example\n", ""),
		"secrets can't be used":            system("email", vendorDocument, "token=x"),
		"OpenDSR has no identity":          system("opendsr", processor+"  identities: [phone_number]\n", "token=x"),
		"write token=":                     system("opendsr", processor, ""),
		"unknown key":                      system("manual", "service: {}\n", ""),
		"a document belongs to systems of": system("postgres", vendorDocument, "postgres://a:b@c:1/d"),
	} {
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, wrong)
		require.Contains(t, string(got.Body), wrong)
	}
	made := system("opendsr", processor, "token=secret")
	require.Equal(t, http.StatusCreated, made.Status, "%s", made.Body)
	require.NotContains(t, string(made.Body), "secret")
	at := "/v1/systems/" + into[struct{ ID string }](t, made).ID
	annotated := w.call(api.Admin, http.MethodPut, at+"/dataset", peopleAnnotation, "Content-Type", "application/yaml")
	require.Equal(t, http.StatusUnprocessableEntity, annotated.Status)
	require.Contains(t, string(annotated.Body), "nothing to annotate")
	moved := w.call(api.Admin, http.MethodPatch, at, map[string]any{"service": strings.Replace(processor, "https://p.example", "https://q.example", 1)})
	require.Equal(t, http.StatusUnprocessableEntity, moved.Status, "secrets go nowhere else")
}
