package api_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/api/pages"
	"github.com/privacy-docket/docket/api/partner"
	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

// canary stands in everything personal that the seeds hold; it may come up in no log and in no problem.
const canary = "canary-7f3e"

// still is a Temporal that answers at once and runs nothing: what reaches it was read and let through.
type still struct{}

func (still) ExecuteWorkflow(context.Context, client.StartWorkflowOptions, any, ...any) (client.WorkflowRun, error) {
	return nil, serviceerror.NewNotFound("no worker")
}

func (still) UpdateWorkflow(context.Context, client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	return done{}, nil
}

// done is a command that was carried out.
type done struct{ client.WorkflowUpdateHandle }

func (done) Get(context.Context, any) error { return nil }

func (still) SignalWorkflow(context.Context, string, string, string, any) error { return nil }

func (still) SignalWithStartWorkflow(context.Context, string, string, any, client.StartWorkflowOptions, any, ...any) (client.WorkflowRun, error) {
	return nil, nil //nolint:nilnil // nobody looks at the run
}

func (still) CheckHealth(context.Context, *client.CheckHealthRequest) (*client.CheckHealthResponse, error) {
	return &client.CheckHealthResponse{}, nil
}

// fuzzed is a world without limits on callers, in which a case lies.
func fuzzed(f *testing.F) (w *world, ids map[string]string) {
	f.Helper()
	w = newWorld(f, func(_ *world, c *api.Config) {
		all := throttle.Rule{Every: time.Nanosecond, Burst: 1 << 40}
		c.Limits = api.Limits{BadKeys: all, Open: all, Pages: pages.Limits{Look: all, Send: all, Tenant: all, Mailbox: all}, Partners: partner.Limits{Door: all, Partner: all, Refused: all}}
		c.Temporal = still{}
	})
	filed := w.file(canary + "@example.test")
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		return tx.AddStatusLink(ctx, filed.ID, casework.TokenHash("a-token"), began.AddDate(9, 0, 0))
	})
	system := w.call(api.Admin, http.MethodPost, "/v1/systems", map[string]any{
		"key": "crm", "kind": "postgres", "name": "CRM", "target": "postgres://u:p@127.0.0.1:1/d", "declaration": declaration,
	})
	require.Equal(f, http.StatusCreated, system.Status, "%s", system.Body)
	return w, map[string]string{
		"/v1/requests/{id}": filed.ID.String(), "/v1/policies/{id}": "gdpr", "{token}": "a-token",
		"/v1/systems/{id}": into[struct{ ID string }](f, system).ID,
	}
}

// spec is what the fuzzer reads of the OpenAPI document.
type spec struct {
	Paths      map[string]map[string]spelled
	Components struct{ Schemas map[string]*schema }
}

type spelled struct {
	Roles       []string `json:"x-docket-roles"`
	RequestBody struct {
		Content map[string]struct{ Schema *schema }
	}
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Format     string
	Enum       []any
	Properties map[string]*schema
	Items      *schema
	Minimum    float64
	MinLength  int
}

// route is one operation of the API.
type route struct {
	method, path, takes string
	// personal is about who is signed in, and called so.
	personal bool
	example  []byte
}

