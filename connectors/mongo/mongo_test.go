package mongo_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mongo"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

// FerretDB keeps numbers in binary; a database of documents knows nothing that refers to something, and what lies in it only by looking.
func traits() conformance.Traits {
	return conformance.Traits{Blind: true, Loose: true, Coarse: true}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, func(t *testing.T, s conformance.Setup) connectors.Connector {
		b := newBench(t)
		b.fill(t, s)
		return b.connector(t, configured(s))
	}, traits())
}

func TestErasingConformance(t *testing.T) {
	t.Parallel()
	conformance.RunErasing(t, func(t *testing.T, s conformance.Setup) (connectors.Eraser, conformance.System) {
		b := newBench(t)
		b.fill(t, s)
		return b.connector(t, configured(s)), b
	}, traits())
}

func configured(s conformance.Setup) mongo.Config {
	return mongo.Config{Datasets: s.Datasets, BatchRows: s.BatchRows, ValueLimit: s.ValueLimit, KeyLimit: s.KeyLimit, EraseRows: s.EraseRows, AllowWrites: true}
}

// bench is a database of one test's own.
type bench struct {
	*driver.Database
	url *url.URL
}

func newBench(t *testing.T) *bench {
	t.Helper()
	database, u := localtest.MongoDB(t)
	return &bench{database, u}
}

// connector opens one on the database.
func (b *bench) connector(t *testing.T, cfg mongo.Config) *mongo.Connector {
	t.Helper()
	cfg.DSN = b.url.String()
	c, err := mongo.New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// fill puts the suite's rows into collections, in the order of their keys.
func (b *bench) fill(t *testing.T, s conformance.Setup) {
	t.Helper()
	for _, table := range s.Tables {
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
		var docs []bson.D
		for _, row := range rows {
			doc := bson.D{{Key: "_id", Value: bson.NewObjectID()}}
			for i, v := range row {
				doc = append(doc, bson.E{Key: table.Columns[i].Name, Value: kept(t, table, i, v)})
			}
			docs = append(docs, doc)
		}
		_, err := b.Collection(table.Name).InsertMany(t.Context(), docs)
		require.NoError(t, err)
	}
}

// kept is a value as the database holds it.
func kept(t *testing.T, table conformance.Table, column int, v connectors.Value) any {
	t.Helper()
	switch v.Kind() {
	case connectors.KindNull:
		return nil
	case connectors.KindBool:
		return v.Int64() == 1
	case connectors.KindInt:
		return v.Int64()
	case connectors.KindDecimal:
		var f float64
		require.NoError(t, json.Unmarshal([]byte(v.Raw()), &f))
		return f
	case connectors.KindTime:
		if at, err := time.Parse(time.RFC3339Nano, v.Raw()); err == nil {
			return bson.NewDateTimeFromTime(at)
		}
		return v.Raw()
	case connectors.KindBytes:
		return bson.Binary{Data: []byte(v.Raw())}
	case connectors.KindJSON:
		var doc bson.D
		require.NoError(t, bson.UnmarshalExtJSON([]byte(v.Raw()), false, &doc))
		return doc
	case connectors.KindList:
		list := bson.A{}
		for _, e := range v.Elements() {
			list = append(list, kept(t, table, column, e))
		}
		return list
	default:
		return v.Raw()
	}
}

// Texts reads a collection past the connector.
func (b *bench) Texts(t *testing.T, table conformance.Table) (out [][]*string) {
	t.Helper()
	cursor, err := b.Collection(table.Name).Find(t.Context(), bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	require.NoError(t, err)
	var docs []bson.Raw
	require.NoError(t, cursor.All(t.Context(), &docs))
	for _, doc := range docs {
		texts := make([]*string, len(table.Columns))
		for i, c := range table.Columns {
			if v, err := doc.LookupErr(c.Name); err == nil && v.Type != bson.TypeNull {
				text := written(t, v)
				texts[i] = &text
			}
		}
		out = append(out, texts)
	}
	return out
}

// written is a value as the suite writes values.
func written(t *testing.T, v bson.RawValue) string {
	t.Helper()
	switch v.Type {
	case bson.TypeString:
		return v.StringValue()
	case bson.TypeDateTime:
		return v.Time().UTC().Format("2006-01-02 15:04:05.999999999")
	case bson.TypeBinary:
		_, data := v.Binary()
		return hex.EncodeToString(data)
	case bson.TypeDouble:
		return strings.TrimSuffix(fmt.Sprintf("%v", v.Double()), ".0")
	case bson.TypeObjectID:
		return v.ObjectID().Hex()
	}
	var any any
	require.NoError(t, v.Unmarshal(&any))
	text, err := json.Marshal(plain(any))
	require.NoError(t, err)
	return string(text)
}

// plain is a value without the driver's types.
func plain(v any) any {
	switch v := v.(type) {
	case bson.D:
		out := map[string]any{}
		for _, e := range v {
			out[e.Key] = plain(e.Value)
		}
		return out
	case bson.A:
		out := []any{}
		for _, e := range v {
			out = append(out, plain(e))
		}
		return out
	}
	return v
}
