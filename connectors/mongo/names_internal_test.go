package mongo

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// A name that ends in the middle for BSON is refused before anything is connected to, wherever in an annotation it stands, and not quoted.
func TestNamesThatNoServerCanHave(t *testing.T) {
	t.Parallel()
	const bad = "canary\x00"
	field := func(name string, inside ...dataset.Field) dataset.Field {
		return dataset.Field{Name: name, Fields: inside}
	}
	with := func(schema, collection string, fields ...dataset.Field) dataset.Dataset {
		return dataset.Dataset{Key: "d", Meta: map[string]any{"schema": schema}, Collections: []dataset.Collection{{Name: collection, Fields: fields}}}
	}
	config := func(d dataset.Dataset) Config {
		return Config{DSN: "mongodb://u:p@h/d", Datasets: []dataset.Dataset{d}}
	}
	for name, d := range map[string]dataset.Dataset{
		"a database": with(bad, "people"), "a collection": with("s", bad), "a field": with("s", "people", field(bad)), "a field that is no text": with("s", "people", field("\xff")),
		"a member": with("s", "people", field("profile", field("street"), field(bad))), "what tells documents apart here": with("s", "people", field(hiddenID)),
	} {
		_, err := New(config(d))
		require.ErrorIs(t, err, connectors.ErrSelection, name)
		require.ErrorContains(t, err, "zero character", name)
		require.NotContains(t, err.Error(), "canary", name)
	}
	_, err := New(config(with("s", "people", field("profile", field("straße")))))
	require.NoError(t, err)
}

// A value with a zero never comes to stand in a pattern, where it would end it.
func TestAValueWithAZeroIsNotAskedFor(t *testing.T) {
	t.Parallel()
	a := dataset.Address{Dataset: "d", Collection: "people"}
	decl := &dataset.Collection{Name: "people", Fields: []dataset.Field{{Name: "email", Identity: "email"}}}
	c, err := New(Config{DSN: "mongodb://u:p@h/d", Datasets: []dataset.Dataset{{Key: "d", Collections: []dataset.Collection{*decl}}}})
	require.NoError(t, err)
	c.catalog = map[dataset.Address]*shape{a: {}}
	s := source{c}
	table, err := c.Table(dataset.Step{Address: a}, decl)
	require.NoError(t, err)
	for _, value := range []string{"a@example.org\x00", "\x00", "\xff@example.org"} {
		for _, fold := range []bool{true, false} {
			q := records.Query{Table: table, By: &records.Asked{Field: table.FieldOf([]string{"email"}, &decl.Fields[0]), Value: value, Fold: fold}}
			err := s.Find(t.Context(), q, func(json.RawMessage) error { return nil })
			require.ErrorIs(t, err, connectors.ErrSelection, "%q", value)
			require.NotContains(t, err.Error(), "example")
		}
	}
}

// Documents that are written have names that can be sent, however deep they lie.
func TestDocumentsThatCanBeSent(t *testing.T) {
	t.Parallel()
	for raw, can := range map[string]bool{
		`{"a": "\u0000"}`: true, `{"a\u0000": 1}`: false, `[{"a": [{"b": {"\u0000": 1}}]}]`: false, `["\u0000", 1, null]`: true, `{}`: true, `{"\ud800": 1}`: true,
	} {
		require.Equal(t, can, sendableDocument(json.RawMessage(raw)), raw)
		if can && strings.HasPrefix(raw, "{") {
			value, err := merged(bson.RawValue{}, json.RawMessage(raw), typed{})
			require.NoError(t, err)
			_, err = bson.Marshal(value)
			require.NoError(t, err, raw)
		}
	}
	_, err := merged(bson.RawValue{}, json.RawMessage(`{"x": {"a\u0000": 1}}`), typed{})
	require.ErrorIs(t, err, errBroken)

	// A name that is no UTF-8 comes as another one to JSON, and must not be written back as that.
	raw, err := bson.Marshal(bson.D{{Key: "f", Value: bson.D{{Key: "?", Value: "1"}, {Key: "secret", Value: "2"}}}})
	require.NoError(t, err)
	raw = []byte(strings.Replace(string(raw), "?", "\xff", 1))
	was := bson.Raw(raw).Lookup("f")
	said, err := appendValue(nil, was, 1)
	require.NoError(t, err)
	same, err := merged(was, said, typed{})
	require.NoError(t, err)
	require.Equal(t, was, same, "what isn't changed stays")
	_, err = merged(was, json.RawMessage(strings.Replace(string(said), `"2"`, "null", 1)), typed{})
	require.ErrorIs(t, err, errBroken)
}

// Of a document what is annotated is held, byte by byte, and nothing else.
func TestOnlyWhatIsAnnotatedIsHeld(t *testing.T) {
	t.Parallel()
	raw, err := bson.Marshal(bson.D{{Key: "x", Value: "canary"}, {Key: "_id", Value: 1}, {Key: "y", Value: "canary"}, {Key: "email", Value: bson.A{"a"}}, {Key: "x", Value: 2}})
	require.NoError(t, err)
	only := annotated(&dataset.Collection{Fields: []dataset.Field{{Name: "email"}, {Name: "lacking"}}})
	row, err := rowOf(raw, only)
	require.NoError(t, err, "what stands twice is nobody's")
	require.JSONEq(t, `{"_id": 1, "email": ["a"], "\u0000id": "1001000000"}`, string(row))
	want, err := bson.Marshal(bson.D{{Key: "_id", Value: 1}, {Key: "email", Value: bson.A{"a"}}})
	require.NoError(t, err)
	require.Equal(t, bson.Raw(want), trimmed(raw, only))
}

// A field that stands twice is noticed among few and among many, in documents and in lists of them; in lists alone nothing has a name.
func TestNamesThatComeAgain(t *testing.T) {
	t.Parallel()
	wide := bson.D{{Key: "_id", Value: 1}}
	for i := range 3 * few {
		wide = append(wide, bson.E{Key: strings.Repeat("k", i+1), Value: i})
	}
	for name, c := range map[string]struct {
		doc  bson.D
		path []string
	}{
		"none":              {bson.D{{Key: "_id", Value: 1}, {Key: "a", Value: bson.D{{Key: "a", Value: 1}}}, {Key: "A", Value: 1}}, nil},
		"among many none":   {wide, nil},
		"at the top":        {bson.D{{Key: "_id", Value: 1}, {Key: "a", Value: 1}, {Key: "b", Value: 2}, {Key: "a", Value: nil}}, []string{"a"}},
		"the first of many": {append(wide[:len(wide):len(wide)], bson.E{Key: "k", Value: 1}), []string{"k"}},
		"the last of many":  {append(wide[:len(wide):len(wide)], bson.E{Key: strings.Repeat("k", 3*few), Value: 1}), []string{strings.Repeat("k", 3*few)}},
		"in a list":         {bson.D{{Key: "_id", Value: 1}, {Key: "l", Value: bson.A{bson.D{{Key: "x", Value: 1}}, bson.A{bson.D{{Key: "y", Value: 1}, {Key: "y", Value: 1}}}}}}, []string{"l", "y"}},
		"the id":            {bson.D{{Key: "_id", Value: 1}, {Key: "_id", Value: 1}}, []string{"_id"}},
	} {
		raw, err := bson.Marshal(c.doc)
		require.NoError(t, err)
		_, err = rowOf(raw, nil)
		if c.path == nil {
			require.NoError(t, err, name)
			continue
		}
		var twice *errTwice
		require.ErrorAs(t, err, &twice, name)
		require.Equal(t, c.path, twice.path, name)
	}
}
