package api_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// consentPeople is a world with three purposes that people can agree to, each with words in two languages.
func consentPeople(t testing.TB, change ...func(*world, *api.Config)) *world {
	t.Helper()
	w := newWorld(t, change...)
	for _, key := range []string{"news", "offers", "seen"} {
		body := map[string]any{"tracking": key == "seen"}
		require.Equal(t, http.StatusOK, w.call(api.Admin, http.MethodPut, "/v1/consent/purposes/"+key, body).Status)
		for language, title := range map[string]string{"en": "The " + key, "de": "Das " + key} {
			words := map[string]any{"language": language, "title": title, "body": "Yes, I want " + key + " (" + language + ")."}
			require.Equal(t, http.StatusCreated, w.call(api.Admin, http.MethodPost, "/v1/consent/purposes/"+key+"/texts", words, "Idempotency-Key", key+language).Status)
		}
	}
	return w
}

type ownLinks struct {
	Unsubscribe, Preferences string
	Header                   string `json:"list_unsubscribe"`
	Post                     string `json:"list_unsubscribe_post"`
}

// ownLinks makes links; change alters the request.
func (w *world) ownLinks(addresses []string, change ...func(map[string]any)) []ownLinks {
	w.t.Helper()
	body := map[string]any{"addresses": addresses, "purpose": "news"}
	for _, f := range change {
		f(body)
	}
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/links", body)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return into[struct{ Links []ownLinks }](w.t, got).Links
}

// link is the paths of the links of one address.
func (w *world) link(address string, change ...func(map[string]any)) (unsubscribe, preferences string) {
	w.t.Helper()
	made := w.ownLinks([]string{address}, change...)[0]
	return strings.TrimPrefix(made.Unsubscribe, public), strings.TrimPrefix(made.Preferences, public)
}

func with(key string, value any) func(map[string]any) {
	return func(body map[string]any) { body[key] = value }
}

// agrees has an address agree to a purpose, confirmed.
func (w *world) agrees(address string, purposes ...string) {
	w.t.Helper()
	var events []map[string]any
	for _, p := range purposes {
		events = append(events, map[string]any{"address": address, "purpose": p, "kind": "confirmed"})
	}
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/events", map[string]any{"events": events}, "Idempotency-Key", fmt.Sprint(address, purposes, w.clock.Now()))
	require.Equal(w.t, http.StatusCreated, got.Status, "%s", got.Body)
	w.clock.Advance(time.Minute)
}

type mayMessage struct {
	Allowed   bool
	Reason    string
	Paused    string `json:"paused_until"`
	Frequency string
	Tracking  *struct {
		Allowed bool
		Reason  string
	}
}

// may asks whether an address may be written to.
func (w *world) may(address, purpose string, change ...func(map[string]any)) mayMessage {
	w.t.Helper()
	body := map[string]any{"address": address, "purpose": purpose}
	for _, f := range change {
		f(body)
	}
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/check", body)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return into[mayMessage](w.t, got)
}

type ledgerEvent struct {
	Purpose, Channel, Kind, How, Source string
	Text                                *struct {
		Language string
		Version  int
	}
	Evidence *struct {
		IP     string
		Agent  string `json:"user_agent"`
		Fields map[string]string
	}
}

// ledger is what is kept of an address, the newest first.
func (w *world) ledger(address string) []ledgerEvent {
	w.t.Helper()
	got := w.call(api.DPO, http.MethodPost, "/v1/consent/person", map[string]any{"address": address})
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return into[struct{ Events []ledgerEvent }](w.t, got).Events
}

// press sends a form of a page, in English.
func (w *world) press(path string, form url.Values) answer {
	w.t.Helper()
	return w.visit(path+"?lang=en", form, "User-Agent", "Browser/1")
}

// oneClick is what a mailbox provider sends.
func (w *world) oneClick(path string) answer {
	w.t.Helper()
	return w.call("", http.MethodPost, path, "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site", "Origin", "null")
}

