package workflows_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/activities/relay"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// linksFor has a link made, as the person does.
func (p *play) linksFor(key, receiver string) (made casework.MadeLink, err error) {
	p.t.Helper()
	err = p.Desk.DB().Change(p.t.Context(), p.Tenant, p.subject(), func(ctx context.Context, tx *storage.Tx) (err error) {
		made, err = p.Desk.MakeTransmissionLink(ctx, tx, p.Ref, key, receiver)
		return err
	})
	return made, err
}

func tokenOf(made casework.MadeLink) string { return made.URL[strings.LastIndex(made.URL, "/")+1:] }

// fetches has all of the archive go out by a link.
func (p *play) fetches(made casework.MadeLink) []byte {
	p.t.Helper()
	at, err := p.Desk.FetchableBy(p.t.Context(), p.Tenant, tokenOf(made))
	require.NoError(p.t, err)
	fetching, err := at.Begin(p.t.Context())
	require.NoError(p.t, err)
	var out bytes.Buffer
	require.NoError(p.t, packaging.Carry(p.t.Context(), &out, fetching.Open))
	sum := sha256.Sum256(out.Bytes())
	require.NoError(p.t, fetching.Finish(p.t.Context(), int64(out.Len()), sum[:]))
	return out.Bytes()
}

func (p *play) linkedBy(id uuid.UUID) (found storage.TransmissionLink) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.Subject(ctx, p.Case().SubjectID)
		if err != nil {
			return err
		}
		all, err := tx.TransmissionLinks(ctx, p.Ref.Case, subject)
		for _, one := range all {
			if one.ID == id {
				found = one
			}
		}
		return err
	})
	require.Equal(p.t, id, found.ID)
	return found
}

func (p *play) dead(made casework.MadeLink) {
	p.t.Helper()
	_, err := p.Desk.FetchableBy(p.t.Context(), p.Tenant, tokenOf(made))
	require.ErrorIs(p.t, err, casework.ErrLinkDead)
}

// linkEvents are the log's of links.
func (p *play) linkEvents() (out []audit.Event) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		events, err := tx.AuditEvents(ctx, storage.AuditFilter{Limit: 1000, Case: &p.Ref.Case})
		for _, e := range events {
			if e.Event.Object.Kind == "transmission_link" {
				out = append(out, e.Event)
			}
		}
		return err
	})
	return out
}

// Art. 20(2) GDPR: another controller fetches what the person takes along, without what was written for the person; each step is on record.
func TestArt20FetchedByALink(t *testing.T) {
	t.Parallel()
	p := carrying(t)
	var made casework.MadeLink
	p.at(time.Minute, func() {
		_, err := p.linksFor("early", "Seabird Bicycles")
		require.ErrorContains(t, err, "there is no package")
	})
	p.at(2*time.Hour, func() {
		for _, name := range []string{"", "two\nlines", strings.Repeat("x", casework.MaxReceiver+1)} {
			_, err := p.linksFor("bad", name)
			require.ErrorContains(t, err, "name the receiver in one line")
		}
		var err error
		made, err = p.linksFor("one", " Seabird Bicycles ")
		require.NoError(t, err)
		require.Equal(t, "Seabird Bicycles", made.Receiver)
		require.Equal(t, p.Clock.Now().Add(7*day).UTC(), made.Expires.UTC())
		again, err := p.linksFor("one", "Seabird Bicycles")
		require.NoError(t, err)
		require.Equal(t, made, again)
		files := unzipped(t, p.fetches(made))
		require.Contains(t, files["data/shop/customers.json"], p.Person.Email)
		require.NotContains(t, files, "index.html")
		require.Equal(t, p.fetches(made), p.fetches(made), "the same bytes")
	})
	p.run()
	letters := p.Letters(notify.KindTransmitted)
	require.Len(t, letters, 1, "of the first alone")
	require.Contains(t, unwrapped(letters[0].Text), "your data was fetched by whoever has the link that was made for: > Seabird Bicycles")
	require.Contains(t, unwrapped(letters[0].Text), "take it back on the page of your request")
	require.Contains(t, p.Steps(), "transmission_fetched")
	seen := map[audit.Action]int{}
	for _, e := range p.linkEvents() {
		seen[e.Action]++
		require.Equal(t, made.ID.String(), e.Object.ID)
		require.NotContains(t, fmt.Sprint(e.Facts), "Seabird")
		if e.Action == audit.TransmissionFetched {
			require.Equal(t, audit.Actor{Kind: audit.Addressee, ID: made.ID.String()}, e.Actor)
			require.Len(t, e.Evidence, sha256.Size)
		}
	}
	// The package's end, which is a week behind the link's, finds it as it is: no relay has looked.
	require.Equal(t, map[audit.Action]int{audit.TransmissionLinkMade: 1, audit.TransmissionFetched: 3, audit.TransmissionLinkEnded: 1}, seen)
	p.dead(made)
}

