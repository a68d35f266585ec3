package mongo_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mongo"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// A document that somebody changes between the last look and the change is looked at again: what they wrote stays, and what is somebody else's by now is left.
func TestADocumentThatChangesMeanwhile(t *testing.T) {
	t.Parallel()
	datasets := conformance.Parse(t, conformance.Mail)
	for name, c := range map[string]struct {
		change      bson.D
		order       erasure.Order
		left, tally int64
	}{
		"the field itself, before it is masked":     {bson.D{{Key: "body", Value: "written meanwhile"}}, conformance.Masking("mail", conformance.Mask(erasure.Shape, "body")), 1, 1},
		"whose it is, before it is masked":          {bson.D{{Key: "email", Value: "b@example.org"}}, conformance.Masking("mail", conformance.Mask(erasure.Null, "body")), 1, 0},
		"whose it is, before it is deleted":         {bson.D{{Key: "email", Value: "b@example.org"}}, conformance.Deletion("mail"), 1, 0},
		"another field, before it is deleted":       {bson.D{{Key: "more", Value: 1}}, conformance.Deletion("mail"), 0, 1},
		"another field, before the field is masked": {bson.D{{Key: "more", Value: 1}}, conformance.Masking("mail", conformance.Mask(erasure.Null, "body")), 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var base atomic.Pointer[driver.Database]
			b := newBetween(t, func(asked command) reply {
				if db := base.Load(); db != nil && (asked.name == "update" || asked.name == "delete") && base.CompareAndSwap(db, nil) {
					_, err := db.Collection("mail").UpdateByID(t.Context(), int32(1), bson.D{{Key: "$set", Value: c.change}})
					if err != nil {
						return func() error { return err }
					}
				}
				return nil
			})
			b.mail(t, "a@example.org")
			base.Store(b.Database)
			connector := b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true})
			l := conformance.NewLedger()
			require.NoError(t, connector.Erase(t.Context(), conformance.Errand(t, datasets, c.order), l))
			tally := l.Tallies[conformance.AddressOf("mail")]
			require.Equal(t, c.tally, tally.Masked+tally.Deleted)
			now := b.all(t, "mail")
			require.Len(t, now, int(c.left))
			for _, e := range c.change {
				if c.left == 1 && e.Key != "body" {
					require.Contains(t, now[0], e.Key+`": `, "what was written meanwhile stays")
				}
			}
			if strings.Contains(name, "itself") {
				require.Contains(t, now[0], "xxxxxxx xxxxxxxxx", "what was written meanwhile is what is masked")
			}
			if c.tally == 0 {
				require.Contains(t, now[0], conformance.Canary, "it is another's by now")
			}
		})
	}
}

// A connection that is lost in the middle leaves what was done, and the work goes on from there.
func TestALostConnectionResumes(t *testing.T) {
	t.Parallel()
	var deleted atomic.Int32
	b := newBetween(t, func(c command) reply {
		if c.name == "delete" && deleted.Add(1) == 20 {
			return func() error { return c.conn.Close() }
		}
		return nil
	})
	b.mail(t, slices.Repeat([]string{"a@example.org"}, 50)...)
	datasets := conformance.Parse(t, conformance.Mail)
	c := b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true, EraseRows: 10})
	e := conformance.Errand(t, datasets, conformance.Deletion("mail"))
	first := conformance.NewLedger()
	err := c.Erase(t.Context(), e, first)
	require.ErrorIs(t, err, connectors.ErrUnreachable)
	require.True(t, connectors.Temporary(err))
	left := len(b.all(t, "mail"))
	require.Greater(t, left, 0)
	require.LessOrEqual(t, first.Rows, int64(50-left), "nothing is told that was not done")
	second := conformance.NewLedger()
	require.NoError(t, c.Erase(t.Context(), e, second))
	require.Empty(t, b.all(t, "mail"))
	require.Equal(t, int64(left), second.Rows)
}