// The vectors of RFC 8058, over HTTP: what must be acted on is over with the answer, and nothing else changes anything.
func TestRFC8058OneClick(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	data, err := os.ReadFile("../policies/testdata/vectors.json")
	require.NoError(t, err)
	var vectors []struct {
		ID, Rule string
		Input    struct {
			Method, Body string
			ContentType  string `json:"content_type"`
		}
		Expect struct {
			Unsubscribe bool
			Status      int
		}
	}
	require.NoError(t, json.Unmarshal(data, &vectors))
	seen := 0
	for i, v := range vectors {
		if v.Rule != "rfc8058.endpoint" {
			continue
		}
		seen++
		address := fmt.Sprintf("p%d@person.example", i)
		w.agrees(address, "news")
		path, _ := w.link(address)
		got := w.call("", v.Input.Method, path, v.Input.Body, "Content-Type", v.Input.ContentType)
		require.Equal(t, v.Expect.Status, got.Status, "%s: %s", v.ID, got.Body)
		require.Empty(t, got.Header.Get("Location"), v.ID)
		require.Equal(t, !v.Expect.Unsubscribe, w.may(address, "news").Allowed, v.ID)
	}
	require.GreaterOrEqual(t, seen, 2)
}

// Mailbox providers send it in two encodings, from a few addresses, as often as they like, and browsers of web mail from other sites.
func TestOneClickIsOverAtOnce(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news", "offers")
	require.True(t, w.may("ana@person.example", "news").Allowed)
	path, _ := w.link("ana@person.example", with("list", "spring-2026"), with("day", "2026-03-01"))
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	require.NoError(t, parts.WriteField("List-Unsubscribe", "One-Click"))
	require.NoError(t, parts.Close())
	got := w.call("", http.MethodPost, path, form.Bytes(), "Content-Type", parts.FormDataContentType())
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Less(t, len(got.Body), 100)
	require.Empty(t, got.Header.Get("Set-Cookie"))
	require.Equal(t, []string{"no-referrer", "no-store"}, []string{got.Header.Get("Referrer-Policy"), got.Header.Get("Cache-Control")})
	require.Equal(t, "withdrawn", w.may("ana@person.example", "news").Reason)
	require.True(t, w.may("ana@person.example", "offers").Allowed, "what was not meant goes on")
	for range 50 {
		require.Equal(t, http.StatusOK, w.oneClick(path).Status)
	}
	events := w.ledger("ana@person.example")
	require.Len(t, events, 3)
	require.Equal(t, ledgerEvent{Purpose: "news", Channel: "email", Kind: "withdrawn", How: "one_click", Source: "link of 2026-03-01, spring-2026"}, events[0])
}

// 200 wishes at once are one line of the ledger.
func TestOneClickManyAtOnce(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news")
	path, _ := w.link("ana@person.example")
	var wait sync.WaitGroup
	for range 200 {
		wait.Go(func() {
			if got := w.oneClick(path); got.Status != http.StatusOK {
				t.Errorf("%d: %s", got.Status, got.Body)
			}
		})
	}
	wait.Wait()
	require.Len(t, w.ledger("ana@person.example"), 2)
	require.Equal(t, "withdrawn", w.may("ana@person.example", "news").Reason)
}

// After a campaign many press at once, some of them twice, some who ended everything before, some who are forgotten: each is heard, and what each ends is one line.
func TestOneClickOfManyPeople(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	var all []string
	for i := range 60 {
		all = append(all, fmt.Sprintf("p%d@person.example", i))
		w.agrees(all[i], "news", "offers")
	}
	links := w.ownLinks(all)
	path := func(i int) string { return strings.TrimPrefix(links[i].Unsubscribe, public) }
	require.Equal(t, http.StatusOK, w.press(path(0), url.Values{"act": {"all"}}).Status)
	var held uuid.UUID
	storagetest.Change(t, w.db, w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		people, err := tx.NameConsentPeople(ctx, []storage.ConsentAddress{{Kind: storage.AddressEmail, Value: all[1]}, {Kind: storage.AddressEmail, Value: all[2]}})
		if err != nil {
			return err
		}
		held = people[1]
		return tx.ForgetConsents(ctx, people[:1], storage.Forgetting{Object: audit.Object{Kind: "case", ID: uuid.NewString()}})
	})
	var wait sync.WaitGroup
	answers := make([][2]int, len(all))
	storagetest.Change(t, w.db, w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.HoldConsentSelf(ctx, held) // somebody else is writing about one of them
		for i := range all {
			for twice := range 2 {
				wait.Go(func() { answers[i][twice] = w.oneClick(path(i)).Status })
			}
		}
		require.Eventually(t, func() bool { return w.may(all[59], "news").Reason == "withdrawn" }, 20*time.Second, 10*time.Millisecond, "one who is held keeps no other waiting")
		return err
	})
	wait.Wait()
	for i, address := range all {
		if i == 1 {
			require.Equal(t, [2]int{http.StatusGone, http.StatusGone}, answers[i], "a link of somebody of whom nothing is kept")
			continue
		}
		require.Equal(t, [2]int{http.StatusOK, http.StatusOK}, answers[i], address)
		require.Equal(t, "withdrawn", w.may(address, "news").Reason, address)
		require.Equal(t, i != 0, w.may(address, "offers").Allowed, address)
		require.Len(t, w.ledger(address), 3, address)
	}
}

