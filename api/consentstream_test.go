package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/storage"
)

// streamLine is any line of the answer to a stream.
type streamLine struct {
	Line     int
	Allowed  bool
	Reason   string
	Law      string
	Often    string `json:"frequency"`
	Tracking *bool
	Fault    string
	Done     bool
	Checked  int
	Count    int `json:"allowed_count"`
	Faulty   int
	Last     int `json:"last_line"`
	Problem  string
}

// streamed asks about a list and gives the lines of the answer and the last one.
func (w *world) streamed(list, media, query string) ([]streamLine, streamLine) {
	w.t.Helper()
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/check/stream?purpose=news&"+query, list, "Content-Type", media)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(w.t, "application/x-ndjson", got.Header.Get("Content-Type"))
	var all []streamLine
	for text := range strings.Lines(string(got.Body)) {
		all = append(all, into[streamLine](w.t, answer{Body: []byte(text)}))
	}
	require.NotEmpty(w.t, all)
	return all[:len(all)-1], all[len(all)-1]
}

// Whatever a list holds, however it is written: the stream says of each line what the batch says of it.
func TestAStreamAnswersLineByLineWhatTheBatchAnswers(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	w.suppressed(storage.Person{Email: "p0@person.example"})
	for i := range 12 {
		kind := []string{"confirmed", "given", "withdrawn"}[i%3]
		w.happened(fmt.Sprintf("p%d@person.example", i), kind, func(e map[string]any) { e["country"] = []string{"DE", "CA", "US", "FR"}[i%4] })
	}
	rapid.Check(t, func(r *rapid.T) {
		addresses := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) string {
			return fmt.Sprintf("p%d@person.example", rapid.IntRange(0, 20).Draw(r, "who"))
		}), 1, 40).Draw(r, "list")
		ask := map[string]any{"addresses": addresses, "purpose": "news", "tracking": true}
		query := "tracking=true"
		if country := rapid.SampledFrom([]string{"", "DE", "US", "CA"}).Draw(r, "country"); country != "" {
			ask["country"] = country
			query += "&country=" + country
		}
		batch := into[struct {
			Answers []struct {
				Allowed     bool
				Reason, Law string
				Tracking    *bool
			}
			Allowed int
		}](t, w.call(api.Agent, http.MethodPost, "/v1/consent/check/batch", ask))
		list, media, first := writtenAs(r, addresses)
		if media == "text/csv" {
			query += "&column=" + url.QueryEscape("E mail")
		}
		lines, end := w.streamed(list, media, query)
		require.Len(r, lines, len(addresses))
		for i, b := range batch.Answers {
			require.Equal(r, streamLine{Line: i + first, Allowed: b.Allowed, Reason: b.Reason, Law: b.Law, Tracking: b.Tracking}, lines[i])
		}
		require.Equal(r, streamLine{Done: true, Checked: len(addresses), Count: batch.Allowed, Last: len(addresses) - 1 + first}, end)
	})
}

// writtenAs writes a list in one of the ways that a stream takes, and says on which line it begins.
func writtenAs(r *rapid.T, addresses []string) (list, media string, first int) {
	end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(r, "line break")
	switch media = rapid.SampledFrom([]string{"text/plain", "application/x-ndjson", "text/csv"}).Draw(r, "media"); media {
	case "text/csv":
		return "\ufeffName;E mail" + end + "x;" + strings.Join(addresses, end+"\"y\";") + end, media, 2
	case "application/x-ndjson":
		for i, a := range addresses {
			text, _ := json.Marshal(a)
			if i%2 == 1 {
				text = []byte(`{"id": 1, "address": ` + string(text) + `}`)
			}
			list += string(text) + end
		}
		return list, media, 1
	}
	return strings.Join(addresses, end), media, 1
}

