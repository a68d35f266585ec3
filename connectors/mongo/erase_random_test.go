package mongo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mongo"
	"github.com/privacy-docket/docket/privacy/dataset"
)

func TestRandomWorlds(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	conformance.RunDocumentWorlds(t, conformance.DocumentWorlds{
		Fill: func(t require.TestingT, collection string, docs []conformance.Document) {
			require.NoError(t, b.Collection(collection).Drop(ctx))
			require.NoError(t, b.CreateCollection(ctx, collection))
			for _, d := range docs {
				_, err := b.Collection(collection).InsertOne(ctx, native(d))
				require.NoError(t, err)
			}
		},
		Read: func(t require.TestingT, collection string) (out []string) {
			cursor, err := b.Collection(collection).Find(ctx, bson.D{})
			require.NoError(t, err)
			var docs []bson.Raw
			require.NoError(t, cursor.All(ctx, &docs))
			for _, d := range docs {
				text, err := bson.MarshalExtJSON(d, true, false)
				require.NoError(t, err)
				out = append(out, string(text))
			}
			return out
		},
		Open: func(t require.TestingT, datasets []dataset.Dataset, rows int) connectors.Eraser {
			c, err := mongo.New(mongo.Config{DSN: b.url.String(), Datasets: datasets, AllowWrites: true, EraseRows: rows})
			require.NoError(t, err)
			return c
		},
	})
}

// native is a value in the database's own types.
func native(v any) any {
	switch v := v.(type) {
	case conformance.Document:
		out := bson.D{}
		for _, m := range v {
			out = append(out, bson.E{Key: m.Name, Value: native(m.Value)})
		}
		return out
	case []any:
		out := bson.A{}
		for _, e := range v {
			out = append(out, native(e))
		}
		return out
	case conformance.ID:
		id, err := bson.ObjectIDFromHex(string(v))
		if err != nil {
			return err.Error()
		}
		return id
	case time.Time:
		return bson.NewDateTimeFromTime(v)
	}
	return v
}
