package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type linksAnswer struct {
	Items []struct {
		ID                      uuid.UUID
		Receiver, State, Reason string
		MadeBy                  string    `json:"made_by"`
		ExpiresAt               time.Time `json:"expires_at"`
		Fetches                 []struct {
			Bytes int64
			Whole bool
		}
	}
}

type madeLink struct {
	ID  uuid.UUID
	URL string
}

// slowly carries archives and, once it is told to, stops in the middle of each; padding makes them longer.
type slowly struct {
	padding int
	middle  atomic.Pointer[func(context.Context)]
}

func (s *slowly) carry(ctx context.Context, w io.Writer, open func(context.Context) (io.ReadCloser, error)) error {
	var whole bytes.Buffer
	if err := packaging.Carry(ctx, &whole, open); err != nil {
		return err
	}
	_, _ = whole.Write(make([]byte, s.padding))
	half := whole.Next(whole.Len() / 2)
	if _, err := w.Write(half); err != nil {
		return err
	}
	if middle := s.middle.Load(); middle != nil {
		(*middle)(ctx)
	}
	for whole.Len() > 0 {
		if _, err := w.Write(whole.Next(64 << 10)); err != nil {
			return err
		}
	}
	return nil
}

// handing is a world in which a request for portability has its package.
func handing(t *testing.T, slow *slowly) (w *world, id uuid.UUID, status string) {
	t.Helper()
	w = working(t, wide, func(_ *world, c *api.Config) {
		if slow != nil {
			c.Carry = slow.carry
		}
	})
	id, status = w.portable()
	return w, id, status
}

// links makes a link as an officer's program does, and gives its path here.
func (w *world) links(id uuid.UUID) (made madeLink, path string) {
	w.t.Helper()
	return w.linksAs(id, uuid.NewString())
}

func (w *world) linksAs(id uuid.UUID, key string) (made madeLink, path string) {
	w.t.Helper()
	got := w.asksForLink(id, key)
	require.Equal(w.t, http.StatusCreated, got.Status, "%s", got.Body)
	made = into[madeLink](w.t, got)
	path, ok := strings.CutPrefix(made.URL, public)
	require.True(w.t, ok, made.URL)
	require.Regexp(w.t, `^/acme/fetch/[A-Za-z0-9_-]{43}$`, path)
	return made, path
}

func (w *world) asksForLink(id uuid.UUID, key string) answer {
	body := map[string]any{"receiver": "Seabird Bicycles"}
	return w.call(api.DPO, http.MethodPost, "/v1/requests/"+id.String()+"/transmission-links", body, "Idempotency-Key", key)
}

func (w *world) linksOf(id uuid.UUID) linksAnswer {
	w.t.Helper()
	got := w.call(api.Agent, http.MethodGet, "/v1/requests/"+id.String()+"/transmission-links", nil)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return into[linksAnswer](w.t, got)
}

// fetches takes the file by a link, and waits until that is on record: whoever fetches has all of it a moment before.
func (w *world) fetches(id uuid.UUID, path string, form url.Values, headers ...string) answer {
	w.t.Helper()
	got := w.visit(path, form, headers...)
	w.rests(id)
	requireArchive(w.t, got)
	return got
}

// rests waits until nobody fetches.
func (w *world) rests(id uuid.UUID) {
	w.t.Helper()
	require.Eventually(w.t, func() bool { return !w.running(id) }, 20*time.Second, 10*time.Millisecond)
}

// head asks what a fetch would bring.
func (w *world) head(path string) http.Header {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodHead, w.url+path, nil)
	require.NoError(w.t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.t, err)
	require.NoError(w.t, response.Body.Close())
	require.Equal(w.t, http.StatusOK, response.StatusCode)
	return response.Header
}

