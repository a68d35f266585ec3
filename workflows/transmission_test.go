package workflows_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// controller is another one, which takes uploads or does not.
type controller struct {
	*httptest.Server
	calls []upload
	// answers are given one after the other, the last for ever.
	answers []int
}

type upload struct {
	method, path, digest, media string
	length                      int64
	body                        []byte
}

func newController(t *testing.T, answers ...int) *controller {
	t.Helper()
	c := &controller{answers: answers}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c.calls = append(c.calls, upload{r.Method, r.URL.RequestURI(), r.Header.Get("Content-Digest"), r.Header.Get("Content-Type"), r.ContentLength, body})
		w.Header().Set("Location", "http://elsewhere.example/")
		w.WriteHeader(c.answers[min(len(c.calls), len(c.answers))-1])
	}))
	t.Cleanup(c.Close)
	return c
}

// carrying is a play of a request for portability.
func carrying(t *testing.T) *play {
	t.Helper()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, func(n *casework.NewRequest) { n.Right = privacy.Portability }}})
	p.Shop.Changeable()
	p.at(time.Hour, p.reviewed)
	return p
}

// asks has the package sent to an address, as the person does.
func (p *play) asks(key, address string) (id uuid.UUID, err error) {
	p.t.Helper()
	actor := audit.Actor{Kind: audit.Subject, ID: p.Ref.Case.String()}
	err = p.Desk.DB().Change(p.t.Context(), p.Tenant, actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = p.Desk.Transmit(ctx, tx, p.Ref, key, casework.NewTransmission{Receiver: storage.Receiver{Name: "Seabird Bicycles", Address: address}, Local: true})
		return err
	})
	return id, err
}

// sends plays the workflow of a transmission beside the request's; meanwhile happens after the first hour of it.
func (p *play) sends(id uuid.UUID, local bool, meanwhile ...func()) {
	p.t.Helper()
	beside := p.again(p.t)
	activities.RegisterTransmissions(beside.env, p.Desk, local)
	for _, do := range meanwhile {
		beside.at(time.Hour, do)
	}
	beside.env.ExecuteWorkflow(contract.TransmissionWorkflow, contract.TransmissionInput{Ref: p.Ref, Transmission: id})
	require.NoError(p.t, beside.env.GetWorkflowError())
	clock, ok := p.Clock.(*skipping)
	require.True(p.t, ok)
	clock.env.Store(p.env)
}

func (p *play) transmission(id uuid.UUID) (found storage.Transmission) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.Subject(ctx, p.Case().SubjectID)
		if err != nil {
			return err
		}
		all, err := tx.Transmissions(ctx, p.Ref.Case, subject)
		for _, one := range all {
			if one.ID == id {
				found = one
			}
		}
		return err
	})
	return found
}

