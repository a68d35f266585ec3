package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
)

const forumAnnotation = `
dataset:
  - fides_key: forum
    collections:
      - name: members
        fields:
          - {name: _id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: object_id}}
          - {name: mail, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: nick, data_categories: [user.name], fides_meta: {length: 40}}
          - {name: joined, data_categories: [user.account]}
          - name: profile
            fides_meta: {data_type: object}
            fields:
              - {name: motto, data_categories: [user.content]}
              - name: places
                fides_meta: {data_type: "object[]"}
                fields: [{name: city, data_categories: [user.contact.address.city]}]
      - name: posts
        fields:
          - {name: _id, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - name: author
            data_categories: [user.unique_id]
            fides_meta: {data_type: object_id, references: [{dataset: forum, field: members._id, direction: from}]}
          - {name: text, data_categories: [user.content]}
      - name: reviews
        fields:
          - {name: _id, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - name: customer
            data_categories: [user.unique_id]
            fides_meta: {data_type: integer, references: [{dataset: shop, field: customers.id, direction: from}]}
          - {name: stars, data_categories: [user.content]}
`

const forumDeclaration = `
declaration:
  - system: forum
    name: {en: Forum}
    purposes:
      - {use: essential.service, description: {en: Talking to each other}, lawful_basis: contract, data_categories: [user.content, user.name, user.account, user.unique_id, user.contact]}
    retention: [{data_categories: [user.content, user.name, user.account, user.unique_id, user.contact], criteria: {en: as long as needed}}]
    source: {from_subject: true}
    automated_decisions: []
    erasure:
      - {collection: forum.posts, method: delete}
      - {collection: forum.reviews, method: delete}
      - {collection: forum.members, method: mask}
`

// The people of a forum's database.
var mine, theirs = bson.NewObjectID(), bson.NewObjectID() //nolint:gochecknoglobals // ids of a fixture

// forum adds a database of documents to a play, with what is the person's and what is another's.
func (p *play) forum() *mongo.Database {
	p.t.Helper()
	db, address := localtest.MongoDB(p.t)
	customer := p.Shop.Count(`SELECT id FROM customers WHERE email = $1`, p.Person.Email)
	member := func(id bson.ObjectID, mail, nick string) bson.D {
		return bson.D{{Key: "_id", Value: id}, {Key: "mail", Value: mail}, {Key: "nick", Value: nick}, {Key: "joined", Value: time.Date(2024, 5, 1, 8, 0, 0, 0, time.UTC)},
			{Key: "profile", Value: bson.D{{Key: "motto", Value: nick + " says"}, {Key: "level", Value: int32(7)}, {Key: "places", Value: bson.A{bson.D{{Key: "city", Value: "Cork"}, {Key: "since", Value: 2020}}}}}}}
	}
	p.document(db, "members", member(mine, p.Person.Email, "Ana"), member(theirs, "other@example.org", "Bo"))
	for _, author := range []bson.ObjectID{mine, mine, theirs} {
		p.document(db, "posts", bson.D{{Key: "author", Value: author}, {Key: "text", Value: "by " + author.Hex()}})
	}
	for _, of := range []int{customer, customer + 1} {
		p.document(db, "reviews", bson.D{{Key: "customer", Value: of}, {Key: "stars", Value: 5}})
	}
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		id, err := tx.AddSystem(ctx, storage.System{Key: "forum", Name: "Forum", Kind: "mongodb", Target: address.String(), Change: address.String(), Declaration: forumDeclaration})
		if err != nil {
			return err
		}
		return tx.SaveDataset(ctx, id, "forum", forumAnnotation)
	})
	return db
}

func (p *play) document(db *mongo.Database, collection string, docs ...bson.D) {
	p.t.Helper()
	_, err := db.Collection(collection).InsertMany(p.t.Context(), docs)
	require.NoError(p.t, err)
}

// found reads one document, as JSON.
func (p *play) found(db *mongo.Database, collection string, filter bson.D) string {
	p.t.Helper()
	raw, err := db.Collection(collection).FindOne(p.t.Context(), filter).Raw()
	require.NoError(p.t, err)
	return raw.String()
}

func (p *play) documents(db *mongo.Database, collection string) int64 {
	p.t.Helper()
	n, err := db.Collection(collection).CountDocuments(p.t.Context(), bson.D{})
	require.NoError(p.t, err)
	return n
}

// Whoever asks for their data gets what lies in a database of documents, found by their address, by ids there, and by their number in the shop.
func TestAccessToDocuments(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven}})
	p.forum()
	var body []byte
	p.at(time.Hour, p.reviewed)
	p.at(2*time.Hour, func() { body = p.Fetch() })
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	files := unzipped(t, body)
	all := ""
	for _, content := range files {
		all += content
	}
	for _, want := range []string{mine.Hex(), "Ana says", "Cork", "2024-05-01", "by " + mine.Hex()} {
		require.Contains(t, all, want)
	}
	for _, others := range []string{theirs.Hex(), "Bo says", "other@example.org"} {
		require.NotContains(t, all, others)
	}
	require.Contains(t, files, "data/forum/reviews.json")
}

// An erasure in a database of documents is planned, carried out and read back; what is another's stays as it was.
func TestErasureInDocuments(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	db := p.forum()
	others := p.found(db, "members", bson.D{{Key: "_id", Value: theirs}})
	p.at(time.Hour, func() {
		require.EqualValues(t, 1+casetest.Orders+1+2+1, p.plan().Totals.Rows.Erased, "the shop's, the member, two posts and a review")
		require.EqualValues(t, 3, p.documents(db, "posts"), "nothing is changed by planning")
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.EqualValues(t, 1, p.documents(db, "posts"))
	require.EqualValues(t, 1, p.documents(db, "reviews"))
	require.Equal(t, others, p.found(db, "members", bson.D{{Key: "_id", Value: theirs}}))
	left := p.found(db, "members", bson.D{{Key: "_id", Value: mine}})
	require.Contains(t, left, `"level": {"$numberInt":"7"}`, "what nothing was ordered for keeps its value and its type")
	for _, gone := range []string{p.Person.Email, "Ana", "Cork", "2024"} {
		require.NotContains(t, left, gone)
	}
	plan := p.plan()
	require.Equal(t, storage.PlanDone, plan.State)
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		steps, err := tx.ErasureSteps(ctx, plan.ID)
		require.NoError(t, err)
		for _, s := range steps {
			require.Zero(t, *s.Unfinished, s.Collection)
		}
		return nil
	})
}

// Art. 16 GDPR: what is wrong in a document is written over, and nothing else in it is touched.
func TestArt16RectificationInDocuments(t *testing.T) {
	t.Parallel()
	p := newCorrection(t, stage{})
	db := p.forum()
	p.at(time.Hour, func() {
		p.accepts(correction.Proposal{System: "forum", Address: dataset.Address{Dataset: "forum", Collection: "members"}, Field: "nick", Was: said("Ana"), Becomes: said("Łucja")})
		p.accepted(p.correct(ana))
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	now := p.found(db, "members", bson.D{{Key: "_id", Value: mine}})
	require.Contains(t, now, `"nick": "Łucja"`)
	require.Contains(t, now, "Ana says", "what was not to be corrected")
	require.Contains(t, p.found(db, "members", bson.D{{Key: "_id", Value: theirs}}), `"nick": "Bo"`)
}
