package mongo_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mongo"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

const doubled = `
dataset:
  - fides_key: d
    collections:
      - name: mail
        fields:
          - {name: email, fides_meta: {identity: email}}
          - {name: body}
          - {name: profile, fides_meta: {data_type: object}, fields: [{name: phones, fides_meta: {data_type: "object[]"}, fields: [{name: number}]}]}
`

// twofold are documents that BSON allows and FerretDB does not keep, with where a field of them stands twice.
func twofold() map[string]bson.D {
	phone := bson.D{{Key: "number", Value: "1"}, {Key: "number", Value: conformance.Canary}}
	of := func(more ...bson.E) bson.D {
		return append(bson.D{{Key: "_id", Value: int32(1)}, {Key: "email", Value: "a@example.org"}}, more...)
	}
	many := of()
	for i := range 30 {
		many = append(many, bson.E{Key: "k" + string(rune('a'+i)), Value: 1})
	}
	return map[string]bson.D{
		"d.mail.email":                 of(bson.E{Key: "email", Value: conformance.Canary}),
		"d.mail.body":                  of(bson.E{Key: "body", Value: "x"}, bson.E{Key: "body", Value: "x"}),
		"d.mail.profile.phones.number": of(bson.E{Key: "profile", Value: bson.D{{Key: "phones", Value: bson.A{bson.D{{Key: "number", Value: "0"}}, phone}}}}),
		"d.mail.profile":               of(bson.E{Key: "profile", Value: bson.D{{Key: conformance.Canary, Value: 1}, {Key: conformance.Canary, Value: 2}}}),
		"d.mail":                       append(many, bson.E{Key: "_id", Value: int32(2)}),
	}
}

// A document in which a field stands twice is refused by everything that reads, plans, changes or looks again, with where and what to do; nothing is sent that would change it.
func TestAFieldThatStandsTwice(t *testing.T) {
	t.Parallel()
	datasets := conformance.Parse(t, doubled)
	body := func(treatment erasure.Treatment, value string) erasure.Order {
		m := conformance.Mask(treatment, "body")
		m.Value = value
		return conformance.Masking("mail", m)
	}
	for where, doc := range twofold() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var asked []string
			b := newBetween(t, func(c command) reply {
				mu.Lock()
				defer mu.Unlock()
				asked = append(asked, c.name)
				if _, cut := c.LookupErr("projection"); cut == nil && strings.Contains(c.Lookup("filter").String(), "email") {
					asked = append(asked, "fields picked out")
				}
				if c.name == "find" {
					return c.is(finding("firstBatch", 0, doc))
				}
				return nil
			})
			b.mail(t, "a@example.org")
			c := b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true})
			sel := conformance.Plan(t, datasets, conformance.Email("a@example.org"))
			keyed := sel
			keyed.Exports = []dataset.FieldAddress{{Address: conformance.AddressOf("mail"), Path: []string{"body"}}}
			list := connectors.Listing{Address: conformance.AddressOf("mail"), Field: "email", Identity: "email"}
			erase := func(o erasure.Order) error {
				return c.Erase(t.Context(), conformance.Errand(t, datasets, o), conformance.NewLedger())
			}
			_, previewed := c.Preview(t.Context(), sel)
			_, keys := c.Keys(t.Context(), keyed)
			_, surveyed := c.Survey(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")))
			_, entered := c.Enter(t.Context(), list, "a@example.org")
			for does, err := range map[string]error{
				"test": c.Test(t.Context()), "preview": previewed, "collect": c.Collect(t.Context(), sel, conformance.NewRecorder()), "keys": keys, "plan and verify": surveyed,
				"delete": erase(conformance.Deletion("mail")), "mask": erase(body(erasure.Null, "")), "rectify": erase(body(erasure.Set, "right")), "enter": entered,
				"roll": c.Roll(t.Context(), keyed.Exports[0], func([]string) error { return nil }),
			} {
				require.ErrorIs(t, err, connectors.ErrAnswer, does)
				require.ErrorContains(t, err, where+": a document has a field here more than once", does)
				require.ErrorContains(t, err, "write the document with the field once", does)
				require.NotContains(t, err.Error(), conformance.Canary, does)
				require.False(t, connectors.Temporary(err), does)
			}
			mu.Lock()
			defer mu.Unlock()
			require.NotContains(t, asked, "update")
			require.NotContains(t, asked, "delete")
			require.NotContains(t, asked, "fields picked out", "which may leave the second of two behind")
			require.False(t, slices.Contains(asked, "insert"))
		})
	}
}

// A document to which a second field comes between the look and the change is left as it is, and told.
func TestAFieldThatComesAgainMeanwhile(t *testing.T) {
	t.Parallel()
	datasets := conformance.Parse(t, doubled)
	b := newBetween(t, func(c command) reply {
		if _, missing := c.LookupErr("filter", "_id"); c.name == "find" && missing == nil {
			return c.is(finding("firstBatch", 0, bson.D{{Key: "_id", Value: int32(1)}, {Key: "email", Value: "a@example.org"}, {Key: "body", Value: "1"}, {Key: "body", Value: "2"}}))
		}
		return nil
	})
	b.mail(t, "a@example.org")
	before := b.all(t, "mail")
	c := b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true})
	require.NoError(t, c.Test(t.Context()))
	err := c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", conformance.Mask(erasure.Null, "body"))), conformance.NewLedger())
	require.ErrorIs(t, err, connectors.ErrAnswer)
	require.ErrorContains(t, err, "d.mail.body: ")
	require.Equal(t, before, b.all(t, "mail"))
}

// A document with a name that ends in the middle for BSON is not written.
func TestADocumentWithAZeroInAName(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, err := b.Collection("mail").InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}, {Key: "email", Value: "a@example.org"}, {Key: "profile", Value: bson.D{{Key: "phones", Value: bson.A{}}}}})
	require.NoError(t, err)
	datasets := conformance.Parse(t, doubled)
	c := b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true})
	write := func(value string) error {
		m := conformance.Mask(erasure.Set, "profile")
		m.Value = value
		return c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Masking("mail", m)), conformance.NewLedger())
	}
	before := b.all(t, "mail")
	err = write(`{"phones": [{"number\u0000": "canary"}]}`)
	require.ErrorIs(t, err, connectors.ErrType)
	require.ErrorContains(t, err, "d.mail.profile: the value to be written has a name in it that holds a zero character")
	require.NotContains(t, err.Error(), "canary")
	require.Equal(t, before, b.all(t, "mail"))
	require.NoError(t, write(`{"phones": [{"number": "7"}]}`))
	require.Contains(t, b.all(t, "mail")[0], `"number": "7"`)
}