// Links for no purpose in particular are made too, and the log says so in a word of its own.
func TestLinksForEverything(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	require.Len(t, w.ownLinks([]string{"ana@person.example"}, with("purpose", "*")), 1)
	log := w.call(api.Auditor, http.MethodGet, "/v1/audit/events?action=consent.links_made", nil)
	require.Contains(t, string(log.Body), `"everything"`)
}

// An end holds also where the clock of whoever told of the consent is ahead.
func TestAnEndComesAfterWhatItEnds(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	ahead := w.clock.Now().Add(4 * time.Minute)
	events := []map[string]any{{"address": "ana@person.example", "purpose": "news", "kind": "confirmed", "at": ahead}, {"address": "ana@person.example", "purpose": "offers", "kind": "confirmed", "at": ahead}}
	require.Equal(t, http.StatusCreated, w.call(api.Agent, http.MethodPost, "/v1/consent/events", map[string]any{"events": events}, "Idempotency-Key", "ahead").Status)
	path, _ := w.link("ana@person.example")
	require.Equal(t, http.StatusOK, w.oneClick(path).Status)
	require.Equal(t, "withdrawn", w.may("ana@person.example", "news").Reason)
	require.Equal(t, http.StatusOK, w.press(path, url.Values{"act": {"all"}}).Status)
	require.Equal(t, "withdrawn", w.may("ana@person.example", "offers").Reason)
}

// Who looks changes nothing, whatever they look with; and nothing else than a wish is taken for one.
func TestLookingChangesNothing(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news")
	unsubscribe, preferences := w.link("ana@person.example")
	for _, path := range []string{unsubscribe, preferences} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			require.Equal(t, http.StatusOK, w.call("", method, path, nil).Status)
			require.Equal(t, http.StatusOK, w.call("", method, path+"?List-Unsubscribe=One-Click&act=all", "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded").Status)
		}
		for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
			require.Equal(t, http.StatusMethodNotAllowed, w.call("", method, path, "List-Unsubscribe=One-Click").Status)
		}
	}
	for body, status := range map[string]int{
		"": http.StatusBadRequest, "List-Unsubscribe=Yes": http.StatusBadRequest, "act=": http.StatusBadRequest, "act=none": http.StatusBadRequest,
		"pad=" + strings.Repeat("x", 1<<20) + "&List-Unsubscribe=One-Click": http.StatusRequestEntityTooLarge,
	} {
		require.Equal(t, status, w.call("", http.MethodPost, unsubscribe, body, "Content-Type", "application/x-www-form-urlencoded").Status, "%.30s", body)
	}
	require.Equal(t, http.StatusUnsupportedMediaType, w.call("", http.MethodPost, unsubscribe, `{"List-Unsubscribe":"One-Click"}`, "Content-Type", "application/json").Status)
	require.Equal(t, http.StatusBadRequest, w.call("", http.MethodPost, preferences, "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded").Status)
	require.True(t, w.may("ana@person.example", "news").Allowed)
	require.Len(t, w.ledger("ana@person.example"), 1)
}

