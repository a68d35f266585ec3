package packaging_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/connectors"
)

func redacted(t *testing.T, rs ...packaging.Redaction) (packaging.Manifest, map[string]string) {
	t.Helper()
	c := contents("en")
	c.Redactions = rs
	m, _, files := pack(t, c)
	return m, files
}

func TestRedactions(t *testing.T) {
	t.Parallel()
	at := packaging.Redaction{System: "shop", Collection: "orders", Ground: packaging.AnothersRights}
	one := at
	one.Field, one.KeyField, one.KeyValue = "agent", "id", "2"
	m, files := redacted(t, one)
	require.Equal(t, int64(1), m.RedactedValues)
	rows := parse(t, files["data/shop/orders.json"])
	require.Equal(t, "K. Ito", rows[0]["agent"])
	require.Contains(t, rows[1]["agent"], "Left out")

	column := at
	column.Field = "agent"
	m, files = redacted(t, column)
	require.Equal(t, int64(2), m.RedactedValues)
	for name, body := range files {
		require.NotContains(t, body, "Ito", name)
	}

	row := at
	row.KeyField, row.KeyValue = "agent", "K. Ito"
	m, files = redacted(t, row)
	require.Equal(t, int64(2), m.RemovedRows)
	require.Len(t, parse(t, files["data/shop/orders.json"]), 1)
	require.Equal(t, int64(2), m.Rows)
}

// A query may give two columns of one name. A redaction of the name means both.
func TestRedactionsMeanEveryColumnOfTheName(t *testing.T) {
	t.Parallel()
	c := contents("en")
	c.Systems = []packaging.System{{Key: "crm", Collections: []packaging.Collection{{
		Name: "people", Columns: []packaging.Column{{Name: "agent"}, {Name: "agent"}, {Name: "id"}},
		Parts: rowsOf(
			packaging.Row{connectors.Text("K. Ito"), connectors.Text("L. Ito"), connectors.Int(1)},
			packaging.Row{connectors.Text("M. Ito"), connectors.Null(), connectors.Int(2)},
		),
	}}}}
	for _, r := range []packaging.Redaction{
		{System: "crm", Collection: "people", Field: "agent", Ground: packaging.AnothersRights},
		{System: "crm", Collection: "people", Field: "agent", KeyField: "id", KeyValue: "1", Ground: packaging.AnothersRights},
		{System: "crm", Collection: "people", KeyField: "agent", KeyValue: "L. Ito", Ground: packaging.AnothersRights},
	} {
		c.Redactions = []packaging.Redaction{r}
		_, _, files := pack(t, c)
		require.NotContains(t, files["data/crm/people.csv"]+files["data/crm/people.json"], "L. Ito")
	}
}

func TestRedactionsShowOnTheCover(t *testing.T) {
	t.Parallel()
	_, files := redacted(t,
		packaging.Redaction{System: "crm", Collection: "people", Field: "email", Ground: packaging.Security, Note: "A note & more"},
		packaging.Redaction{System: "shop", Collection: "orders", KeyField: "id", KeyValue: "1", Ground: packaging.Other, Citation: "Section 99 of the Act"},
		packaging.Redaction{System: "shop", Collection: "orders", KeyField: "id", KeyValue: "3", Ground: packaging.Other, Citation: "Section 99 of the Act"},
	)
	cover := files[packaging.CoverName]
	require.Contains(t, cover, "A note &amp; more")
	require.Regexp(t, `whole row</td><td class="n">2</td><td>other legal reason, Section 99 of the Act`, cover)
	require.Equal(t, "[Left out: security]", parse(t, files["data/crm/people.json"])[0]["email"])
	require.NotContains(t, strings.Join([]string{files["data/crm/people.csv"], cover}, ""), "ann@secret.example")
}

// Fail closed: a redaction that would miss makes no package.
func TestRedactionsThatCannotBeAppliedMakeNoPackage(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]packaging.Redaction{
		"no such system":     {System: "shp", Collection: "orders", Field: "agent", Ground: packaging.Security},
		"no such collection": {System: "shop", Collection: "order", Field: "agent", Ground: packaging.Security},
		"no such field":      {System: "shop", Collection: "orders", Field: "agnt", Ground: packaging.Security},
		"no such key field":  {System: "shop", Collection: "orders", Field: "agent", KeyField: "key", KeyValue: "1", Ground: packaging.Security},
		"no such row":        {System: "shop", Collection: "orders", Field: "agent", KeyField: "id", KeyValue: "99", Ground: packaging.Security},
		"no ground":          {System: "shop", Collection: "orders", Field: "agent"},
		"other, uncited":     {System: "shop", Collection: "orders", Field: "agent", Ground: packaging.Other},
		"everything":         {System: "shop", Collection: "orders", Ground: packaging.Security},
	} {
		c := contents("en")
		c.Redactions = []packaging.Redaction{r}
		_, err := packaging.Write(t.Context(), &bytes.Buffer{}, c)
		require.ErrorIs(t, err, packaging.ErrRedaction, name)
		require.NotContains(t, err.Error(), "99")
	}
}
