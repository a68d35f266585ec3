package sample_test

import (
	"context"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/service"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// newsletter is the provider, with what lies in it.
type newsletter struct {
	sample.System
	db *pgx.Conn
}

func startNewsletter(t *testing.T) *newsletter {
	t.Helper()
	admin := localtest.Database(t)
	prefix := admin[strings.LastIndex(admin, "/")+1:]
	prefix, _, _ = strings.Cut(prefix, "?")
	var routes *sample.NewsletterService
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	s, err := sample.LoadNewsletter(t.Context(), admin, prefix, "http://"+server.Listener.Addr().String(), 1, people)
	require.NoError(t, err)
	routes, err = sample.OpenNewsletter(t.Context(), admin, prefix)
	require.NoError(t, err)
	server.Config.Handler = routes
	server.Start()
	db, err := pgx.Connect(t.Context(), strings.Replace(admin, "/"+prefix, "/"+prefix+"_newsletter", 1))
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		require.NoError(t, db.Close(ctx))
		routes.Close()
		conn, err := pgx.Connect(ctx, admin)
		require.NoError(t, err)
		for _, sql := range []string{"DROP DATABASE " + prefix + "_newsletter WITH (FORCE)", "DROP ROLE " + prefix + "_newsletter_reader", "DROP ROLE " + prefix + "_newsletter_changer"} {
			_, err := conn.Exec(ctx, sql)
			require.NoError(t, err)
		}
		require.NoError(t, conn.Close(ctx))
	})
	return &newsletter{System: s, db: db}
}