// requireArchive holds what a whole fetch is.
func requireArchive(t testing.TB, got answer) {
	t.Helper()
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body[:min(len(got.Body), 300)])
	require.Equal(t, "application/zip", got.Header.Get("Content-Type"))
	require.Equal(t, "no-store", got.Header.Get("Cache-Control"))
	require.Equal(t, "none", got.Header.Get("Accept-Ranges"))
	require.Regexp(t, `^attachment; filename="[A-Z0-9-]+\.zip"$`, got.Header.Get("Content-Disposition"))
	sum := sha256.Sum256(got.Body)
	require.Equal(t, "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":", got.Header.Get("Content-Digest"))
	report, err := packaging.Verify(bytes.NewReader(got.Body), int64(len(got.Body)))
	require.NoError(t, err)
	require.True(t, report.OK())
	require.NotContains(t, string(got.Body), "index.html", "the cover is for the person")
}

var shownLink = regexp.MustCompile(`<textarea class="made"[^>]*>([^<]+)</textarea>`)

const asBrowser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// Art. 20(2) GDPR: a person makes a link on their page, behind a code, and another controller fetches by it alone. Five fetches use it up, and the person
// hears of the first.
func TestArt20AnotherControllerFetches(t *testing.T) {
	t.Parallel()
	w, id, status := handing(t, nil)
	page := w.unlocked(id, status+"/transmit")
	pass := passField.FindStringSubmatch(string(page.Body))[1]
	form := url.Values{"pass": {pass}, "link_receiver": {"Seabird Bicycles"}}
	nameless := w.visit(status+"/transmit/link", url.Values{"pass": {pass}, "link_receiver": {" "}})
	require.Equal(t, http.StatusUnprocessableEntity, nameless.Status)
	require.Contains(t, string(nameless.Body), "Say which company it is")
	made := w.visit(status+"/transmit/link", form)
	require.Equal(t, http.StatusOK, made.Status, "%s", made.Body)
	link := html.UnescapeString(shownLink.FindStringSubmatch(string(made.Body))[1])
	again := w.visit(status+"/transmit/link", form)
	require.Equal(t, link, html.UnescapeString(shownLink.FindStringSubmatch(string(again.Body))[1]), "sent twice it is one link")
	require.NotRegexp(t, shownLink, w.room(status, pass), "it is shown to whoever makes it, once")
	path := strings.TrimPrefix(link, public)

	looked := w.visit(path, nil, "Accept", asBrowser)
	require.Equal(t, http.StatusOK, looked.Status)
	require.Contains(t, string(looked.Body), "Fetch the file")
	require.NotContains(t, string(looked.Body), "ana@example.test")
	require.NotContains(t, string(looked.Body), "Seabird")
	header := w.head(path)
	require.Empty(t, w.linksOf(id).Items[0].Fetches, "looking counts nothing")

	first := w.fetches(id, path, nil, "Range", "bytes=10-20")
	for _, name := range []string{"Content-Length", "Content-Digest", "Content-Type", "Content-Disposition", "Accept-Ranges", "Cache-Control"} {
		require.Equal(t, first.Header.Get(name), header.Get(name), name)
	}
	letter := w.letter(id.String(), "transmitted")
	require.Contains(t, letter, "your data was fetched by whoever")
	require.Contains(t, letter, "Seabird Bicycles")
	w.fetches(id, path, url.Values{}, "Accept", asBrowser) // the button
	for range 3 {
		got := w.fetches(id, path, nil, "Accept", "application/zip, text/html")
		require.Equal(t, first.Body, got.Body, "the same bytes each time")
	}
	require.Equal(t, http.StatusNotFound, w.visit(path, nil).Status)
	one := w.linksOf(id).Items[0]
	require.Equal(t, []string{"ended", "used_up", "subject"}, []string{one.State, one.Reason, one.MadeBy})
	require.Len(t, one.Fetches, 5)
	require.EqualValues(t, len(first.Body), one.Fetches[4].Bytes)
	shown := w.room(status, pass)
	require.Contains(t, shown, "It was used up on")
	require.Contains(t, shown, "times: 5")
	require.Equal(t, 1, w.lettersOf(id, "transmitted"), "one letter")
	w.requireFetchesOnRecord(id, map[audit.Action]int{audit.TransmissionLinkMade: 1, audit.TransmissionFetched: 5, audit.TransmissionLinkEnded: 1})
	token := path[strings.LastIndex(path, "/")+1:]
	for _, entry := range w.log.All() {
		require.NotContains(t, entry.Message, token)
		for _, value := range entry.ContextMap() {
			if text, ok := value.(string); ok {
				require.NotContains(t, text, token)
			}
		}
	}
}

