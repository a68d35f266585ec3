package sample_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/privacy/dataset"
)

const people = 300

// load makes the sample under a prefix of the test's own and removes it afterwards.
func load(t *testing.T, seed uint64) sample.Loaded {
	t.Helper()
	dsn := localtest.Database(t)
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	prefix := "s" + strings.TrimPrefix(u.Path, "/test_")
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		conn, err := pgx.Connect(ctx, dsn)
		require.NoError(t, err)
		for _, system := range []string{prefix + "_crm", prefix + "_shop"} {
			_, err = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+system+" WITH (FORCE)")
			require.NoError(t, err)
			_, err = conn.Exec(ctx, "DROP ROLE IF EXISTS "+system+"_reader")
			require.NoError(t, err)
		}
		require.NoError(t, conn.Close(ctx))
	})
	loaded, err := sample.LoadAs(t.Context(), dsn, prefix, seed, people)
	require.NoError(t, err)
	return loaded
}

// open connects to a sample system as its reader.
func open(t *testing.T, s sample.System) *postgres.Connector {
	t.Helper()
	c, err := postgres.New(postgres.Config{DSN: s.ReadDSN, Datasets: s.Datasets})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// The small third system is read like the others, and the people of the surveys are the customers.
func TestSurveysAreOfTheCustomers(t *testing.T) {
	t.Parallel()
	dsn := localtest.Database(t)
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	prefix := "v" + strings.TrimPrefix(u.Path, "/test_")
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		conn, err := pgx.Connect(ctx, dsn)
		require.NoError(t, err)
		_, err = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+prefix+"_surveys WITH (FORCE)")
		require.NoError(t, err)
		_, err = conn.Exec(ctx, "DROP ROLE IF EXISTS "+prefix+"_surveys_reader")
		require.NoError(t, err)
		require.NoError(t, conn.Close(ctx))
	})
	s, err := sample.LoadSurveys(t.Context(), dsn, prefix, 1, people)
	require.NoError(t, err)
	require.NoError(t, open(t, s).Test(t.Context()))
	customers := sample.Customers(1, people)
	require.Equal(t, (len(customers)+2)/3, s.Rows["answers"])
	for _, c := range customers {
		require.NotEqual(t, sample.DemoEmail, c.Email)
		require.NotEmpty(t, c.Name)
		require.Len(t, c.Country, 2)
	}
}

func TestConnectorsFindNothingWrongWithTheSample(t *testing.T) {
	t.Parallel()
	l := load(t, 1)
	require.NoError(t, open(t, l.CRM).Test(t.Context()))
	require.NoError(t, open(t, l.Shop).Test(t.Context()))
	require.Greater(t, l.Shop.Rows["orders"], people)
	require.Greater(t, l.CRM.Rows["contacts"], people/2)
}

// A draft of the live schema finds the same rows of a person as what people annotated does.
func TestADraftOfTheSampleReadsWhatTheAnnotationReads(t *testing.T) {
	t.Parallel()
	l := load(t, 1)
	subject := connectors.Subject{Identities: map[string][]string{"email": {sample.DemoEmail}}}
	for _, s := range []sample.System{l.CRM, l.Shop} {
		bare := s
		bare.Datasets = nil
		structure, err := open(t, bare).Describe(t.Context())
		require.NoError(t, err)
		draft := dataset.NewDraft(structure, dataset.DraftOptions{Key: s.Key, Schema: map[string]string{sample.CRM: "crm"}[s.Key]})
		drafted := s
		drafted.Datasets = draft.Datasets
		require.NoError(t, open(t, drafted).Test(t.Context()), draft.Text)
		require.Equal(t, counts(t, s, subject), counts(t, drafted, subject))
	}
}

// counts is how many rows a system has of a person, by collection, with what it alone says.
func counts(t *testing.T, s sample.System, subject connectors.Subject) map[string]int64 {
	t.Helper()
	graph, err := dataset.NewOpenGraph(s.Datasets...)
	require.NoError(t, err)
	plan, err := graph.Plan(subject.Known())
	require.NoError(t, err)
	found, err := open(t, s).Preview(t.Context(), connectors.Selection{Plan: *plan, Subject: subject})
	require.NoError(t, err)
	rows := map[string]int64{}
	for _, c := range found {
		rows[c.Collection] = c.Rows
	}
	return rows
}