// A line that holds no address is named in its place, and costs no other line its answer; each that was asked about is on record.
func TestAFaultyLineCostsNoOtherItsAnswer(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	lines, end := w.streamed("a@person.example\n\nnonsense\nb@person.example\n"+strings.Repeat("x", 400)+"@person.example\n\xff\nc@person.example\n", "", "country=US")
	require.Equal(t, streamLine{Done: true, Checked: 6, Count: 3, Faulty: 3, Last: 7}, end)
	require.Equal(t, []int{1, 3, 4, 5, 6, 7}, numbers(lines))
	require.Contains(t, lines[1].Fault, "is no address of this channel")
	require.False(t, lines[1].Allowed)
	require.Contains(t, lines[3].Fault, "longer than 320")
	require.Contains(t, lines[4].Fault, "UTF-8")
	require.True(t, lines[5].Allowed)

	lines, end = w.streamed(`"a@person.example"`+"\n"+`{"mail":"x"}`+"\n17\n{\"address\":\"b@person.example\"}", "application/x-ndjson", "country=US")
	require.Len(t, lines, 4)
	require.Equal(t, 2, end.Faulty)
	require.Contains(t, lines[1].Fault, `an object with "address"`)

	require.Equal(t, []int{4, 2}, w.askedAbout(), "of the first stream the line that only the register knew to be none is counted; blanks and what is no text are not")
}

func numbers(lines []streamLine) (out []int) {
	for _, l := range lines {
		out = append(out, l.Line)
	}
	return out
}

// askedAbout are the numbers of addresses of which the log says that somebody asked, oldest first.
func (w *world) askedAbout() (out []int) {
	w.t.Helper()
	rows, err := w.register.Owner(w.t).Query(w.t.Context(), `SELECT convert_from(body, 'UTF8') FROM audit_events WHERE tenant_id = $1 AND action = 'consent.list_checked' ORDER BY id`, w.tenant)
	require.NoError(w.t, err)
	defer rows.Close()
	for rows.Next() {
		var body string
		require.NoError(w.t, rows.Scan(&body))
		var event struct {
			Facts struct {
				Count int `json:"count,string"`
			}
		}
		require.NoError(w.t, json.Unmarshal([]byte(body), &event), body)
		out = append(out, event.Facts.Count)
	}
	require.NoError(w.t, rows.Err())
	return out
}

// Where the rest of a list can't be read, what came before it has its answers, and the last line says why that was not all.
func TestWhatCannotBeReadEndsAStream(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	lines, end := w.streamed("a@person.example\nb@person.example\n"+strings.Repeat("x", 20_000)+"\nc@person.example\n", "text/plain", "country=US")
	require.Len(t, lines, 2)
	require.True(t, lines[1].Allowed)
	require.False(t, end.Done)
	require.Equal(t, 2, end.Last)
	require.Contains(t, end.Problem, "line 3 is longer than 16 KB")

	lines, end = w.streamed("mail\na@person.example\n\"b@person.example\nc\n", "text/csv", "country=US&column=mail")
	require.Len(t, lines, 1)
	require.Contains(t, end.Problem, "nobody knows where a line begins")
	_, end = w.streamed("name\nx\n", "text/csv", "column=mail")
	require.Contains(t, end.Problem, `no column "mail"`)
	_, end = w.streamed("", "text/plain", "")
	require.Equal(t, streamLine{Done: true}, end, "an empty list has an end, too")

	for query, want := range map[string]string{"purpose=none": "there is no purpose", "purpose=news&day=soon": "query.day", "purpose=news&column=x": "query.column", "purpose=news&country=Canada": "country", "": "purpose"} {
		got := w.call(api.Agent, http.MethodPost, "/v1/consent/check/stream?"+query, "a@person.example", "Content-Type", "text/plain")
		require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusConflict}, got.Status, "%s: %s", query, got.Body)
		require.Contains(t, string(got.Body), want)
	}
	require.Equal(t, http.StatusUnsupportedMediaType, w.call(api.Agent, http.MethodPost, "/v1/consent/check/stream?purpose=news", "x", "Content-Type", "application/json").Status)
	require.Equal(t, http.StatusUnsupportedMediaType, w.call(api.Agent, http.MethodPost, "/v1/consent/check/stream?purpose=news", "x", "Content-Type", "text/plain; charset=latin1").Status)
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodPost, "/v1/consent/check/stream?purpose=news", "x", "Content-Type", "text/plain").Status)
}

