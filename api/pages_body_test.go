package api_test

import (
	"bufio"
	"bytes"
	"fmt"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/api/pages"
)

// agentForm is the form of an agent up to its document, with the document's part begun.
func (w *world) agentForm(change ...func(url.Values)) (head, frame string) {
	w.t.Helper()
	form := w.form(append([]func(url.Values){
		sets("for", "other"), sets("agent_name", "Lena Law"), sets("agent_email", "lena@law.test"), sets("standing", "I am her lawyer."),
	}, change...)...)
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, values := range form {
		require.NoError(w.t, parts.WriteField(name, values[0]))
	}
	_, err := parts.CreateFormFile("proof", "authority.pdf")
	require.NoError(w.t, err)
	return body.String(), parts.FormDataContentType()
}

// begin sends the head of a form and the beginning of a body that never ends, from an address of the loopback.
func (w *world) begin(from, media, body string) net.Conn {
	w.t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	conn, err := dialer.DialContext(w.t.Context(), "tcp", strings.TrimPrefix(w.url, "http://"))
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "POST /acme/request HTTP/1.1\r\nHost: docket.test\r\nContent-Type: %s\r\nContent-Length: 1000000\r\n\r\n%s", media, body)
	require.NoError(w.t, err)
	return conn
}

// answered reads the answer on a connection.
func (w *world) answered(conn net.Conn) answer {
	w.t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(w.t, err)
	defer response.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(response.Body)
	require.NoError(w.t, err)
	return answer{Status: response.StatusCode, Header: response.Header, Body: body.Bytes()}
}

// A body that trickles is broken off in its time, with what came of it kept, and takes no place from anybody meanwhile.
func TestSlowFormsHoldNothing(t *testing.T) {
	t.Parallel()
	quick := func(w *world, c *api.Config) {
		wide(w, c)
		c.Limits.Pages.Body = pages.Pace{Grace: time.Second, Most: 2 * time.Second, PerSecond: 1 << 20}
	}
	w := newWorld(t, quick)
	head, media := w.agentForm(sets("details", "what I typed"))
	var held []net.Conn
	for i := range 8 {
		held = append(held, w.begin(fmt.Sprintf("127.0.0.%d", i+2), "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"proof\"; filename=\"a.pdf\"\r\n\r\n%PDF"))
	}
	require.Equal(t, http.StatusOK, w.asAgent("%PDF-1.7\nauthority").Status, "who has no form of ours holds no place")
	for _, conn := range held {
		got := w.answered(conn)
		require.Equal(t, http.StatusBadRequest, got.Status)
		require.Contains(t, string(got.Body), "not everything arrived")
	}
	slow := w.answered(w.begin("127.0.0.1", media, head+"%PDF-1.7"))
	require.Equal(t, http.StatusBadRequest, slow.Status)
	require.Contains(t, string(slow.Body), "what I typed")
	require.Contains(t, string(slow.Body), "not everything arrived")
	require.Contains(t, string(slow.Body), "choose the document again")
	require.Equal(t, http.StatusBadRequest, w.answered(w.begin("127.0.0.1", "application/x-www-form-urlencoded", "email=a")).Status)
	require.Equal(t, 1, w.count())
}

// One origin has one place for a document, and there are four; who comes too many is told, and keeps what was typed.
func TestPlacesForDocuments(t *testing.T) {
	t.Parallel()
	patient := func(w *world, c *api.Config) { // however slow the machine is, what is held is held until the test lets it go
		wide(w, c)
		c.Limits.Pages.Body = pages.Pace{Grace: 5 * time.Minute, Most: 5 * time.Minute, PerSecond: 1 << 20}
	}
	w := newWorld(t, patient)
	var held []net.Conn
	hold := func(from string) {
		head, media := w.agentForm()
		held = append(held, w.begin(from, media, head+"%PDF-1.7"))
	}
	crowded := func() (refused bool) {
		got := w.asAgent("%PDF-1.7\nauthority", sets("standing", "kept"))
		if got.Status == http.StatusOK {
			return false
		}
		require.Equal(t, http.StatusTooManyRequests, got.Status, "%s", got.Body)
		require.Equal(t, "60", got.Header.Get("Retry-After"))
		require.Contains(t, string(got.Body), "kept")
		require.Contains(t, string(got.Body), "Many documents are arriving")
		return true
	}
	for range 8 {
		hold("127.0.0.2")
	}
	require.Equal(t, http.StatusOK, w.asAgent("%PDF-1.7\nauthority").Status, "one origin leaves places for others")
	full := func() bool {
		// A form that came while the one below had the last place has none, so it comes again: its origin has no more than one.
		for i := range 3 {
			hold(fmt.Sprintf("127.0.0.%d", i+3))
		}
		return crowded()
	}
	require.Eventually(t, full, time.Minute, 10*time.Millisecond)
	for _, conn := range held {
		require.NoError(t, conn.Close())
	}
	require.Eventually(t, func() bool { return !crowded() }, time.Minute, 10*time.Millisecond, "a place is free again when its form has gone")
}