func TestTheDemoPersonIsCollectedFromBothSystems(t *testing.T) {
	t.Parallel()
	l := load(t, 1)
	kept := collect(t, l, connectors.Subject{Identities: map[string][]string{"email": {strings.ToUpper(sample.DemoEmail)}}})

	contacts := kept[dataset.Address{Dataset: sample.CRM, Collection: "contacts"}]
	require.Len(t, contacts, 2, "the contact with her address, and the one that only the shop leads to")
	require.Equal(t, sample.DemoEmail, contacts[0][2].Raw())
	require.Equal(t, sample.DemoOldEmail, contacts[1][2].Raw())
	require.Len(t, kept[dataset.Address{Dataset: sample.Shop, Collection: "customers"}], 2)
	require.GreaterOrEqual(t, len(kept[dataset.Address{Dataset: sample.Shop, Collection: "orders"}]), 8)
	require.NotEmpty(t, kept[dataset.Address{Dataset: sample.Shop, Collection: "products"}])
	require.NotContains(t, kept, dataset.Address{Dataset: sample.Shop, Collection: "daily_sales"})

	all := text(kept)
	require.Contains(t, all, "Mein Nachbar "+sample.ThirdParty)
	require.Contains(t, all, "=HYPERLINK(")
	require.Contains(t, all, "日本語")
	require.NotContains(t, all, "group@example.org", "the others in copy")
	require.NotContains(t, all, "staff01@halden-birk.example")
}

func TestAnotherSeedGivesOtherRowsAndTheSameSeedTheSame(t *testing.T) {
	t.Parallel()
	first, second, third := load(t, 7), load(t, 7), load(t, 8)
	subject := connectors.Subject{Identities: map[string][]string{"email": {sample.DemoEmail}}}
	require.Equal(t, collect(t, first, subject), collect(t, second, subject))
	require.NotEqual(t, collect(t, first, subject), collect(t, third, subject))
}

func TestDeclarationsSpeakFourLanguages(t *testing.T) {
	t.Parallel()
	crm, shop, err := sample.Annotations()
	require.NoError(t, err)
	for _, d := range []dataset.Declaration{crm.Declaration, shop.Declaration} {
		texts := []dataset.Text{d.Name}
		for _, p := range d.Purposes {
			texts = append(texts, p.Description)
		}
		for _, r := range d.Recipients {
			texts = append(texts, r.Purpose)
			if r.ThirdCountry() {
				texts = append(texts, r.SafeguardText)
			}
		}
		for _, r := range d.Retention {
			texts = append(texts, r.Criteria)
		}
		for _, x := range d.Decisions {
			texts = append(texts, x.Name, x.Logic, x.Significance)
		}
		for _, text := range texts {
			require.Len(t, text, 4, "%v", text)
		}
	}
	require.True(t, crm.Declaration.Recipients[1].ThirdCountry())
	require.False(t, shop.Declaration.Recipients[0].ThirdCountry(), "Norway is in the EEA")
}

// collect plans over both systems and collects stage by stage, handing keys on.
func collect(t *testing.T, l sample.Loaded, subject connectors.Subject) map[dataset.Address][]connectors.Row {
	t.Helper()
	g, err := dataset.NewGraph(append(append([]dataset.Dataset{}, l.CRM.Datasets...), l.Shop.Datasets...)...)
	require.NoError(t, err)
	plan, err := g.Plan(subject.Known())
	require.NoError(t, err)
	systems := map[string]connectors.Connector{sample.CRM: open(t, l.CRM), sample.Shop: open(t, l.Shop)}
	stages := plan.Stages(func(d string) string { return d })
	require.Len(t, stages, 2, "the shop, then the customer relations that it leads to")
	var keys []connectors.KeySet
	sink := conformance.NewRecorder()
	for _, stage := range stages {
		sel := connectors.Selection{Plan: *plan, Only: stage.Collections, Subject: subject, Keys: keys, Exports: stage.Exports}
		require.NoError(t, systems[stage.System].Collect(t.Context(), sel, sink))
		found, err := systems[stage.System].Keys(t.Context(), sel)
		require.NoError(t, err)
		keys = append(keys, found...)
	}
	return sink.Kept
}

// text writes everything that was collected as one text.
func text(kept map[dataset.Address][]connectors.Row) string {
	var b strings.Builder
	for _, rows := range kept {
		for _, row := range rows {
			for _, v := range row {
				b.WriteString(v.String() + "\n")
			}
		}
	}
	return b.String()
}