// Art. 20(2) GDPR: another controller gets the data directly, as they are in the package and without what was written for the person; a receiver that
// can't take it now is asked again, with the same bytes.
func TestArt20SentToAnotherController(t *testing.T) {
	t.Parallel()
	p := carrying(t)
	receiver := newController(t, http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusCreated)
	var id uuid.UUID
	p.at(2*time.Hour, func() {
		var err error
		id, err = p.asks("one", receiver.URL+"/bucket/in.zip?X-Amz-Signature=abc")
		require.NoError(t, err)
		again, err := p.asks("one", receiver.URL)
		require.NoError(t, err)
		require.Equal(t, uuid.Nil, again, "once per key")
		_, err = p.asks("two", receiver.URL)
		require.ErrorContains(t, err, "it is being sent to somebody already")
		require.NotEmpty(t, p.transmission(id).Address)
		p.sends(id, true)
		p.sends(id, true) // the relay, which did not see that it is done
	})
	p.run()
	require.Len(t, receiver.calls, 3)
	for _, call := range receiver.calls {
		sum := sha256.Sum256(call.body)
		require.Equal(t, upload{
			method: http.MethodPut, path: "/bucket/in.zip?X-Amz-Signature=abc", media: "application/zip", length: int64(len(call.body)),
			digest: "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":", body: receiver.calls[0].body,
		}, call)
	}
	files := unzipped(t, receiver.calls[2].body)
	require.Contains(t, files["data/shop/customers.json"], p.Person.Email)
	require.NotContains(t, files, "index.html", "the cover is for the person")

	one := p.transmission(id)
	sum := sha256.Sum256(receiver.calls[2].body)
	require.Equal(t, storage.TransmissionSent, one.State)
	require.Equal(t, storage.Sent{Status: http.StatusCreated, Bytes: int64(len(receiver.calls[2].body)), SHA256: sum[:]}, one.Sent)
	require.Equal(t, storage.Receiver{Name: "Seabird Bicycles"}, one.Receiver, "the address has gone")
	letters := p.Letters(notify.KindTransmitted)
	require.Len(t, letters, 1)
	require.Contains(t, unwrapped(letters[0].Text), "we sent your data to: > Seabird Bicycles")
	require.Contains(t, p.Steps(), "transmission_sent")
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		events, err := tx.AuditEvents(ctx, storage.AuditFilter{Limit: 1000, Case: &p.Ref.Case})
		require.NoError(t, err)
		seen := map[audit.Action]int{}
		for _, e := range events {
			if e.Event.Object.Kind == "transmission" {
				seen[e.Event.Action]++
				require.NotContains(t, e.Event.Facts, "Seabird")
				require.Equal(t, id.String(), e.Event.Object.ID)
			}
		}
		require.Equal(t, map[audit.Action]int{audit.TransmissionAsked: 1, audit.TransmissionSending: 3, audit.TransmissionTried: 2, audit.TransmissionEnded: 1}, seen)
		return nil
	})
}

// What a receiver says for good is not asked again, and nothing is sent to where nobody meant it to go. The person is told why, and can try again.
func TestArt20NotSent(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		answer int
		local  bool
		calls  int
		reason string
		says   string
	}{
		"declined":   {http.StatusForbidden, true, 1, "declined", "They did not accept it"},
		"redirected": {http.StatusTemporaryRedirect, true, 1, "redirected", "We only send it where you told us to"},
		"inside":     {http.StatusOK, false, 0, "not_public", "not on the open internet"},
		"never":      {http.StatusServiceUnavailable, true, 11, "unreachable", "could not be reached"},
		"gateway":    {http.StatusBadGateway, true, 11, "unconfirmed", "it may have arrived"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := carrying(t)
			receiver := newController(t, one.answer)
			var first, second uuid.UUID
			p.at(2*time.Hour, func() {
				var err error
				first, err = p.asks("one", receiver.URL)
				require.NoError(t, err)
				p.sends(first, one.local)
				second, err = p.asks("two", receiver.URL)
				require.NoError(t, err, "once it has ended it can be asked for again")
			})
			p.run()
			require.Equal(t, one.calls, len(receiver.calls)) //nolint:testifylint // a failure would print the archives
			got := p.transmission(first)
			require.Equal(t, storage.TransmissionFailed, got.State)
			require.Equal(t, one.reason, got.Reason)
			require.Empty(t, got.Address)
			text := unwrapped(p.Letters(notify.KindTransmitted)[0].Text)
			require.Contains(t, text, one.says)
			require.Contains(t, text, "try again on the page of your request")

			p.sends(second, true) // the package's time is over by now
			require.Equal(t, casework.ReasonPackageGone, p.transmission(second).Reason)
			require.Equal(t, one.calls, len(receiver.calls), "nothing is sent any more") //nolint:testifylint // likewise
		})
	}
}