// A unique index that refuses a value is told without it, and so is a field that can't be written.
func TestWhatTheServerOrTheNameRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mail(t, "a@example.org", "A@example.org")
	_, err := b.Collection("mail").Indexes().CreateOne(t.Context(), driver.IndexModel{Keys: bson.D{{Key: "email", Value: 1}}, Options: options.Index().SetUnique(true)})
	require.NoError(t, err)
	datasets := conformance.Parse(t, strings.Replace(conformance.Mail, "{name: body}", "{name: body}, {name: a.b}, {name: _id}", 1))
	c := b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true})
	same := conformance.Mask(erasure.Fixed, "email")
	same.Value = "gone@example.org"
	err = c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", same)), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrServer, "FerretDB 1.24 tells it as a failure of its own; MongoDB's code is in TestRefusedWrites")
	require.NotContains(t, err.Error(), "gone@")
	for _, field := range []string{"a.b", "_id"} {
		err = c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Null, field))), conformance.NewLedger())
		require.ErrorIs(t, err, connectors.ErrType, field)
		require.ErrorContains(t, err, "d.mail."+field)
	}
	require.ErrorIs(t, b.connector(t, mongo.Config{Datasets: datasets}).Erase(t.Context(), conformance.Errand(t, datasets), conformance.NewLedger()), connectors.ErrReadOnly)
}

// A view is read, and not changed.
func TestAViewIsNotChanged(t *testing.T) {
	t.Parallel()
	b := newBetween(t, func(c command) reply {
		if c.name == "listCollections" {
			return c.is(finding("firstBatch", 0, bson.D{{Key: "name", Value: "mail"}, {Key: "type", Value: "view"}}))
		}
		return nil
	})
	b.mail(t, "a@example.org")
	datasets := conformance.Parse(t, conformance.Mail)
	c := b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true})
	counts, err := c.Preview(t.Context(), person(t))
	require.NoError(t, err)
	require.Equal(t, int64(1), counts[0].Rows)
	err = c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrReadOnly)
	require.ErrorContains(t, err, "view")
}

// A collection that is dropped, or dropped and made anew, in the middle of a run is gone: a server answers for it as if nothing lay there.
func TestVanished(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(t *testing.T, b *bench){
		"dropped": func(t *testing.T, b *bench) { t.Helper(); require.NoError(t, b.Collection("mail").Drop(t.Context())) },
		"dropped and begun": func(t *testing.T, b *bench) {
			t.Helper()
			require.NoError(t, b.Collection("mail").Drop(t.Context()))
			b.mail(t, "a@example.org")
		},
	} {
		b := newBench(t)
		b.mail(t, "a@example.org")
		r := conformance.NewRecorder()
		r.OnBegin = func(connectors.Opening) { change(t, b) }
		err := b.connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail)}).Collect(t.Context(), person(t), r)
		require.ErrorIs(t, err, connectors.ErrVanished, name)
		require.ErrorContains(t, err, "d.mail: ")
		require.Empty(t, r.Totals, "it is not closed")
	}
}

const typed = `
dataset:
  - fides_key: d
    collections:
      - name: people
        fields:
          - {name: _id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: object_id}}
          - {name: email, fides_meta: {identity: email}}
          - {name: account}
          - {name: born}
          - {name: blob}
          - {name: profile, fides_meta: {data_type: object}, fields: [{name: "street"}, {name: phones, fides_meta: {data_type: "object[]"}, fields: [{name: number}]}]}
      - name: notes
        fields:
          - {name: of, fides_meta: {references: [{dataset: d, field: people._id, direction: from}]}}
          - {name: text}
      - name: logins
        fields:
          - {name: account, fides_meta: {references: [{dataset: d, field: people.account, direction: from}]}}
          - {name: at}
      - name: days
        fields:
          - {name: at, fides_meta: {references: [{dataset: d, field: logins.at, direction: from}]}}
`