// room shows the page again that was opened with a code: nothing ends by the name of a link that there is not.
func (w *world) room(status, pass string) string {
	w.t.Helper()
	got := w.visit(status+"/transmit/end", url.Values{"pass": {pass}, "link": {uuid.NewString()}})
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return string(got.Body)
}

// lettersOf counts the letters of a kind.
func (w *world) lettersOf(id uuid.UUID, kind string) (n int) {
	for _, m := range into[struct{ Items []struct{ Kind string } }](w.t, w.call(api.Agent, http.MethodGet, "/v1/requests/"+id.String()+"/messages", nil)).Items {
		if m.Kind == kind {
			n++
		}
	}
	return n
}

func (w *world) requireFetchesOnRecord(id uuid.UUID, want map[audit.Action]int) {
	w.t.Helper()
	seen := map[audit.Action]int{}
	require.NoError(w.t, w.db.Read(w.t.Context(), w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		events, err := tx.AuditEvents(ctx, storage.AuditFilter{Limit: 1000, Case: &id})
		for _, e := range events {
			if e.Event.Object.Kind == "transmission_link" {
				seen[e.Event.Action]++
			}
		}
		return err
	}))
	require.Equal(w.t, want, seen)
}

// What leads nowhere has one face, whatever the reason, and a look at it finds nothing else.
func TestArt20DeadLinksLookAlike(t *testing.T) {
	t.Parallel()
	w, id, status := handing(t, nil)
	unknown := "/acme/fetch/" + strings.Repeat("A", 43)
	face := w.visit(unknown, nil)
	require.Equal(t, http.StatusNotFound, face.Status)
	require.Contains(t, string(face.Body), "Ask the person who gave it to you")
	requireDead := func(path, why string) {
		t.Helper()
		for _, accept := range []string{"", "application/zip", asBrowser} {
			got := w.visit(path, nil, "Accept", accept)
			require.Equal(t, face.Status, got.Status, why)
			require.Equal(t, string(face.Body), string(got.Body), why)
			require.Empty(t, got.Header.Get("Content-Digest"))
		}
		require.Equal(t, string(face.Body), string(w.visit(path, url.Values{}).Body), why)
	}

	byStaff, path := w.links(id)
	require.Equal(t, http.StatusOK, w.command(api.Agent, id, "transmission-links/"+byStaff.ID.String()+"/end", nil).Status, "whoever sees it in other hands ends it")
	requireDead(path, "taken back by staff")
	again := w.command(api.Agent, id, "transmission-links/"+byStaff.ID.String()+"/end", nil)
	require.Equal(t, http.StatusConflict, again.Status, "%s", again.Body)
	require.Contains(t, into[problem](t, again).Detail, "ended already")

	byPerson, path := w.links(id)
	page := string(w.unlocked(id, status+"/transmit").Body)
	back := url.Values{"pass": {passField.FindStringSubmatch(page)[1]}, "link": {byPerson.ID.String()}}
	require.Equal(t, http.StatusForbidden, w.visit(status+"/transmit/end", url.Values{"pass": {"forged"}, "link": back["link"]}).Status)
	w.fetches(id, path, nil)
	for range 2 {
		ended := w.visit(status+"/transmit/end", back)
		require.Equal(t, http.StatusOK, ended.Status, "%s", ended.Body)
		require.Contains(t, string(ended.Body), "The link is taken back")
	}
	requireDead(path, "taken back by the person")

	_, path = w.links(id)
	w.clock.Advance(7*24*time.Hour - 10*time.Minute)
	w.fetches(id, path, nil)
	w.clock.Advance(10 * time.Minute)
	requireDead(path, "a week is over")
	require.Equal(t, "open", w.linksOf(id).Items[0].State, "nobody has looked yet")
	require.NoError(t, w.desk.EndPastLinks(t.Context(), w.tenant))
	require.NoError(t, w.desk.EndPastLinks(t.Context(), w.tenant))
	require.Equal(t, "expired", w.linksOf(id).Items[0].Reason)
	requireDead(path, "and it has ended")
	require.Equal(t, http.StatusNotFound, w.visit("/other/fetch/"+path[len("/acme/fetch/"):], nil).Status, "another tenant's")
}