func (n *newsletter) open(t *testing.T, secrets string, write bool) *service.Connector {
	t.Helper()
	c, err := service.New(service.Config{Document: string(n.ServiceYAML), Secrets: secrets, Datasets: n.Datasets, AllowWrites: write, MayReachPlain: func(netip.Addr) bool { return true }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

func (n *newsletter) selection(t *testing.T) connectors.Selection {
	t.Helper()
	g, err := dataset.NewGraph(n.Datasets...)
	require.NoError(t, err)
	subject := connectors.Subject{Identities: map[string][]string{"email": {strings.ToUpper(sample.DemoEmail)}}}
	plan, err := g.Plan(subject.Known())
	require.NoError(t, err)
	return connectors.Selection{Plan: *plan, Subject: subject}
}

func TestTheNewsletterIsRead(t *testing.T) {
	t.Parallel()
	n := startNewsletter(t)
	c := n.open(t, n.ReadDSN, false)
	require.NoError(t, c.Test(t.Context()))
	sink := conformance.NewRecorder()
	require.NoError(t, c.Collect(t.Context(), n.selection(t), sink))
	at := func(name string) []connectors.Row {
		return sink.Kept[dataset.Address{Dataset: sample.Newsletter, Collection: name}]
	}
	require.Len(t, at("subscribers"), 1)
	require.Equal(t, sample.DemoEmail, at("subscribers")[0][1].Raw())
	require.Len(t, at("sendings"), 12, "over three pages")
	require.Equal(t, at("subscribers")[0][0], at("sendings")[0][1], "the path says whose they are")
	require.Len(t, at("mailings"), 12)
	require.Len(t, at("replies"), 1)

	var all int
	require.NoError(t, c.Roll(t.Context(), dataset.FieldAddress{Address: dataset.Address{Dataset: sample.Newsletter, Collection: "subscribers"}, Path: []string{"email"}},
		func(values []string) error { all += len(values); return nil }))
	require.Equal(t, n.Rows["subscribers"], all)
}

// What the plan says is done, read back, and leaves everybody else alone.
func TestTheNewsletterIsErasedIn(t *testing.T) {
	t.Parallel()
	n := startNewsletter(t)
	c := n.open(t, n.ChangeDSN, true)
	require.NoError(t, c.Test(t.Context()))
	structure, err := c.Describe(t.Context())
	require.NoError(t, err)
	sel := n.selection(t)
	site := erasure.Site{Key: n.Key, Name: "Newsletter", Datasets: n.Datasets, Structure: structure, Terms: n.Declaration.Erasure, Marks: n.Declaration.Limits}
	plan := erasure.Draft(&sel.Plan, []erasure.Site{site}, erasure.Circumstances{Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Zone: time.UTC}).Systems[0]
	for _, l := range plan.Lines {
		require.Empty(t, l.Problems, l.Address)
	}
	frozen := sel
	frozen.Own = true
	frozen.Exports = []dataset.FieldAddress{{Address: dataset.Address{Dataset: sample.Newsletter, Collection: "subscribers"}, Path: []string{"id"}}}
	keys, err := c.Keys(t.Context(), frozen)
	require.NoError(t, err)
	errand := connectors.Errand{Selection: sel, Orders: plan.Orders(), Roots: keys, Secret: []byte("0123456789abcdef0123456789abcdef")}
	before := n.others(t)

	require.ErrorIs(t, n.open(t, n.ReadDSN, true).Erase(t.Context(), errand, conformance.NewLedger()), connectors.ErrPrivilege, "the token that reads changes nothing")
	ledger := conformance.NewLedger()
	require.NoError(t, c.Erase(t.Context(), errand, ledger))
	surveys, err := c.Survey(t.Context(), errand)
	require.NoError(t, err)
	for _, s := range surveys {
		require.Zero(t, s.Left, s.Address)
	}
	require.Equal(t, connectors.Tally{Deleted: 12}, ledger.Tallies[dataset.Address{Dataset: sample.Newsletter, Collection: "sendings"}])
	require.Equal(t, before, n.others(t))
	var email string
	var name *string
	require.NoError(t, n.db.QueryRow(t.Context(), `SELECT email, first_name FROM subscribers WHERE id = $1::bigint`, keys[0].Values[0]).Scan(&email, &name))
	require.Regexp(t, `^[0-9a-f]{32}@erased\.invalid$`, email)
	require.Nil(t, name)
	again := conformance.NewLedger()
	require.NoError(t, c.Erase(t.Context(), errand, again))
	require.Zero(t, again.Batches)
}

// Whoever objects to advertising is on the provider's list, once, and no entry of somebody else changes.
func TestTheNewsletterKeepsAListOfWhomItDoesNotWriteTo(t *testing.T) {
	t.Parallel()
	n := startNewsletter(t)
	c := n.open(t, n.ChangeDSN, true)
	list := connectors.Listing{Address: dataset.Address{Dataset: sample.Newsletter, Collection: "blocked"}, Field: "email", Identity: "email"}
	require.NoError(t, c.CheckList(t.Context(), list))
	require.Equal(t, n.Declaration.Limits[0].Address(), list.Address)
	require.Empty(t, dataset.CheckTerms(n.Declaration, n.Datasets, nil, true))
	_, err := n.open(t, n.ReadDSN, true).Enter(t.Context(), list, sample.DemoEmail)
	require.ErrorIs(t, err, connectors.ErrPrivilege, "the token that reads changes nothing")
	for i, address := range []string{sample.DemoEmail, strings.ToUpper(sample.DemoEmail), "never.subscribed@example.org"} {
		entered, err := c.Enter(t.Context(), list, address)
		require.NoError(t, err)
		require.Equal(t, i != 1, entered, "the case of letters is none of another address")
	}
	var all int
	require.NoError(t, n.db.QueryRow(t.Context(), `SELECT count(*) FROM blocked`).Scan(&all))
	require.Equal(t, n.Rows["blocked"]+2, all)
}

// others are a hash over all rows that are not the demo person's.
func (n *newsletter) others(t *testing.T) (sum string) {
	t.Helper()
	var demo int64
	require.NoError(t, n.db.QueryRow(t.Context(), `SELECT min(id) FROM subscribers`).Scan(&demo))
	require.NoError(t, n.db.QueryRow(t.Context(), `SELECT md5((SELECT string_agg(s::text, '' ORDER BY id) FROM subscribers s WHERE id <> $1) ||
		(SELECT string_agg(s::text, '' ORDER BY id) FROM sendings s WHERE subscriber_id <> $1) || (SELECT string_agg(r::text, '' ORDER BY id) FROM replies r WHERE subscriber_id <> $1) ||
		(SELECT string_agg(m::text, '' ORDER BY id) FROM mailings m))`, demo).Scan(&sum))
	return sum
}
