package sample_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// loadLoyalty makes the loyalty programme under a prefix of the test's own and removes it afterwards.
func loadLoyalty(t *testing.T, seed uint64) sample.System {
	t.Helper()
	db, u := localtest.MariaDB(t)
	prefix := strings.Trim(u.Path, "/")
	t.Cleanup(func() {
		for _, statement := range []string{"DROP DATABASE IF EXISTS " + prefix + "_loyalty", "DROP USER IF EXISTS " + prefix + "_loyalty_reader"} {
			_, err := db.ExecContext(context.WithoutCancel(t.Context()), statement)
			require.NoError(t, err)
		}
	})
	s, err := sample.LoadLoyalty(t.Context(), u.String(), prefix, seed, people)
	require.NoError(t, err)
	again, err := sample.LoadLoyalty(t.Context(), u.String(), prefix, seed, people)
	require.NoError(t, err)
	require.Equal(t, s, again, "a second load puts the same in place of the first")
	return s
}

func openLoyalty(t *testing.T, s sample.System) *mysql.Connector {
	t.Helper()
	c, err := mysql.New(mysql.Config{DSN: s.ReadDSN, Datasets: s.Datasets})
	require.NoError(t, err)
	return c
}

func TestConnectorsFindNothingWrongWithTheLoyaltyProgramme(t *testing.T) {
	t.Parallel()
	s := loadLoyalty(t, 1)
	require.NoError(t, openLoyalty(t, s).Test(t.Context()))
	require.Greater(t, s.Rows["members"], people/5)
	require.Greater(t, s.Rows["bookings"], 2*s.Rows["members"])
	u, err := url.Parse(s.ReadDSN)
	require.NoError(t, err)
	require.Equal(t, "mysql", u.Scheme)
}

// The demo person is in the programme under no address: the shop's number leads to her, across two kinds of database.
func TestTheShopLeadsToTheDemoPersonsMembership(t *testing.T) {
	t.Parallel()
	l, points := load(t, 1), loadLoyalty(t, 1)
	g, err := dataset.NewGraph(append(append(append([]dataset.Dataset{}, l.CRM.Datasets...), l.Shop.Datasets...), points.Datasets...)...)
	require.NoError(t, err)
	subject := connectors.Subject{Identities: map[string][]string{"email": {strings.ToUpper(sample.DemoEmail)}}}
	plan, err := g.Plan(subject.Known())
	require.NoError(t, err)
	systems := map[string]connectors.Connector{sample.CRM: open(t, l.CRM), sample.Shop: open(t, l.Shop), sample.Loyalty: openLoyalty(t, points)}
	var keys []connectors.KeySet
	sink := conformance.NewRecorder()
	for _, stage := range plan.Stages(func(d string) string { return d }) {
		sel := connectors.Selection{Plan: *plan, Only: stage.Collections, Subject: subject, Keys: keys, Exports: stage.Exports}
		require.NoError(t, systems[stage.System].Collect(t.Context(), sel, sink))
		found, err := systems[stage.System].Keys(t.Context(), sel)
		require.NoError(t, err)
		keys = append(keys, found...)
	}
	at := func(name string) []connectors.Row {
		return sink.Kept[dataset.Address{Dataset: sample.Loyalty, Collection: name}]
	}
	require.Len(t, at("members"), 1)
	require.Equal(t, connectors.Int(7_000_001), at("members")[0][0])
	require.Equal(t, connectors.Null(), at("members")[0][1])
	require.Equal(t, sample.DemoName, at("members")[0][4].Raw())
	require.Len(t, at("tiers"), 1)
	require.NotEmpty(t, at("cards"))
	require.GreaterOrEqual(t, len(at("bookings")), 2)
	for _, row := range at("bookings") {
		require.Equal(t, connectors.Int(7_000_001), row[1])
	}
}

func TestTheLoyaltyDeclarationSpeaksFourLanguages(t *testing.T) {
	t.Parallel()
	s, err := sample.LoyaltyAnnotation()
	require.NoError(t, err)
	d := s.Declaration
	texts := []dataset.Text{d.Name, d.Source.Text}
	for _, p := range d.Purposes {
		texts = append(texts, p.Description)
	}
	for _, r := range d.Recipients {
		texts = append(texts, r.Purpose)
	}
	for _, r := range d.Retention {
		texts = append(texts, r.Criteria)
	}
	for _, text := range texts {
		require.Len(t, text, 4, "%v", text)
	}
}