// A document that is too large is said to be, beside its field, and nothing of what was typed is lost: not what stands before it in
// the form, and not what stands behind.
func TestTooLargeADocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	w.answersUnder("ccpa")
	for language, words := range map[string]string{"en": "larger than 10 MB", "de": "größer als 10 MB", "fr": "dépasse 10 Mo", "es": "más de 10 MB"} {
		got := w.large(language, 30<<20)
		require.Equal(t, http.StatusRequestEntityTooLarge, got.Status, language)
		require.Contains(t, string(got.Body), words)
		require.Contains(t, string(got.Body), `href="#proof"`)
		require.NotContains(t, string(got.Body), `href="#place"`)
		for _, kept := range []string{"Lena Law", "because I may", "behind@example.test", "typed behind the document"} {
			require.Contains(t, string(got.Body), kept, language)
		}
	}
	past := w.large("en", 60<<20)
	require.Equal(t, http.StatusRequestEntityTooLarge, past.Status)
	require.Contains(t, string(past.Body), "larger than 10 MB")
	require.Contains(t, string(past.Body), "because I may")
	require.Equal(t, 0, w.count())
}

// large sends the form of an agent in the order of the page, with a document of so many bytes in the middle.
func (w *world) large(language string, bytesOf int) answer {
	w.t.Helper()
	token := tokenField.FindStringSubmatch(string(w.visit("/acme/request?place=DE&for=other", nil).Body))[1]
	w.clock.Advance(10 * time.Second)
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	write := func(fields ...string) {
		for i := 0; i < len(fields); i += 2 {
			require.NoError(w.t, parts.WriteField(fields[i], fields[i+1]))
		}
	}
	write("for", "other", "token", token, "place", "DE", "right", "access", "agent_name", "Lena Law", "agent_email", "lena@law.test", "standing", "because I may")
	file, err := parts.CreateFormFile("proof", "scan.pdf")
	require.NoError(w.t, err)
	_, err = file.Write(append([]byte("%PDF-1.7"), make([]byte, bytesOf)...))
	require.NoError(w.t, err)
	write("name", "Ana", "email", "behind@example.test", "details", "typed behind the document", "website", "")
	require.NoError(w.t, parts.Close())
	return w.send("", http.MethodPost, "/acme/request?lang="+language, body.String(), "Content-Type", parts.FormDataContentType())
}

// What is no form, or half of one, is said to be that, with what was read of it kept.
func TestBrokenForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	head, media := w.agentForm(sets("details", "what I typed"))
	for name, sent := range map[string][2]string{
		"JSON":         {"application/json", `{"email":"a@example.test"}`},
		"nonsense":     {"multipart/form-data; boundary=a", "\xff\xfe--"},
		"no boundary":  {"multipart/form-data", "--a\r\n"},
		"half a form":  {media, head + "%PDF-1.7"},
		"broken field": {"application/x-www-form-urlencoded", "details=what+I+typed&name=%zz"},
	} {
		for language, words := range map[string]string{"en": "could not read all", "de": "nicht alles lesen", "fr": "pas pu lire tout", "es": "No pudimos leer todo"} {
			got := w.send("", http.MethodPost, "/acme/request?lang="+language, sent[1], "Content-Type", sent[0])
			require.Equal(t, http.StatusBadRequest, got.Status, name)
			require.Contains(t, string(got.Body), words, name)
			require.Equal(t, strings.Contains(sent[1], "what I typed") || strings.Contains(sent[1], "what+I+typed"), strings.Contains(string(got.Body), "what I typed"), name)
		}
	}
	long := w.visit("/acme/request", w.form(sets("details", "what I typed "+strings.Repeat("é", 200_000))))
	require.Equal(t, http.StatusRequestEntityTooLarge, long.Status)
	require.Contains(t, string(long.Body), "too long")
	require.Contains(t, string(long.Body), "what I typed")
	agent := w.asAgent("%PDF-1.7", sets("details", "what I typed "+strings.Repeat("é", 200_000)))
	require.Equal(t, http.StatusRequestEntityTooLarge, agent.Status)
	require.Contains(t, string(agent.Body), "too long")
	many := strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n", 2000) + "--x--\r\n"
	require.Equal(t, http.StatusRequestEntityTooLarge, w.send("", http.MethodPost, "/acme/request", many, "Content-Type", "multipart/form-data; boundary=x").Status)
	w.answersUnder("ccpa")
	got := w.send("", http.MethodPost, "/acme/request", `{}`)
	require.Equal(t, http.StatusBadRequest, got.Status)
	require.Contains(t, string(got.Body), "could not read all", "asking for the place replaces nothing that was said")
	require.Equal(t, 0, w.count())
}