// Of every link that no tenant has signed the answer is the same, and nothing of it is done.
func TestForgedLinks(t *testing.T) {
	t.Parallel()
	w := consentPeople(t, wide)
	w.agrees("ana@person.example", "news")
	unsubscribe, preferences := w.link("ana@person.example")
	token := strings.TrimPrefix(unsubscribe, "/u/")
	require.Less(t, len(token), 120)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	require.NoError(t, err)
	tokens := map[string]string{
		"nothing like it": "x", "cut short": token[:len(token)-1], "longer": token + "A", "in other base64": token + "%3D", "with a line's end": token[:10] + "%0A" + token[10:], "only its end": token[20:],
	}
	for i := range raw {
		for _, bit := range []byte{1, 0x80} {
			changed := bytes.Clone(raw)
			changed[i] ^= bit
			tokens[fmt.Sprintf("byte %d, %#x", i, bit)] = base64.RawURLEncoding.EncodeToString(changed)
		}
	}
	theirs := bytes.Clone(raw)
	copy(theirs[4:20], w.other[:])
	tokens["of another tenant"] = base64.RawURLEncoding.EncodeToString(theirs)
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for _, letter := range letters { // bits behind the last byte
		if last := token[:len(token)-1] + string(letter); last != token {
			tokens["the last letter "+string(letter)] = last
		}
	}
	dead := w.visit("/u/none", nil)
	require.Equal(t, http.StatusNotFound, dead.Status)
	require.NotContains(t, string(dead.Body), "Acme")
	for name, forged := range tokens {
		require.Equal(t, string(dead.Body), string(w.visit("/u/"+forged, nil).Body), name)
		require.Equal(t, string(dead.Body), string(w.oneClick("/u/"+forged).Body), name)
		require.Equal(t, string(dead.Body), string(w.visit("/p/"+forged, url.Values{"act": {"all"}}).Body), name)
	}
	choose := strings.TrimPrefix(preferences, "/p/")
	require.Equal(t, http.StatusNotFound, w.oneClick("/u/"+choose).Status, "one kind is not the other")
	require.Equal(t, http.StatusNotFound, w.visit("/p/"+token, url.Values{"act": {"all"}}).Status)
	require.True(t, w.may("ana@person.example", "news").Allowed)
	require.Len(t, w.ledger("ana@person.example"), 1)
}

// undoPass finds what takes it back on a page.
var undoPass = regexp.MustCompile(`name="undo" value="([^"]+)"`)

// Who presses on the page reads what has ended and since when, can take it back there, and has agreed expressly then.
func TestEndedOnThePageAndTakenBack(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news", "offers", "seen")
	path, _ := w.link("ana@person.example")
	page := string(w.press(path, nil).Body)
	require.Contains(t, page, "The news (by e-mail)")
	require.Contains(t, page, `<html lang="en">`)

	done := w.press(path, url.Values{"act": {"this"}, "reason": {"too_many"}})
	require.Equal(t, http.StatusOK, done.Status)
	require.Contains(t, string(done.Body), "Ended: The news (by e-mail), since 2 March 2026")
	require.Equal(t, "withdrawn", w.may("ana@person.example", "news").Reason)
	last := w.ledger("ana@person.example")[0]
	require.Equal(t, "page", last.How)
	require.Equal(t, "Browser/1", last.Evidence.Agent)
	require.Equal(t, "too_many", last.Evidence.Fields["reason"])
	require.Empty(t, last.Evidence.IP, "the tenant has not chosen to keep it")
	pass := undoPass.FindStringSubmatch(string(done.Body))
	require.NotNil(t, pass)
	require.Contains(t, string(done.Body), "Yes, I want news (en).")

	again := w.press(path, url.Values{"act": {"this"}})
	require.Contains(t, string(again.Body), "Ended since 2 March 2026")
	require.NotContains(t, string(again.Body), `name="undo"`)

	undo := url.Values{"act": {"undo"}, "undo": {pass[1]}}
	back := w.press(path, undo)
	require.Contains(t, string(back.Body), "You have agreed again to: The news (by e-mail).")
	require.Equal(t, "confirmed", w.may("ana@person.example", "news").Reason, "it was confirmed before")
	events := w.ledger("ana@person.example")
	require.Equal(t, []string{"confirmed", "given"}, []string{events[0].Kind, events[1].Kind})
	require.Equal(t, "en", events[1].Text.Language)
	before := len(events)
	require.Contains(t, string(w.press(path, undo).Body), "nothing left to take back")
	require.Len(t, w.ledger("ana@person.example"), before)
}

// Everything is everything, on all that reaches the address; taking it back brings back what went on, and nothing else.
func TestEverythingEndedAndTakenBack(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news", "seen")
	offers, _ := w.link("ana@person.example", with("purpose", "offers"))
	w.press(offers, url.Values{"act": {"this"}})
	w.clock.Advance(time.Minute)
	path, _ := w.link("ana@person.example")
	done := w.press(path, url.Values{"act": {"all"}})
	require.Contains(t, string(done.Body), "Ended: all messages")
	for _, purpose := range []string{"news", "offers"} {
		require.Equal(t, "withdrawn", w.may("ana@person.example", purpose).Reason, purpose)
	}
	w.clock.Advance(time.Minute)
	pass := undoPass.FindStringSubmatch(string(done.Body))[1]
	back := string(w.press(path, url.Values{"act": {"undo"}, "undo": {pass}}).Body)
	require.Contains(t, back, "The news (by e-mail); The seen (by e-mail)")
	require.NotContains(t, back, "The offers (by e-mail)")
	require.True(t, w.may("ana@person.example", "news").Allowed)
	require.Equal(t, "withdrawn", w.may("ana@person.example", "offers").Reason, "that had ended before")
	require.True(t, w.may("ana@person.example", "news", with("tracking", true)).Tracking.Allowed)
}