// Art. 20(2) GDPR, where technically feasible: staff end what is tried in vain, and say why.
func TestArt20RefusedAsNotFeasible(t *testing.T) {
	t.Parallel()
	p := carrying(t)
	receiver := newController(t, http.StatusServiceUnavailable)
	var id uuid.UUID
	p.at(2*time.Hour, func() {
		var err error
		id, err = p.asks("one", receiver.URL)
		require.NoError(t, err)
		p.sends(id, true, func() { require.NoError(t, p.stopsSending("refuse", id)) })
		require.ErrorContains(t, p.stopsSending("again", id), "it has ended already")
		require.NoError(t, p.stopsSending("refuse", id), "the same once more")
	})
	p.run()
	require.Equal(t, storage.TransmissionRefused, p.transmission(id).State)
	letters := p.Letters(notify.KindTransmitted)
	require.Len(t, letters, 1)
	require.Contains(t, unwrapped(letters[0].Text), "It is not technically feasible. > They have no way in for such files yet.")
	require.Less(t, len(receiver.calls), 11)
}

// stopsSending ends a transmission as not feasible, as an officer does.
func (p *play) stopsSending(key string, id uuid.UUID) error {
	return p.Desk.DB().Change(context.WithoutCancel(p.t.Context()), p.Tenant, person(bo), func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.RefuseTransmission(ctx, tx, p.Ref, key, id, "They have no way in for such files yet.")
	})
}

// answering is a controller that takes each body whole, and then does something else at each call, the last for ever.
func answering(t *testing.T, each ...http.HandlerFunc) *httptest.Server {
	t.Helper()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		assert.NoError(t, err)
		each[min(int(calls.Add(1)), len(each))-1](w, r)
	}))
	t.Cleanup(server.Close)
	return server
}

// hangsUp ends the connection without an answer.
func hangsUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func says(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

// Art. 12(1) GDPR: the person is told what happened. What is refused while it is on its way was sent where the receiver takes it, and was not where it
// says no; where it says nothing, nobody can tell.
func TestArt20RefusedWhileOnItsWay(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		answer http.HandlerFunc
		state  string
		says   string
	}{
		"taken":    {says(http.StatusCreated), storage.TransmissionSent, "They took it."},
		"not now":  {says(http.StatusServiceUnavailable), storage.TransmissionRefused, "It is not technically feasible. > They have no way in"},
		"declined": {says(http.StatusForbidden), storage.TransmissionRefused, "It is not technically feasible. > They have no way in"},
		"silent":   {hangsUp, storage.TransmissionRefused, "it may have arrived, and we cannot tell. Ask them whether they have it. We do not try any more, because it is not technically feasible. > They have no way in"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := carrying(t)
			var id uuid.UUID
			var calls atomic.Int32
			receiver := answering(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				assert.NoError(t, p.stopsSending("refuse", id))
				assert.ErrorContains(t, p.stopsSending("again", id), "once the try on its way is over")
				assert.NoError(t, p.stopsSending("refuse", id), "the same once more")
				assert.Equal(t, storage.TransmissionOpen, p.transmission(id).State)
				one.answer(w, r)
			})
			p.at(2*time.Hour, func() {
				var err error
				id, err = p.asks("one", receiver.URL)
				require.NoError(t, err)
				p.sends(id, true)
			})
			p.run()
			got := p.transmission(id)
			require.Equal(t, one.state, got.State)
			require.Empty(t, got.Refusal, "it has gone with the address")
			require.Equal(t, int32(1), calls.Load(), "it is not tried again")
			letters := p.Letters(notify.KindTransmitted)
			require.Len(t, letters, 1)
			require.Contains(t, unwrapped(letters[0].Text), one.says)
		})
	}
}