// Two who fetch at once have no more than what is left between them; the second is asked to come back.
func TestArt20TwoAtOnceAtTheLimit(t *testing.T) {
	t.Parallel()
	slow := &slowly{}
	w, id, _ := handing(t, slow)
	_, path := w.links(id)
	for range 4 {
		w.fetches(id, path, nil)
	}
	middle, goOn := make(chan struct{}), make(chan struct{})
	wait := func(context.Context) { close(middle); <-goOn }
	slow.middle.Store(&wait)
	first := make(chan answer, 1)
	go func() { first <- w.visit(path, nil) }()
	<-middle
	second := w.visit(path, nil)
	require.Equal(t, http.StatusTooManyRequests, second.Status)
	require.Equal(t, "60", second.Header.Get("Retry-After"))
	close(goOn)
	requireArchive(t, <-first)
	w.rests(id)
	require.Equal(t, http.StatusNotFound, w.visit(path, nil).Status)
	require.Len(t, w.linksOf(id).Items[0].Fetches, 5)
}

// A connection that breaks in the middle is no whole fetch: it is on record with what went out, nobody is told that the data was fetched, and the link works on.
// It does not do so for ever.
func TestArt20ABrokenFetchIsNone(t *testing.T) {
	t.Parallel()
	slow := &slowly{}
	w, id, _ := handing(t, slow)
	_, path := w.links(id)
	w.head(path)
	breaks := func() {
		t.Helper()
		ctx, hangUp := context.WithCancel(t.Context())
		defer hangUp()
		wait := func(sending context.Context) { hangUp(); <-sending.Done() }
		slow.middle.Store(&wait)
		before := len(w.linksOf(id).Items[0].Fetches)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+path, nil)
		require.NoError(t, err)
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_, err = io.ReadAll(response.Body)
			require.NoError(t, response.Body.Close())
		}
		require.Error(t, err)
		require.Eventually(t, func() bool {
			fetches := w.linksOf(id).Items[0].Fetches
			return len(fetches) == before+1 && !w.running(id)
		}, 20*time.Second, 20*time.Millisecond)
		slow.middle.Store(nil)
	}
	breaks()
	one := w.linksOf(id).Items[0]
	require.Equal(t, "open", one.State)
	require.False(t, one.Fetches[0].Whole)
	require.Zero(t, w.lettersOf(id, "transmitted"), "nobody has it")
	w.fetches(id, path, nil)
	require.Equal(t, 1, w.lettersOf(id, "transmitted"))
	for range 18 {
		breaks()
	}
	one = w.linksOf(id).Items[0]
	require.Equal(t, []string{"ended", "used_up"}, []string{one.State, one.Reason}, "twenty times it was begun")
	require.Equal(t, http.StatusNotFound, w.visit(path, nil).Status)
}

// running says whether a fetch of a case has not ended.
func (w *world) running(id uuid.UUID) (running bool) {
	w.t.Helper()
	err := w.register.Owner(w.t).QueryRow(w.t.Context(), `SELECT EXISTS (SELECT FROM transmission_fetches f JOIN transmission_links l ON l.id = f.link_id
		WHERE l.case_id = $1 AND f.ended_at IS NULL)`, id).Scan(&running)
	require.NoError(w.t, err)
	return running
}