// Only the page that said that it is over takes it back, for an hour, and only for the same person.
func TestTakingBackWantsThePage(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news")
	w.agrees("ben@person.example", "news")
	ana, _ := w.link("ana@person.example")
	ben, _ := w.link("ben@person.example")
	done := w.press(ana, url.Values{"act": {"this"}})
	require.Regexp(t, undoPass, string(done.Body))
	pass := undoPass.FindStringSubmatch(string(done.Body))[1]
	w.press(ben, url.Values{"act": {"this"}})
	w.clock.Advance(time.Minute)
	for name, undo := range map[string]string{"none": "", "made up": strings.Repeat("A", len(pass)), "another's": pass, "not base64": "%"} {
		got := w.press(ben, url.Values{"act": {"undo"}, "undo": {undo}})
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, name)
		require.Contains(t, string(got.Body), "too old to take anything back", name)
	}
	w.clock.Advance(time.Hour)
	require.Equal(t, http.StatusUnprocessableEntity, w.press(ana, url.Values{"act": {"undo"}, "undo": {pass}}).Status)
	for _, address := range []string{"ana@person.example", "ben@person.example"} {
		require.Equal(t, "withdrawn", w.may(address, "news").Reason)
	}
}

// Keys change, and the links that are out go on; those of a key that was revoked say whom to write to, and do nothing.
func TestKeysOfLinks(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news")
	old, oldChoose := w.link("ana@person.example")
	require.Equal(t, http.StatusCreated, w.call(api.Admin, http.MethodPost, "/v1/consent/link-keys/rotate", map[string]any{}).Status)
	beside := w.elsewhere()
	require.Equal(t, http.StatusOK, beside.visit(old, nil).Status, "it knows of the first key alone")
	fresh, _ := w.link("ana@person.example")
	require.NotEqual(t, old, fresh)
	w.clock.Advance(2 * time.Second)
	require.Equal(t, http.StatusOK, beside.visit(fresh, nil).Status)
	w.clock.Advance(3 * 365 * 24 * time.Hour)
	require.Equal(t, http.StatusOK, w.visit(old, nil).Status, "links work for years")

	require.Equal(t, http.StatusOK, beside.visit(old, nil).Status)
	got := w.call(api.Admin, http.MethodPost, "/v1/consent/link-keys/1/revoke", map[string]any{})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	w.clock.Advance(11 * time.Second) // every process has heard of it
	for _, server := range []*world{w, beside} {
		for _, path := range []string{old, oldChoose} {
			page := server.visit(path, nil)
			require.Equal(t, http.StatusGone, page.Status)
			require.Contains(t, string(page.Body), "privacy@acme.test")
		}
		require.Equal(t, http.StatusGone, server.oneClick(old).Status)
	}
	require.True(t, w.may("ana@person.example", "news").Allowed)
	require.Equal(t, http.StatusOK, w.oneClick(fresh).Status)
	require.Equal(t, http.StatusNotFound, w.call(api.Admin, http.MethodPost, "/v1/consent/link-keys/1/revoke", map[string]any{}).Status)

	require.Equal(t, http.StatusOK, w.call(api.Admin, http.MethodPost, "/v1/consent/link-keys/2/revoke", map[string]any{}).Status, "the one in use")
	third, _ := w.link("ana@person.example")
	require.Equal(t, http.StatusOK, w.visit(third, nil).Status)
	keys := into[struct {
		Items []struct {
			Number int
			InUse  bool `json:"in_use"`
		}
	}](t, w.call(api.Admin, http.MethodGet, "/v1/consent/link-keys", nil)).Items
	require.Len(t, keys, 3)
	require.True(t, keys[2].InUse && !keys[0].InUse && !keys[1].InUse)
	w.clock.Advance(time.Minute)
	var actions []string
	for _, line := range w.auditLog(url.Values{}, 50) {
		actions = append(actions, line.Action)
	}
	require.Subset(t, actions, []string{"consent.link_key_made", "consent.link_key_rotated", "consent.link_key_revoked", "consent.links_made"})
}