// Art. 12(1) GDPR: once the whole of it went out without an answer, a later no, or a later silence, does not tell that it was not taken.
func TestArt20UnconfirmedOnceItWentOut(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		then   http.HandlerFunc
		reason string
		says   string
	}{
		"declined later": {says(http.StatusForbidden), casework.ReasonUnconfirmed, "it may have arrived"},
		"never answered": {hangsUp, casework.ReasonUnconfirmed, "it may have arrived"},
		"away later":     {says(http.StatusServiceUnavailable), casework.ReasonUnconfirmed, "it may have arrived"},
		"taken later":    {says(http.StatusCreated), "", "They took it."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := carrying(t)
			receiver := answering(t, hangsUp, one.then)
			var id uuid.UUID
			p.at(2*time.Hour, func() {
				var err error
				id, err = p.asks("one", receiver.URL)
				require.NoError(t, err)
				p.sends(id, true)
			})
			p.run()
			require.Equal(t, one.reason, p.transmission(id).Reason)
			require.Contains(t, unwrapped(p.Letters(notify.KindTransmitted)[0].Text), one.says)
		})
	}
}

// What our own store has lost is not laid on the receiver.
func TestArt20AFaultOfOurOwnIsToldAsOne(t *testing.T) {
	t.Parallel()
	p := carrying(t)
	receiver := newController(t, http.StatusCreated)
	var id uuid.UUID
	p.at(2*time.Hour, func() {
		var err error
		id, err = p.asks("one", receiver.URL)
		require.NoError(t, err)
		var object string
		require.NoError(t, p.Register.Owner(t).QueryRow(t.Context(), `SELECT object_key FROM packages WHERE case_id = $1`, p.Ref.Case).Scan(&object))
		require.NoError(t, p.Objects.Delete(t.Context(), object))
		p.sends(id, true)
	})
	p.run()
	require.Empty(t, receiver.calls)
	require.Equal(t, "fault", p.transmission(id).Reason)
	require.Contains(t, unwrapped(p.Letters(notify.KindTransmitted)[0].Text), "Something failed on our side.")
}

// A package whose time is over is not sent, also where nobody has destroyed it yet.
func TestArt20NothingIsSentAfterItsTime(t *testing.T) {
	t.Parallel()
	p := carrying(t)
	receiver := newController(t, http.StatusCreated)
	var id uuid.UUID
	p.at(2*time.Hour, func() {
		var err error
		id, err = p.asks("one", receiver.URL)
		require.NoError(t, err)
		_, err = p.Register.Owner(t).Exec(t.Context(), `UPDATE packages SET expires_at = $2 WHERE case_id = $1`, p.Ref.Case, p.Clock.Now())
		require.NoError(t, err)
		p.sends(id, true)
	})
	p.run()
	require.Empty(t, receiver.calls)
	require.Equal(t, casework.ReasonPackageGone, p.transmission(id).Reason)
}

// Only what a request for portability came to is sent, once it is there, to an address that can be one.
func TestArt20WhatCanBeSent(t *testing.T) {
	t.Parallel()
	p := carrying(t)
	p.at(time.Minute, func() {
		_, err := p.asks("early", "https://receiver.example/in")
		require.ErrorContains(t, err, "there is no package")
	})
	p.at(2*time.Hour, func() {
		for address, says := range map[string]string{
			"": "begins with https", "receiver.example/in": "begins with https", "ftp://receiver.example/": "begins with https", "https://ana:secret@receiver.example/": "begins with https", "https://receiver.example/#in": "begins with https",
		} {
			_, err := p.asks("bad", address)
			require.ErrorContains(t, err, says, address)
			if address != "" {
				require.NotContains(t, err.Error(), address)
			}
		}
		err := p.Desk.DB().Change(t.Context(), p.Tenant, person(bo), func(ctx context.Context, tx *storage.Tx) error {
			_, err := p.Desk.Transmit(ctx, tx, p.Ref, "plain", casework.NewTransmission{Receiver: storage.Receiver{Name: "Seabird", Address: "http://receiver.example/"}})
			return err
		})
		require.ErrorContains(t, err, "begins with https", "in clear only where the operator lets it")
	})
	p.run()

	other := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven}})
	other.at(time.Hour, other.reviewed)
	other.at(2*time.Hour, func() {
		_, err := other.asks("one", "https://receiver.example/in")
		require.ErrorContains(t, err, "only what a request for portability came to")
	})
	other.run()
}