// A link that is taken back while somebody fetches ends that, too.
func TestArt20TakingBackBreaksOff(t *testing.T) {
	t.Parallel()
	slow := &slowly{padding: 8 << 20}
	w, id, _ := handing(t, slow)
	made, path := w.links(id)
	w.head(path)
	takeBack := func(context.Context) {
		if got := w.command(api.DPO, id, "transmission-links/"+made.ID.String()+"/end", nil); got.Status != http.StatusOK {
			t.Errorf("taking it back: %d", got.Status)
		}
	}
	slow.middle.Store(&takeBack)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+path, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	got, err := io.ReadAll(response.Body)
	require.Error(t, err, "%d bytes of %d", len(got), response.ContentLength)
	require.NoError(t, response.Body.Close())
	require.Less(t, int64(len(got)), response.ContentLength)
	one := w.linksOf(id).Items[0]
	require.Equal(t, "taken_back", one.Reason)
	require.False(t, one.Fetches[0].Whole)
	require.Zero(t, w.lettersOf(id, "transmitted"))
}

// Staff make links for the person: officers, once per key, and the register keeps no link. There are none for other rights, nor before the answer.
func TestArt20StaffMakeLinks(t *testing.T) {
	t.Parallel()
	w, id, status := handing(t, nil)
	at := "/v1/requests/" + id.String() + "/transmission-links"
	body := map[string]any{"receiver": "Seabird Bicycles"}
	require.Equal(t, http.StatusForbidden, w.command(api.Agent, id, "transmission-links", body).Status)
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodGet, at, nil).Status)
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodGet, at, nil).Status)
	made, path := w.linksAs(id, "one")
	replayed := w.asksForLink(id, "one")
	require.Equal(t, http.StatusCreated, replayed.Status)
	require.Equal(t, "true", replayed.Header.Get("Idempotency-Replayed"))
	require.Equal(t, made, into[madeLink](t, replayed), "the same key shows the same link")
	require.Len(t, w.linksOf(id).Items, 1)
	var kept int
	require.NoError(t, w.register.Owner(t).QueryRow(t.Context(), `SELECT count(*) FROM idempotency_keys WHERE position($1::bytea IN response) > 0`,
		[]byte(path[len("/acme/fetch/"):])).Scan(&kept))
	require.Zero(t, kept)
	require.Equal(t, http.StatusOK, w.command(api.DPO, id, "transmission-links/"+made.ID.String()+"/end", nil).Status)
	ended := w.asksForLink(id, "one")
	require.Equal(t, http.StatusConflict, ended.Status, "%s", ended.Body)
	require.Contains(t, into[problem](t, ended).Detail, "make another")
	require.Equal(t, http.StatusNotFound, w.command(api.DPO, id, "transmission-links/"+uuid.NewString()+"/end", nil).Status)

	for range 9 {
		w.links(id)
	}
	full := w.command(api.DPO, id, "transmission-links", body)
	require.Equal(t, http.StatusConflict, full.Status, "%s", full.Body)
	require.Contains(t, into[problem](t, full).Detail, "10 times at most")
	require.Contains(t, string(w.unlocked(id, status+"/transmit").Body), "Nothing can be sent now")

	open := w.file("bea@example.test", func(b map[string]any) { b["right"] = "portability" })
	require.Contains(t, into[problem](t, w.command(api.DPO, open.ID, "transmission-links", body)).Detail, "there is no package")
	access := w.file("cleo@example.test")
	require.Contains(t, into[problem](t, w.command(api.DPO, access.ID, "transmission-links", body)).Detail, "only what a request for portability came to")
}

// Whoever has the link to the person's page and no code does not come in by a form that is none: neither to where the data went, nor to what sends it.
func TestArt20NoWayInByABrokenForm(t *testing.T) {
	t.Parallel()
	w, id, status := handing(t, nil)
	w.links(id)
	for _, act := range []string{"send", "link", "end"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+status+"/transmit/"+act, strings.NewReader("no form"))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "text/plain")
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.NotContains(t, string(text), "Seabird", act)
		require.NotRegexp(t, passField, string(text), act)
	}
}