// Documents are found by ids, UUIDs and moments that stand in others, each in its own type, and what nothing is ordered for stays as it was.
func TestTypesLeadOnAndStay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	me, other := bson.NewObjectID(), bson.NewObjectID()
	account, another := bson.Binary{Subtype: 4, Data: []byte("0123456789abcdef")}, bson.Binary{Subtype: 4, Data: []byte("fedcba9876543210")}
	at := time.Date(2024, 5, 6, 7, 8, 9, 123_000_000, time.UTC)
	insert := func(name string, docs ...bson.D) {
		_, err := b.Collection(name).InsertMany(t.Context(), docs)
		require.NoError(t, err)
	}
	person := func(id bson.ObjectID, email string, account bson.Binary) bson.D {
		return bson.D{{Key: "_id", Value: id}, {Key: "email", Value: email}, {Key: "account", Value: account}, {Key: "born", Value: time.Date(1990, 2, 3, 0, 0, 0, 0, time.UTC)}, {Key: "blob", Value: bson.Binary{Data: []byte{1, 2}}},
			{Key: "profile", Value: bson.D{{Key: "street", Value: "Main"}, {Key: "since", Value: at}, {Key: "n", Value: int64(5)}, {Key: "d", Value: 5.0},
				{Key: "phones", Value: bson.A{bson.D{{Key: "number", Value: "1"}, {Key: "of", Value: id}}, bson.D{{Key: "number", Value: int32(7)}}, "loose"}}}}, {Key: "unannotated", Value: int64(9)}}
	}
	insert("people", person(me, "a@example.org", account), person(other, "b@example.org", another))
	insert("notes", bson.D{{Key: "of", Value: me}, {Key: "text", Value: "id"}}, bson.D{{Key: "of", Value: me.Hex()}, {Key: "text", Value: "text"}}, bson.D{{Key: "of", Value: other}, {Key: "text", Value: "other"}})
	insert("logins", bson.D{{Key: "account", Value: account}, {Key: "at", Value: at}}, bson.D{{Key: "account", Value: "30313233-3435-3637-3839-616263646566"}}, bson.D{{Key: "account", Value: another}})
	insert("days", bson.D{{Key: "at", Value: at}}, bson.D{{Key: "at", Value: at.Add(time.Millisecond)}})
	datasets := conformance.Parse(t, typed)
	c := b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true})
	require.NoError(t, c.Test(t.Context()))
	r := conformance.NewRecorder()
	require.NoError(t, c.Collect(t.Context(), conformance.Plan(t, datasets, conformance.Email("a@example.org")), r))
	require.Equal(t, map[dataset.Address]int64{conformance.AddressOf("people"): 1, conformance.AddressOf("notes"): 2, conformance.AddressOf("logins"): 2, conformance.AddressOf("days"): 1}, r.Totals)
	row := r.Kept[conformance.AddressOf("people")][0]
	require.Equal(t, connectors.Text(me.Hex()), row[0])
	require.Equal(t, connectors.Text("30313233-3435-3637-3839-616263646566"), row[2])
	require.Equal(t, connectors.Time(time.Date(1990, 2, 3, 0, 0, 0, 0, time.UTC)), row[3])
	require.Equal(t, connectors.Bytes([]byte{1, 2}), row[4])
	require.JSONEq(t, `{"street": "Main", "since": "2024-05-06T07:08:09.123Z", "n": 5, "d": 5, "phones": [{"number": "1", "of": "`+me.Hex()+`"}, {"number": 7}, "loose"]}`, row[5].Raw())

	before := b.all(t, "people")
	e := conformance.Errand(t, datasets, conformance.Masking("people", conformance.Mask(erasure.Null, "profile", "street"), conformance.Mask(erasure.Shape, "profile", "phones", "number"), conformance.Mask(erasure.Generalise, "born")))
	require.NoError(t, c.Erase(t.Context(), e, conformance.NewLedger()))
	want := strings.NewReplacer(`"street": "Main"`, `"street": null`, `"number": "1"`, `"number": "0"`, `"number": {"$numberInt":"7"}`, `"number": {"$numberInt":"0"}`, `{"$date":{"$numberLong":"634003200000"}}`, `{"$date":{"$numberLong":"631152000000"}}`)
	for i := range before {
		if strings.Contains(before[i], "a@example.org") {
			before[i] = want.Replace(before[i])
		}
	}
	require.Equal(t, before, b.all(t, "people"))
}

// Every value by which people are found is listed, for a restored backup.
func TestRoll(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mail(t, "a@example.org", "b@example.org", "c@example.org")
	var got []string
	err := b.connector(t, mongo.Config{Datasets: conformance.Parse(t, conformance.Mail)}).Roll(t.Context(), dataset.FieldAddress{Address: conformance.AddressOf("mail"), Path: []string{"email"}}, func(values []string) error {
		got = append(got, values...)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []string{"a@example.org", "b@example.org", "c@example.org"}, got)
}