// A link ends with its package, and is never longer; the relay ends those whose week is over, and gives up what a server left behind.
func TestArt20LinksEnd(t *testing.T) {
	t.Parallel()
	p := carrying(t)
	round := &relay.Relay{Desk: p.Desk, Objects: p.Objects, Clock: p.Clock, Log: zap.NewNop()}
	var first, last casework.MadeLink
	p.at(2*time.Hour, func() {
		var err error
		first, err = p.linksFor("first", "Seabird Bicycles")
		require.NoError(t, err)
		at, err := p.Desk.FetchableBy(t.Context(), p.Tenant, tokenOf(first))
		require.NoError(t, err)
		_, err = at.Begin(t.Context()) // whose server dies
		require.NoError(t, err)
	})
	p.at(2*time.Hour+15*time.Minute, func() {
		require.NoError(t, p.Desk.GiveUpFetches(t.Context(), p.Tenant))
		require.Nil(t, p.linkedBy(first.ID).Fetches[0].EndedAt, "it may still be under way")
	})
	p.at(3*time.Hour, func() {
		for range 2 {
			require.NoError(t, p.Desk.GiveUpFetches(t.Context(), p.Tenant))
		}
		one := p.linkedBy(first.ID)
		require.NotNil(t, one.Fetches[0].EndedAt)
		require.False(t, one.Fetches[0].Whole)
		require.Nil(t, one.EndedAt)
	})
	p.at(8*day, func() {
		p.dead(first)
		for range 2 {
			require.NoError(t, round.Desk.EndPastLinks(t.Context(), p.Tenant))
		}
		require.Equal(t, storage.LinkExpired, p.linkedBy(first.ID).Reason)
		require.Empty(t, p.Letters(notify.KindTransmitted), "nobody has fetched")
	})
	p.at(10*day, func() {
		var err error
		last, err = p.linksFor("last", "Harbour Cycles")
		require.NoError(t, err)
		require.True(t, last.Expires.Before(p.Clock.Now().Add(7*day)), "the package is gone by then")
		p.fetches(last)
	})
	p.run()
	ended := p.linkedBy(last.ID)
	require.Equal(t, storage.LinkPackageGone, ended.Reason)
	require.False(t, ended.EndedAt.Before(ended.ExpiresAt))
	p.dead(last)
	var hashes int
	require.NoError(t, p.Register.Owner(t).QueryRow(t.Context(), `SELECT count(*) FROM transmission_links WHERE token_hash IS NOT NULL`).Scan(&hashes))
	require.Zero(t, hashes, "what has ended has no hash")
}

// Ten is the most that one package goes to, sent or fetched.
func TestArt20SentAndLinkedToTenTimesInAll(t *testing.T) {
	t.Parallel()
	p := carrying(t)
	p.at(2*time.Hour, func() {
		id, err := p.asks("sent", "https://receiver.example/in")
		require.NoError(t, err)
		require.NoError(t, p.stopsSending("stop", id))
		for i := range 9 {
			_, err := p.linksFor(fmt.Sprint(i), "Seabird Bicycles")
			require.NoError(t, err)
		}
		_, err = p.linksFor("more", "Seabird Bicycles")
		require.ErrorContains(t, err, "10 times at most")
		_, err = p.asks("more sent", "https://receiver.example/in")
		require.ErrorContains(t, err, "10 times at most")
	})
	p.run()
}

// A case that is forgotten while somebody fetches from it: what went out is on record, and nobody is written to.
func TestArt20ForgottenWhileFetching(t *testing.T) {
	t.Parallel()
	p := carrying(t)
	p.run()
	later := p.after(t, time.Hour)
	_, err := later.Register.Owner(t).Exec(t.Context(), `UPDATE packages SET state = 'ready', destroyed_at = NULL, expires_at = $2,
		wrapped_key = 'x' WHERE case_id = $1`, later.Ref.Case, later.Clock.Now().AddDate(9, 0, 0))
	require.NoError(t, err)
	made, err := later.linksFor("one", "Seabird Bicycles")
	require.NoError(t, err)
	var fetch uuid.UUID
	storagetest.Change(t, later.DB, later.Tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		fetch, err = tx.BeginFetch(ctx, made.ID)
		return err
	})
	end := later.after(t, 40*31*day)
	end.forgets()
	require.NotNil(t, end.Case().ForgottenAt)
	require.NoError(t, end.Desk.GiveUpFetches(t.Context(), end.Tenant))
	var bytes int
	require.NoError(t, end.Register.Owner(t).QueryRow(t.Context(), `SELECT bytes FROM transmission_fetches WHERE id = $1 AND NOT whole`, fetch).Scan(&bytes))
	require.Zero(t, bytes)
	require.NoError(t, end.Desk.EndPastLinks(t.Context(), end.Tenant))
	end.dead(made)
	require.Empty(t, end.Letters(notify.KindTransmitted))
}
