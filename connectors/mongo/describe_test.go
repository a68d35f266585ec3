package mongo_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mongo"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// A draft is made of what some documents show: types, members of documents, lists. Names that are values, as in a document with a member for each person, are not told.
func TestDraft(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	customer := bson.NewObjectID()
	insert := func(name string, docs ...bson.D) {
		_, err := b.Collection(name).InsertMany(t.Context(), docs)
		require.NoError(t, err)
	}
	insert("customers",
		bson.D{{Key: "_id", Value: customer}, {Key: "email", Value: conformance.Canary + "@example.org"}, {Key: "birthday", Value: "1990-02-03"}, {Key: "points", Value: int64(3)}, {Key: "active", Value: true},
			{Key: "address", Value: bson.D{{Key: "street", Value: "x"}, {Key: "city", Value: "y"}, {Key: "geo", Value: bson.D{{Key: "lat", Value: 1.5}}}}}, {Key: "tags", Value: bson.A{"a"}},
			{Key: "friends", Value: bson.A{bson.D{{Key: "email", Value: "f@example.org"}}}}, {Key: "seen", Value: bson.D{{Key: conformance.Canary + "@example:org", Value: 1}}}},
		bson.D{{Key: "_id", Value: bson.NewObjectID()}, {Key: "email", Value: nil}, {Key: "created_at", Value: time.Now()}, {Key: "points", Value: 2.5}})
	insert("orders", bson.D{{Key: "customer_id", Value: customer}, {Key: "total", Value: 12.5}, {Key: "placed", Value: time.Now()}})
	c := b.connector(t, mongo.Config{})
	structure, err := c.Describe(t.Context())
	require.NoError(t, err)
	draft := dataset.NewDraft(structure, dataset.DraftOptions{Key: "shop", Name: "Shop"})
	require.NotContains(t, fmt.Sprint(structure, draft), conformance.Canary)
	for _, line := range []string{
		"meta: {schema: " + b.Name() + "}",
		"- {name: _id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: object_id",
		"- {name: email, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string}}",
		"- {name: birthday, data_categories: [user.demographic.date_of_birth]}",
		"- {name: points, data_categories: [", "data_type: float",
		"- name: address", "              - {name: street, data_categories: [user.contact.address.street], fides_meta: {data_type: string}}", "                  - {name: lat",
		`fides_meta: {data_type: "string[]"}`,
		`fides_meta: {data_type: "object[]"}`, "in a list it may be somebody else's, so nobody is found by it",
		"- {name: seen, fides_meta: {data_type: object}} # look: what lies in it is not known",
		"- {dataset: shop, field: customers._id, direction: from}",
	} {
		require.Contains(t, draft.Text, line, draft.Text)
	}
	// What was drafted can be used as it is.
	require.NoError(t, b.connector(t, mongo.Config{Datasets: draft.Datasets}).Test(t.Context()))
	require.Equal(t, 1, strings.Count(draft.Text, "identity: email"))
}

// However much lies in a collection, a sample of it is small, and is of its oldest and of its newest documents.
func TestASampleIsOfBothEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var docs []bson.D
	for i := range 1000 {
		docs = append(docs, bson.D{{Key: "_id", Value: int32(i)}, {Key: []string{"old", "middle", "new"}[(i+100)/600], Value: i}})
	}
	docs[500] = bson.D{{Key: "_id", Value: int32(500)}, {Key: "halfway", Value: 1}}
	_, err := b.Collection("log").InsertMany(t.Context(), docs)
	require.NoError(t, err)
	structure, err := b.connector(t, mongo.Config{}).Describe(t.Context())
	require.NoError(t, err)
	var names []string
	for _, column := range structure.Tables[0].Columns {
		names = append(names, column.Name)
	}
	require.Equal(t, []string{"_id", "old", "middle"}, names)
}
