package service_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/service"
	"github.com/privacy-docket/docket/privacy/dataset"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, func(t *testing.T, s conformance.Setup) connectors.Connector {
		b := fill(t, s)
		return b.connector(t, service.Config{Document: fixtureDocument(s), Datasets: s.Datasets, BatchRows: s.BatchRows, ValueLimit: s.ValueLimit, KeyLimit: s.KeyLimit})
	})
}

// A service has no catalogue: foreign keys and tables beside the annotation are not known of it.
func TestErasingConformance(t *testing.T) {
	t.Parallel()
	conformance.RunErasing(t, func(t *testing.T, s conformance.Setup) (connectors.Eraser, conformance.System) {
		b := fill(t, s)
		return b.connector(t, service.Config{Document: fixtureDocument(s), Datasets: s.Datasets, BatchRows: s.BatchRows, ValueLimit: s.ValueLimit, KeyLimit: s.KeyLimit, EraseRows: s.EraseRows, AllowWrites: true}), b
	}, conformance.Traits{Blind: true})
}

// fill makes a service that holds the setup's tables.
func fill(t *testing.T, s conformance.Setup) *bench {
	t.Helper()
	b := newBench(t)
	for _, table := range s.Tables {
		b.references[table.Name] = table.References
		rows := slices.Clone(table.Rows)
		slices.SortStableFunc(rows, func(x, y connectors.Row) int {
			for i := range table.Key {
				if c := strings.Compare(x[i].Raw(), y[i].Raw()); c != 0 {
					return c
				}
				if c := x[i].Int64() - y[i].Int64(); c != 0 {
					return int(c)
				}
			}
			return 0
		})
		for _, row := range rows {
			members := make([]string, len(row))
			for i, v := range row {
				members[i] = fmt.Sprintf("%q: %s", table.Columns[i].Name, written(t, v))
			}
			b.add(t, table.Name, "{"+strings.Join(members, ", ")+"}")
		}
	}
	return b
}

// written is a value as the service keeps it.
func written(t *testing.T, v connectors.Value) string {
	t.Helper()
	switch v.Kind() {
	case connectors.KindDecimal, connectors.KindJSON:
		return v.Raw()
	case connectors.KindBytes:
		return `"` + base64.StdEncoding.EncodeToString([]byte(v.Raw())) + `"`
	case connectors.KindTime:
		return `"` + v.Raw() + `"`
	case connectors.KindList:
		items := make([]string, len(v.Elements()))
		for i, e := range v.Elements() {
			items[i] = written(t, e)
		}
		return "[" + strings.Join(items, ", ") + "]"
	default:
		text, err := v.AppendJSON(nil)
		require.NoError(t, err)
		return string(text)
	}
}

// pagings are the ways in which the fixture's collections are paged, so that each of them is tried.
func pagings() map[string]string {
	return map[string]string{
		"people": "", "items": "", "customers": "",
		"purchases": "paging: {kind: offset, parameter: offset, size_parameter: limit, size: 7}",
		"visits":    "paging: {kind: cursor, parameter: after, next: meta.next, size_parameter: limit, size: 9}",
		"orders":    "paging: {kind: link}",
		"cards":     "paging: {kind: page, parameter: page, first: 0, size_parameter: limit, size: 2}",
		"threads":   "paging: {kind: url, next: meta.link}",
	}
}

// fixtureDocument says how the bench's service is reached.
func fixtureDocument(s conformance.Setup) string {
	var b strings.Builder
	b.WriteString("service:\n  name: Fixture\n  url: URL\n  auth: {kind: bearer}\n  limits: {concurrency: 3}\n  collections:\n")
	for _, table := range s.Tables {
		annotated, ok := collectionOf(s.Datasets, table.Name)
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "  - collection: fixture.%s\n    read:\n", table.Name)
		for _, by := range ways(annotated.Fields, "") {
			if by == "id" && table.Name == "items" {
				b.WriteString("    - {by: id, path: /items/<value>, rows: $, nobody: [404]}\n")
				continue
			}
			fmt.Fprintf(&b, "    - by: %s\n      path: /%s\n      query: {by: %s, value: <value>}\n      rows: data.items[*]\n      %s\n", by, table.Name, by, pagings()[table.Name])
		}
		b.WriteString("    delete: {path: /" + table.Name + "/<row._id>}\n    update: {path: /" + table.Name + "/<row._id>, at: set}\n")
		if table.Name == conformance.ListTable {
			b.WriteString("    add: {path: /blocked, json: {email: <value>}}\n")
		}
		if len(table.Key) == 0 {
			b.WriteString("    key: _id\n")
		}
		b.WriteString("    fields:\n")
		for _, c := range table.Columns {
			typ := map[connectors.Kind]string{connectors.KindInt: "integer", connectors.KindDecimal: "number", connectors.KindTime: "moment", connectors.KindBool: "boolean",
				connectors.KindBytes: "bytes", connectors.KindText: "text"}[c.Kind]
			if slices.Contains(table.Days, c.Name) || c.Name == "born" {
				typ = "date"
			}
			if typ != "" {
				fmt.Fprintf(&b, "      %s: {type: %s}\n", c.Name, typ)
			}
		}
	}
	return b.String()
}

func collectionOf(datasets []dataset.Dataset, name string) (dataset.Collection, bool) {
	for _, c := range datasets[0].Collections {
		if c.Name == name {
			return c, true
		}
	}
	return dataset.Collection{}, false
}

// ways are the fields by which anything is found: identities, references, keys.
func ways(fields []dataset.Field, parent string) (out []string) {
	for _, f := range fields {
		name := parent + f.Name
		if f.Identity != "" || f.PrimaryKey || slices.ContainsFunc(f.References, func(r dataset.Reference) bool { return r.Direction == dataset.From }) {
			out = append(out, name)
		}
		out = append(out, ways(f.Fields, name+".")...)
	}
	return out
}

// Texts reads a table past the connector.
func (b *bench) Texts(t *testing.T, table conformance.Table) [][]*string {
	t.Helper()
	var out [][]*string
	for _, row := range b.stored(t, table.Name) {
		var members map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(row.body, &members))
		texts := make([]*string, len(table.Columns))
		for i, c := range table.Columns {
			raw := members[c.Name]
			if len(raw) == 0 || string(raw) == "null" {
				continue
			}
			text := string(raw)
			if raw[0] == '"' {
				require.NoError(t, json.Unmarshal(raw, &text))
			}
			switch c.Kind {
			case connectors.KindBytes:
				decoded, err := base64.StdEncoding.DecodeString(text)
				require.NoError(t, err)
				text = hex.EncodeToString(decoded)
			case connectors.KindTime:
				text = strings.TrimSuffix(strings.Replace(text, "T", " ", 1), "Z")
			}
			texts[i] = &text
		}
		out = append(out, texts)
	}
	return out
}