// routes lists every operation, with a body that fits its schema: a new operation is fuzzed without a change here.
func routes(f *testing.F) []route {
	f.Helper()
	text, err := os.ReadFile("testdata/openapi.json")
	require.NoError(f, err)
	var s spec
	require.NoError(f, json.Unmarshal(text, &s))
	var out []route
	for path, methods := range s.Paths {
		for method, op := range methods {
			r := route{method: strings.ToUpper(method), path: path, personal: slices.Contains(op.Roles, string(api.SignedIn))}
			for media, content := range op.RequestBody.Content {
				r.takes = media
				r.example, err = json.Marshal(s.example(content.Schema))
				require.NoError(f, err)
			}
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b route) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return out
}

// example makes a value of a schema.
func (s *spec) example(of *schema) any {
	if of == nil {
		return nil
	}
	if name, ok := strings.CutPrefix(of.Ref, "#/components/schemas/"); ok {
		return s.example(s.Components.Schemas[name])
	}
	kind, _ := of.Type.(string)
	if kinds, ok := of.Type.([]any); ok && len(kinds) > 0 {
		kind, _ = kinds[0].(string)
	}
	switch {
	case len(of.Enum) > 0:
		return of.Enum[0]
	case kind == "object":
		out := map[string]any{}
		for name, property := range of.Properties {
			out[name] = s.example(property)
		}
		return out
	case kind == "array":
		return []any{s.example(of.Items)}
	case kind == "integer", kind == "number":
		return max(of.Minimum, 1)
	case kind == "boolean":
		return true
	}
	return exampleText(of)
}

func exampleText(of *schema) string {
	switch of.Format {
	case "uuid":
		return "0197a0d8-0000-7000-8000-000000000001"
	case "date-time":
		return "2026-03-01T09:00:00Z"
	case "email":
		return canary + "@example.test"
	}
	return canary + strings.Repeat("x", max(0, of.MinLength-len(canary)))
}

// address fills the names in a path: with an id that exists, or with what the fuzzer gives.
func address(at, name string, ids map[string]string) string {
	for {
		from, to := strings.IndexByte(at, '{'), strings.IndexByte(at, '}')
		if from < 0 {
			return at
		}
		value := url.PathEscape(name)
		if name == "" {
			value = cmp.Or(ids[at[:to+1]], ids[at[from:to+1]], "0197a0d8-0000-7000-8000-000000000002")
		}
		at = at[:from] + value + at[to+1:]
	}
}

// FuzzOperations calls every operation with any address, query, key and body. Whatever comes, the answer is an answer: never
// a fault of our own, always a whole document, and what was sent is in no log and in no problem.
func FuzzOperations(f *testing.F) {
	w, ids := fuzzed(f)
	dana := w.hire(w.tenant, "admin", "dana@acme.test")
	all := routes(f)
	for i, r := range all {
		f.Add(uint8(i), "", "", "key-1", r.example)
		f.Add(uint8(i), "", "limit=2&cursor=AAAA&state=new&regime=gdpr", "key-2", []byte(`{"a":1,"a":2}`))
		f.Add(uint8(i), "\xff"+canary, "regime=%ff&kind=%e2%82", "", []byte("{\"details\":\"\xff"+canary+"\"}"))
	}
	dataset, err := os.ReadFile("../deploy/sample/annotation/crm.yml")
	require.NoError(f, err)
	called := func(path string) uint8 {
		return uint8(slices.IndexFunc(all, func(r route) bool { return r.path == path && r.takes != "" }))
	}
	f.Add(called("/v1/systems/{id}/dataset"), "", "", "", dataset)
	f.Add(called("/v1/policies/{id}/explain"), "", "", "", []byte(`{"right":"access","received":"9999-12-31T23:59:59Z","holidays":["9999-12-31"],"zone":"Asia/Tokyo"}`))
	f.Add(called("/v1/policies/{id}/explain"), "", "", "", []byte(`{"right":"access","received":"2026-01-31T12:00:00Z","extended":true,"calendar":"FR"}`))
	f.Add(called("/v1/requests/{id}/documents"), "", "", "", []byte("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n--x--\r\n"))
	f.Add(uint8(slices.IndexFunc(all, func(r route) bool { return r.path == "/v1/obligations" })), "", "due_before=9999-12-31T23:59:59Z&limit=200", "", []byte{})
	f.Fuzz(func(t *testing.T, which uint8, name, query, key string, body []byte) {
		r := all[int(which)%len(all)]
		target := address(r.path, name, ids)
		if query != "" {
			target += "?" + query
		}
		request := requestTo(t, r, target, body)
		if request == nil {
			return
		}
		if r.personal {
			request.AddCookie(&http.Cookie{Name: "docket_session", Value: w.sessionOf(t, dana)})
		} else {
			request.Header.Set("Authorization", "Bearer "+w.keys[api.Admin])
		}
		request.Header.Set("Idempotency-Key", key)
		w.log.TakeAll()
		answer := httptest.NewRecorder()
		ctx, end := context.WithCancel(request.Context())
		defer end()
		w.handler.ServeHTTP(endless{answer, end}, request.WithContext(ctx))
		wholeAnswer(t, answer)
		silentLog(t, w)
	})
}

// sessionOf gives somebody a session that has all that a session can have: what is called may end it.
func (w *world) sessionOf(t *testing.T, m member) string {
	t.Helper()
	token := signin.NewToken()
	require.NoError(t, w.db.OfAccount(t.Context(), m.account, func(ctx context.Context, a *storage.AccountTx) error {
		now := a.Now()
		_, err := a.NewSession(ctx, storage.NewSession{
			TokenHash: signin.TokenHash(token), Method: "password", Stage: storage.StageDone, Tenant: &w.tenant, Device: "Firefox",
			Expires: now.Add(storage.SessionLife), SecondFactor: &now,
		})
		return err
	}))
	return token
}

// endless is a caller who goes with the first part of an answer that comes in parts.
type endless struct {
	*httptest.ResponseRecorder
	end context.CancelFunc
}

// Flush implements http.Flusher.
func (e endless) Flush() {
	e.ResponseRecorder.Flush()
	e.end()
}

// requestTo makes the request as net/http reads one from the network; nil when it would not get that far.
func requestTo(t *testing.T, r route, target string, body []byte) *http.Request {
	t.Helper()
	at, err := url.ParseRequestURI(target)
	if err != nil {
		return nil
	}
	request := httptest.NewRequest(r.method, "/", bytes.NewReader(body)).WithContext(t.Context())
	request.URL, request.RequestURI = at, target
	request.RemoteAddr = "192.0.2.1:" + "1234"
	if r.takes != "" {
		request.Header.Set("Content-Type", r.takes)
	}
	if r.takes == "multipart/form-data" {
		request.Header.Set("Content-Type", r.takes+"; boundary=x")
	}
	return request
}

// wholeAnswer holds an answer to what every answer of the API is held to.
func wholeAnswer(t *testing.T, answer *httptest.ResponseRecorder) {
	t.Helper()
	body := answer.Body.Bytes()
	require.Less(t, answer.Code, http.StatusInternalServerError, "%s", body)
	if answer.Code < http.StatusBadRequest {
		if strings.HasPrefix(answer.Header().Get("Content-Type"), "application/json") {
			require.True(t, json.Valid(body), "%s", body)
		}
		return
	}
	require.Equal(t, "application/problem+json", answer.Header().Get("Content-Type"), "%s", body)
	var p api.Problem
	strict := json.NewDecoder(bytes.NewReader(body))
	strict.DisallowUnknownFields()
	require.NoError(t, strict.Decode(&p), "%s", body)
	require.Equal(t, answer.Code, p.Status)
	require.Equal(t, "urn:docket:problem:"+p.Code, p.Type)
	require.NotEmpty(t, p.Title)
	if p.Code != "document-invalid" { // which names what is wrong in a dataset, and that holds no person
		require.NotContains(t, string(body), canary)
	}
}

func silentLog(t *testing.T, w *world) {
	t.Helper()
	for _, entry := range w.log.TakeAll() {
		text, err := json.Marshal(entry.ContextMap())
		require.NoError(t, err)
		require.NotContains(t, entry.Message+string(text), canary)
		require.NotEqual(t, "a handler panicked", entry.Message)
	}
}

// FuzzPages posts and opens the public pages with any token, query and form. A stranger gets a page, whatever was sent.
func FuzzPages(f *testing.F) {
	w, ids := fuzzed(f)
	all := []route{
		{method: http.MethodPost, path: "/acme/request"}, {method: http.MethodGet, path: "/acme/request"},
		{method: http.MethodGet, path: "/acme/status/{token}"}, {method: http.MethodPost, path: "/acme/status/{token}/code"},
		{method: http.MethodPost, path: "/acme/status/{token}/resend"}, {method: http.MethodPost, path: "/acme/status/{token}/answer"},
		{method: http.MethodGet, path: "/acme/status/{token}/withdraw"}, {method: http.MethodPost, path: "/acme/status/{token}/withdraw"},
		{method: http.MethodGet, path: "/acme/download/{token}"}, {method: http.MethodPost, path: "/acme/download/{token}/code"},
		{method: http.MethodPost, path: "/acme/download/{token}"}, {method: http.MethodGet, path: "/{token}/request"},
		{method: http.MethodGet, path: "/u/{token}"}, {method: http.MethodPost, path: "/p/{token}"}, {method: http.MethodGet, path: "/p/{token}"},
	}
	put := w.call(api.Admin, http.MethodPut, "/v1/consent/purposes/news", map[string]any{})
	require.Equal(f, http.StatusOK, put.Status, "%s", put.Body)
	unsubscribe, choose := w.link(canary + "@example.test")
	ids["/u/{token}"], ids["/p/{token}"] = strings.TrimPrefix(unsubscribe, "/u/"), strings.TrimPrefix(choose, "/p/")
	form := w.form()
	good := form.Get("token")
	form.Set("email", canary+"@example.test")
	form.Set("details", canary+"\r\nand more")
	for i := range all {
		f.Add(uint8(i), "", "lang=de&right=access", form.Encode())
		f.Add(uint8(i), "", "fr;q=0.9,xx-1234567890;q=2,*,de-AT-1996;q=,,", "website=x")
		f.Add(uint8(i), "\xff", "lang=%ff", "right=access&email=a%40b.c&name=%ff%00&code=%ff&answer=%c3%28&token=TOKEN")
		f.Add(uint8(i), "", "", "code=000000&answer=yes")
		f.Add(uint8(i), "", "lang=es", "act=save&on=1/email&on=%ff&was=2/sms&text=1/x&often=weekly&pause=30&language=de&was_language=en")
		f.Add(uint8(i), "", "", "act=undo&undo=%00&reason=other")
	}
	f.Fuzz(func(t *testing.T, which uint8, name, query, form string) {
		r := all[int(which)%len(all)]
		r.takes = "application/x-www-form-urlencoded"
		target := address(r.path, name, ids)
		if query != "" {
			target += "?" + query
		}
		request := requestTo(t, r, target, []byte(strings.ReplaceAll(form, "TOKEN", good)))
		if request == nil {
			return
		}
		request.Header.Set("Accept-Language", query)
		w.log.TakeAll()
		answer := httptest.NewRecorder()
		w.handler.ServeHTTP(answer, request)
		require.Less(t, answer.Code, http.StatusInternalServerError, "%s", answer.Body)
		if answer.Header().Get("Content-Type") == "application/problem+json" {
			wholeAnswer(t, answer)
		} else {
			require.Equal(t, "text/html; charset=utf-8", answer.Header().Get("Content-Type"))
			require.Contains(t, answer.Body.String(), "</html>")
			require.NotContains(t, answer.Body.String(), "<script")
		}
		silentLog(t, w)
	})
}

// FuzzForms sends any bytes as any kind of form to where requests are filed and messages are written. A stranger gets a page, and
// what could be read of theirs is in it as text alone.
func FuzzForms(f *testing.F) {
	w, _ := fuzzed(f)
	good := w.form().Get("token")
	part := func(name, file, text string) string {
		if file != "" {
			file = "; filename=\"" + file + "\""
		}
		return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"" + file + "\r\n\r\n" + text + "\r\n"
	}
	agent := part("for", "", "other") + part("token", "", "TOKEN") + part("right", "", "access") + part("email", "", canary+"@example.test") + part("agent_name", "", "<script>"+canary) +
		part("agent_email", "", "lena@law.test") + part("standing", "", canary)
	const parts = "multipart/form-data; boundary=x"
	f.Add(parts, []byte(agent+part("proof", "a.pdf", "%PDF-1.7 ")+part("details", "", canary)+"--x--\r\n"))
	f.Add(parts, []byte(agent+part("proof", "a.pdf", "plain words")+part("proof", "b.pdf", "%PDF-1.7 ")+"--x--\r\n"))
	f.Add(parts, []byte(agent+part("proof", "", "")+part("a", "", "")+part("a", "", "")))
	f.Add("multipart/form-data; boundary=\"\"", []byte("--\r\n"))
	f.Add("application/x-www-form-urlencoded", []byte("token=TOKEN&right=access&details=%c3%a9"))
	f.Add("application/x-www-form-urlencoded; charset=\xff", []byte("token=TOKEN;email=%zz&pass=%"))
	f.Add("application/json", []byte(`{"email":"`+canary+`"}`))
	f.Add("", []byte("x"))
	f.Fuzz(func(t *testing.T, media string, body []byte) {
		body = bytes.ReplaceAll(body, []byte("TOKEN"), []byte(good))
		for _, path := range []string{"/acme/request", "/acme/status/a-token/messages/reply"} {
			request := requestTo(t, route{method: http.MethodPost}, path, body)
			request.Header.Set("Content-Type", media)
			w.log.TakeAll()
			answer := httptest.NewRecorder()
			w.handler.ServeHTTP(answer, request)
			require.Less(t, answer.Code, http.StatusInternalServerError, "%s", answer.Body)
			require.Equal(t, "text/html; charset=utf-8", answer.Header().Get("Content-Type"))
			require.Contains(t, answer.Body.String(), "</html>")
			require.NotContains(t, answer.Body.String(), "<script")
			silentLog(t, w)
		}
	})
}

// FuzzOneClick sends any bytes as any kind of body to the link by which somebody ends what they get, good or changed. Whatever comes there is a short answer.
func FuzzOneClick(f *testing.F) {
	w, _ := fuzzed(f)
	put := w.call(api.Admin, http.MethodPut, "/v1/consent/purposes/news", map[string]any{})
	require.Equal(f, http.StatusOK, put.Status, "%s", put.Body)
	path, _ := w.link(canary + "@example.test")
	good := strings.TrimPrefix(path, "/u/")
	const form = "application/x-www-form-urlencoded"
	f.Add("", form, []byte("List-Unsubscribe=One-Click"))
	f.Add("", "multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"))
	f.Add(good[:20]+"x"+good[21:], form, []byte("List-Unsubscribe=One-Click"))
	f.Add("", form, []byte("act=all&reason="+canary))
	f.Add("", "application/json", []byte(`{"email":"`+canary+`"}`))
	f.Fuzz(func(t *testing.T, token, media string, body []byte) {
		request := requestTo(t, route{method: http.MethodPost}, "/u/"+url.PathEscape(cmp.Or(token, good)), body)
		if request == nil {
			return
		}
		request.Header.Set("Content-Type", media)
		w.log.TakeAll()
		answer := httptest.NewRecorder()
		w.handler.ServeHTTP(answer, request)
		require.Less(t, answer.Code, http.StatusInternalServerError, "%s", answer.Body)
		require.Empty(t, answer.Header().Get("Location"))
		require.NotContains(t, answer.Body.String(), "<script")
		require.NotContains(t, answer.Body.String(), canary)
		silentLog(t, w)
	})
}