// elsewhere starts another process on the same register, with what it knows of its own.
func (w *world) elsewhere() *world {
	w.t.Helper()
	other := *w
	other.db = w.register.Reopen(w.t, w.register.Master, storage.Options{MaxConnections: 4})
	other.config.Desk = casework.New(other.db, w.objects, w.config.Policies, casework.Links{Public: public}, w.clock)
	return other.beside()
}

// The headers are those that one-click unsubscribing rests on; over plain http there is no one-click.
func TestLinksForAMessage(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	made := w.ownLinks([]string{"ana@person.example", "ben@person.example", "Ana@Person.Example"})
	require.Equal(t, made[0], made[2], "one address is one person")
	require.NotEqual(t, made[0], made[1])
	require.Equal(t, "<"+made[0].Unsubscribe+">", made[0].Header)
	require.Empty(t, made[0].Post)

	tenant := into[map[string]any](t, w.call(api.Admin, http.MethodGet, "/v1/tenant", nil))
	tenant["settings"].(map[string]any)["consents"] = map[string]any{"unsubscribe_mail": "stop@acme.test"}
	delete(tenant, "id")
	delete(tenant, "slug")
	set := w.call(api.Admin, http.MethodPut, "/v1/tenant", tenant)
	require.Equal(t, http.StatusOK, set.Status, "%s", set.Body)
	w.clock.Advance(11 * time.Second)
	secure := casework.New(w.db, w.objects, w.config.Policies, casework.Links{Public: "https://privacy.acme.test"}, w.clock)
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		got, err := secure.MakeLinks(ctx, tx, casework.NewLinks{Purpose: "news", Channel: privacy.ByEmail}, []string{"ana@person.example"})
		require.NoError(t, err)
		fault := privacy.OneClickHeaders{ListUnsubscribe: got[0].Header, ListUnsubscribePost: got[0].Post, DKIMSigned: []string{"list-unsubscribe", "list-unsubscribe-post"}}.Check()
		require.Equal(t, privacy.FaultNone, fault)
		require.Contains(t, got[0].Header, ", <mailto:stop@acme.test?subject=")
		return nil
	})
	for name, body := range map[string]map[string]any{
		"no purpose there is":   {"addresses": []string{"a@b.example"}, "purpose": "none"},
		"no address":            {"addresses": []string{"a@b.example", "nobody"}, "purpose": "news"},
		"a day long ago":        {"addresses": []string{"a@b.example"}, "purpose": "news", "day": "2019-12-31"},
		"a day far away":        {"addresses": []string{"a@b.example"}, "purpose": "news", "day": "2030-01-01"},
		"a list with a blank":   {"addresses": []string{"a@b.example"}, "purpose": "news", "list": "of ana"},
		"nobody to write to":    {"addresses": []string{}, "purpose": "news"},
		"another channel's one": {"addresses": []string{"a@b.example"}, "purpose": "news", "channel": "sms"},
	} {
		got := w.call(api.Agent, http.MethodPost, "/v1/consent/links", body)
		require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusConflict}, got.Status, "%s: %s", name, got.Body)
	}
	require.Equal(t, "no_consent", w.may("ana@person.example", "news").Reason, "a link says nothing about consent")
	require.Empty(t, w.ledger("ana@person.example"))
}

// Who was forgotten is told so: nothing is claimed that could not be kept.
func TestLinksOfTheForgotten(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news")
	unsubscribe, preferences := w.link("ana@person.example")
	owner := w.register.Owner(t)
	_, err := owner.Exec(t.Context(), "UPDATE consent_people SET wrapped_key = NULL, blind_index = NULL, value_sealed = NULL, destroyed_at = now()")
	require.NoError(t, err)
	for _, path := range []string{unsubscribe, preferences} {
		page := w.visit(path, nil)
		require.Equal(t, http.StatusGone, page.Status, "%s", page.Body)
		require.Contains(t, string(page.Body), "has deleted the data")
	}
	require.Equal(t, http.StatusGone, w.oneClick(unsubscribe).Status)
	_, err = owner.Exec(t.Context(), "ALTER TABLE consent_people DISABLE TRIGGER ALL; DELETE FROM consent_people")
	require.NoError(t, err)
	require.Equal(t, http.StatusNotFound, w.oneClick(unsubscribe).Status, "a register that never knew them")
}
