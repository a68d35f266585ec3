package main

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/client"
)

// The same idempotency key files one request, however often it is sent.
func TestRetryFilesOneRequest(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	first := d.ana("--idempotency-key", "filed-once")
	require.Equal(t, first, d.ana("--idempotency-key", "filed-once"))
	require.Len(t, answer[client.Page[client.RequestLine]](d, "request", "list").Items, 1)
	require.NotEqual(t, first, d.ana())
}

// What may succeed later ends with status 75 and says under which key to try again; a no ends with 1 and does not.
func TestTemporaryFailuresCanBeRetried(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	reference := d.ana()
	err := d.fails("request", "approve", reference, "--note", "fine")
	require.Equal(t, statusTemporary, exitCode(err))
	require.ErrorContains(t, err, "The workflow engine cannot be reached. Nothing was changed; try again in a while. [temporal-unavailable]")
	require.ErrorContains(t, err, "wait   10s")
	require.Regexp(t, regexp.MustCompile(`--idempotency-key [0-9a-f-]{36}: what was done is not done twice`), err.Error())
	require.ErrorContains(t, d.fails("request", "approve", reference, "--idempotency-key", "mine"), "--idempotency-key mine")

	err = d.fails("request", "resend", reference)
	require.Equal(t, 1, exitCode(err))
	require.NotContains(t, err.Error(), "--idempotency-key")
}

// No answer at all is as unknown as can be, and is told so.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(server.Close)
	d := &desktop{t: t, env: map[string]string{"DOCKET_URL": server.URL, "DOCKET_API_KEY": "dk_x", "DOCKET_STATE": t.TempDir()}}
	d.verbs = &verbs{getenv: func(name string) string { return d.env[name] }}
	file := d.write("ana.json", `{"email": "ana.canary@example.test"}`)
	err := d.fails("request", "create", "--right", "access", "--person-file", file)
	require.Equal(t, statusTemporary, exitCode(err))
	require.ErrorContains(t, err, "no usable answer from the server")
	require.ErrorContains(t, err, "--idempotency-key ")
}

// The problem document's sentence, the fields and the role are told.
func TestRefusalsAreTold(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	reference := d.ana()
	for _, c := range []struct {
		role api.Role
		args []string
		told []string
	}{
		{api.Admin, []string{"request", "create", "--right", "oblivion", "--email", "b@example.test"}, []string{"Unprocessable Entity: ", "mend   body.right: ", "[invalid]"}},
		{api.Admin, []string{"request", "create", "--right", "access", "--regime", "lex-rhodia", "--email", "b@example.test"}, []string{"mend   body.regime: no such regime"}},
		{api.Agent, []string{"request", "cancel", reference}, []string{"Forbidden: A key with the role agent may not do this.", "[role]"}},
		{api.Auditor, []string{"request", "person", reference}, []string{"A key with the role auditor may not do this."}},
		{api.Admin, []string{"request", "redact", reference, "crm/crm/contacts/email", "--ground", "security"}, []string{"this one is received", "[state]"}},
		{api.Admin, []string{"audit", "checkpoint"}, []string{"The audit log has no signed checkpoint yet."}},
		{api.Admin, []string{"dataset", "show", "nope"}, []string{"Not Found: ", "[not-found]"}},
	} {
		d.as(c.role)
		err := d.fails(c.args...)
		require.Equal(t, 1, exitCode(err))
		for _, words := range c.told {
			require.ErrorContains(t, err, words, "docket %s", strings.Join(c.args, " "))
		}
	}
}

// Input that is wrong is refused before anything is sent, with what to give.
func TestBadInputIsRefusedHere(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	reference := d.ana()
	wide := d.write("wide.json", `{"email": "b@example.test", "shoe_size": 44}`)
	two := d.write("two.json", `{"email": "b@example.test"} {}`)
	for words, args := range map[string][]string{
		"unknown field":                        {"request", "create", "--right", "access", "--person-file", wide},
		"something stands behind the person":   {"request", "create", "--right", "access", "--person-file", two},
		"no e-mail address":                    {"request", "create", "--right", "access", "--name", "B"},
		"not a time with its zone":             {"request", "create", "--right", "access", "--email", "b@example.test", "--received", "yesterday"},
		"required flag(s) \"right\"":           {"request", "create"},
		"only one text can come from it":       {"request", "create", "--right", "access", "--person-file", "-", "--details", "-"},
		"SYSTEM/DATASET/COLLECTION/FIELD":      {"request", "redact", reference, "crm/crm", "--ground", "security"},
		"COLUMN=VALUE":                         {"request", "redact", reference, "crm/crm/contacts", "--ground", "security", "--rows", "id"},
		"--nobody":                             {"request", "assign", reference},
		"named by its reference":               {"request", "show", "somebody"},
		"a message is named by its id":         {"request", "message", reference, "7"},
		"a document is named by its id":        {"request", "document", reference, "7", "7.pdf"},
		"no such obligation":                   {"request", "acknowledge", reference, "tea"},
		"no system with this key":              {"system", "show", "nope"},
		"no member of staff":                   {"request", "assign", reference, "nobody@example.test"},
		"nothing to change":                    {"system", "change", "crm"},
		"neither a day":                        {"board", "--due-before", "soon"},
		"there is no text in what was read":    {"request", "note", reference, "--text", "-"},
		"is not of the form 2006-01-02":        {"request", "extend", reference, "--reason", "complexity", "--until", "June"},
		"a name and an e-mail address, both":   {"staff", "add", "--role", "dpo", "--name", "D"},
		"docket request has no such command":   {"request", "shw", reference},
		"expected docket request show REQUEST": {"request", "show"},
		"that is a key's secret":               {"apikey", "revoke", "dk_0000"},
	} {
		d.input = `{"email": "b@example.test"}`
		if strings.Contains(words, "no text") {
			d.input = " \n"
		}
		if strings.Contains(words, "nothing to change") {
			d.ok("system", "create", "--key", "crm", "--name", "C", "--target", "postgres://u:p@h/d", "--declaration", d.write("c.yaml", crmDeclaration))
		}
		require.ErrorContains(t, d.fails(args...), words)
	}
}

// Whatever goes wrong, the error repeats nothing of the person: it ends in logs and tickets.
func TestErrorsNameNoPerson(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	reference := d.ana()
	file := d.write("canary.json", `{"name": "Canary Surname", "email": "canary at example", "phone": "canary-phone"}`)
	broken := d.write("broken.json", `{"name": "Canary Surname" "email"`)
	for _, args := range [][]string{
		{"request", "create", "--right", "access", "--person-file", file, "--details", "canary details"},
		{"request", "create", "--right", "access", "--person-file", broken},
		{"request", "create", "--right", "oblivion", "--name", "Canary Surname", "--email", "canary@example.test", "--details", "canary details"},
		{"request", "show", "canary@example.test"},
		{"request", "assign", reference, "canary@example.test"},
		{"request", "note", reference, "--text", "canary note", "--idempotency-key", "\x01"},
		{"request", "refuse", reference, "--reason", "nonsense", "--explanation", "canary explanation"},
		{"request", "redact", reference, "a/b/c", "--rows", "email=canary@example.test", "--ground", "nonsense"},
		{"staff", "add", "--role", "nonsense", "--name", "Canary Surname", "--email", "canary"},
	} {
		got := d.run(args...)
		require.Error(t, got.err)
		require.NotContains(t, strings.ToLower(got.err.Error()+got.out+got.errs), "canary", "docket %s", strings.Join(args, " "))
	}
}
