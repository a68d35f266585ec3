package packaging_test

import (
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities/packaging"
)

// Art. 20(1) GDPR: what is taken along says in what form it is, and what the right does not reach is in no file and named on the cover.
func TestArt20Portability(t *testing.T) {
	t.Parallel()
	all := contents("en")
	all.Cover.Right = "portability"
	all.Systems[0].Collections[0].Columns[3].Beyond = "not_provided_by_subject" // rows are left out by it and it is redacted all the same
	all.Systems[0].Beyond = []packaging.Beyond{{Collection: "orders", Field: "agent", Reason: "not_provided_by_subject"}}
	m, _, files := pack(t, all)
	rows := parse(t, files["data/shop/orders.json"])
	require.Len(t, rows, 2)
	require.NotContains(t, rows[0], "agent")
	require.NotContains(t, files["data/shop/orders.json"]+files["data/shop/orders.csv"], "K. Ito")
	require.Contains(t, files[packaging.CoverName], "What you cannot take along")
	require.Contains(t, files[packaging.CoverName], "It was worked out, or did not come from you")

	var schema struct {
		Schema string `json:"$schema"`
		Items  struct {
			Properties map[string]struct{ Type []string }
			Required   []string
			Additional bool `json:"additionalProperties"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(files["data/shop/orders.schema.json"]), &schema))
	require.Equal(t, "https://json-schema.org/draft/2020-12/schema", schema.Schema)
	require.Equal(t, []string{"id", "total", "note", "placed_at"}, schema.Items.Required)
	require.False(t, schema.Items.Additional)
	for _, row := range rows {
		require.Len(t, row, len(schema.Items.Properties))
		for name, value := range row {
			require.Contains(t, schema.Items.Properties[name].Type, jsonType(value), name)
		}
	}
	person, field := parse(t, files["data/crm/people.json"])[0], "extra"
	var crm map[string]any
	require.NoError(t, json.Unmarshal([]byte(files["data/crm/people.schema.json"]), &crm))
	require.Contains(t, person, field)
	require.NotContains(t, crm["items"].(map[string]any)["properties"].(map[string]any)[field], "type", "a document may hold anything")

	var table struct {
		Context string `json:"@context"`
		URL     string
		Table   struct {
			Columns []struct{ Titles, Datatype string }
		} `json:"tableSchema"`
	}
	require.NoError(t, json.Unmarshal([]byte(files["data/shop/orders.csv-metadata.json"]), &table))
	require.Equal(t, "http://www.w3.org/ns/csvw", table.Context)
	require.Equal(t, "orders.csv", table.URL)
	cells, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(files["data/shop/orders.csv"], "\ufeff"))).ReadAll()
	require.NoError(t, err)
	for i, column := range table.Table.Columns {
		require.Equal(t, cells[0][i], column.Titles)
	}
	require.Equal(t, []string{"integer", "number", "string", "string"}, []string{
		table.Table.Columns[0].Datatype, table.Table.Columns[1].Datatype, table.Table.Columns[2].Datatype, table.Table.Columns[3].Datatype,
	})
	for _, f := range m.Files {
		require.NotEmpty(t, f.SHA256, filepath.Base(f.Name))
	}
	_, _, files = pack(t, contents("en"))
	require.NotContains(t, files, "data/shop/orders.schema.json", "a copy for the person alone needs none")
}

func jsonType(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case []any:
		return "array"
	default:
		return "object"
	}
}