// openStream begins a stream whose list comes from a reader.
func (w *world) openStream(ctx context.Context, list io.Reader) *http.Response {
	w.t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+"/v1/consent/check/stream?purpose=news&country=US", list)
	require.NoError(w.t, err)
	request.Header.Set("Authorization", "Bearer "+w.keys[api.Agent])
	request.Header.Set("Content-Type", "text/plain")
	response, err := http.DefaultTransport.RoundTrip(request)
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// Lines are answered while the list is still being written: whoever writes the next one may know what the last one came to.
func TestAStreamAnswersWhileItIsWritten(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	from, list := io.Pipe()
	t.Cleanup(func() { _ = list.Close() })
	response := w.openStream(t.Context(), from)
	answers := bufio.NewScanner(response.Body)
	for i := range 3 {
		_, err := fmt.Fprintf(list, "p%d@person.example\n", i)
		require.NoError(t, err)
		require.True(t, answers.Scan(), answers.Err())
		got := into[streamLine](t, answer{Body: answers.Bytes()})
		require.Equal(t, []any{i + 1, true}, []any{got.Line, got.Allowed})
	}
	require.NoError(t, list.Close())
	require.True(t, answers.Scan())
	require.True(t, into[streamLine](t, answer{Body: answers.Bytes()}).Done)
	require.False(t, answers.Scan())
}

// listWithoutEnd is a list without end, which counts what was taken of it.
type listWithoutEnd struct{ taken int }

func (e *listWithoutEnd) Read(p []byte) (int, error) {
	const line = "somebody@person.example\n"
	n := 0
	for n+len(line) <= len(p) {
		n += copy(p[n:], line)
		e.taken++
	}
	return n, nil
}

// A list without end is answered all the same: nothing waits for all of it. Whoever goes away ends it, and leaves room for the next.
func TestAListWithoutEnd(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	for range 2 * 2 { // more of them, one after the other, than there may be at a time
		ctx, cancel := context.WithCancel(t.Context())
		answers := bufio.NewScanner(w.openStream(ctx, &listWithoutEnd{}).Body)
		for range 12_000 {
			require.True(t, answers.Scan(), answers.Err())
		}
		require.Equal(t, 12_000, into[streamLine](t, answer{Body: answers.Bytes()}).Line)
		cancel()
		require.Eventually(t, func() bool { // the server has heard that nobody listens any more
			response := w.openStream(t.Context(), strings.NewReader("a@person.example\n"))
			_, err := io.Copy(io.Discard, response.Body)
			return err == nil && response.StatusCode == http.StatusOK
		}, time.Minute, 10*time.Millisecond)
	}
}

// As many lists as a tenant may have answered at a time, and no more; whoever stops the server is not kept waiting by them.
func TestTooManyStreamsAndAServerThatStops(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	w := newWorld(t, wide, func(_ *world, c *api.Config) { c.Draining = stop })
	w.putPurpose("news", map[string]any{})
	var open []*http.Response
	for range 2 {
		from, list := io.Pipe()
		t.Cleanup(func() { _ = list.Close() })
		open = append(open, w.openStream(t.Context(), from))
		_, err := io.WriteString(list, "a@person.example\n")
		require.NoError(t, err)
		first := make([]byte, 1)
		_, err = io.ReadFull(open[len(open)-1].Body, first)
		require.NoError(t, err)
	}
	refused := w.call(api.Agent, http.MethodPost, "/v1/consent/check/stream?purpose=news", "a@person.example", "Content-Type", "text/plain")
	require.Equal(t, http.StatusTooManyRequests, refused.Status, "%s", refused.Body)
	require.NotEmpty(t, refused.Header.Get("Retry-After"))
	close(stop)
	for _, response := range open {
		rest, err := io.ReadAll(response.Body)
		require.True(t, err == nil || errors.Is(err, io.ErrUnexpectedEOF), "%v", err)
		require.Contains(t, string(rest), "send what stands behind line 1 again")
	}
}
