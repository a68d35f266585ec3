package mongo_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mongo"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// hostile are values that are operators, patterns, code or ends of something, if anything takes them for that.
func hostile() []string {
	return []string{
		`{"$ne": null}`, `{"$gt": ""}`, `{"$regex": ".*"}`, `{"$where": "1"}`, `{"$exists": true}`, `$ne`, `$gt`, `$where`, `[$ne]`, `.*`, `^`, `$`, `^.*$`, `(?i).*`, `a|b`, `a@example.org|b@example.org`, `[a-z]+`, `\E.*\Q`, `\\`, `\`, `(`, `)`,
		`[`, `*`, `+`, `?`, `{1,}`, `/.*/i`, `//`, `';return true;//`, `"; return 1; "`, "a@example.org\n", "\n", `email`, `$email`, `$$ROOT`, `a.b`, `a.$[]`, `__proto__`, `null`, `true`, `0`, `1`, `NaN`, `MinKey`, "\u212a@example.org", `k@example.org`,
		`K@example.org`, `ı@example.org`, `i@example.org`, `ſ@example.org`, `s@example.org`, `ß@example.org`, `SS@example.org`, `ǆ`, `Ǆ`, `ǅ`, `é@example.org`, `É@example.org`, `e@example.org`, "a@example.org ", ` a@example.org`, `a@example.org`, `A@EXAMPLE.ORG`,
		`a@exampleXorg`, `b@example.org`, `%`, `_`, `%00`, `507f1f77bcf86cd799439011`, `507F1F77BCF86CD799439011`, `1e0`, `1.0`, `01`, `+1`, `-0`, `00000000-0000-4000-8000-00000000000a`, `00000000-0000-4000-8000-00000000000A`, `2024-01-01T00:00:00Z`,
	}
}

const letters = `
dataset:
  - fides_key: d
    collections:
      - name: people
        fields:
          - {name: n, fides_meta: {primary_key: true}}
          - {name: email, fides_meta: {identity: email}}
          - {name: phone, fides_meta: {identity: phone_number}}
          - name: known
            fides_meta: {data_type: object}
            fields:
              - {name: as, fides_meta: {identity: nickname, data_type: "string[]"}}
`

// Whatever somebody says that they are known by finds the documents that hold just that, and never anybody else's.
func TestAHostileIdentityFindsNobodyElse(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, values := t.Context(), hostile()
	var docs []bson.D
	for i, v := range values {
		docs = append(docs, bson.D{{Key: "n", Value: int32(i)}, {Key: "email", Value: v}, {Key: "phone", Value: v}, {Key: "known", Value: bson.D{{Key: "as", Value: bson.A{"x", v}}}}})
	}
	docs = append(docs, bson.D{{Key: "n", Value: int32(-1)}, {Key: "email", Value: nil}, {Key: "phone", Value: nil}}, bson.D{{Key: "n", Value: int32(-2)}})
	_, err := b.Collection("people").InsertMany(t.Context(), docs)
	require.NoError(t, err)
	datasets := conformance.Parse(t, letters)
	c := b.connector(t, mongo.Config{Datasets: datasets, AllowWrites: true})
	found := func(t require.TestingT, plan connectors.Selection, kind, value string) (out []int) {
		sel := plan
		sel.Subject = connectors.Subject{Identities: map[string][]string{kind: {value}}}
		r := conformance.NewRecorder()
		require.NoError(t, c.Collect(ctx, sel, r))
		for _, row := range r.Kept[conformance.AddressOf("people")] {
			out = append(out, int(row[0].Int64()))
		}
		slices.Sort(out)
		return out
	}
	plans := map[string]connectors.Selection{}
	for _, kind := range []string{"email", "phone_number", "nickname"} {
		plans[kind] = conformance.Plan(t, datasets, connectors.Subject{Identities: map[string][]string{kind: {"x"}}})
	}
	check := func(t require.TestingT, kind, value string) {
		var want []int
		for i, v := range values {
			if v == value || kind == "email" && cases(v) == cases(value) {
				want = append(want, i)
			}
		}
		require.Equal(t, want, found(t, plans[kind], kind, value), "%s %q", kind, value)
	}
	for _, v := range values {
		for kind := range plans {
			check(t, kind, v)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(
			rapid.SampledFrom(values),
			rapid.Map(rapid.SliceOfN(rapid.SampledFrom(values), 2, 3), func(parts []string) string { return strings.Join(parts, "") }),
			rapid.StringMatching(`[a-z.*+?^$(){}\[\]|\\/@]{1,12}`),
			rapid.StringN(1, 10, -1),
		).Filter(func(s string) bool { return !strings.ContainsRune(s, 0) }).Draw(t, "value")
		check(t, rapid.SampledFrom([]string{"email", "phone_number", "nickname"}).Draw(t, "kind"), value)
	})

	before := b.all(t, "people")
	e := conformance.Errand(t, datasets, erasure.Order{Address: conformance.AddressOf("people"), Delete: true})
	e.Subject = connectors.Subject{Identities: map[string][]string{"email": {`{"$ne": null}`}}}
	require.NoError(t, c.Erase(t.Context(), e, conformance.NewLedger()))
	after := b.all(t, "people")
	require.Len(t, after, len(before)-1)
	require.Subset(t, before, after, "one, and no more")
}

// cases are a text in small and in capital letters: addresses are one where both are.
func cases(s string) [2]string { return [2]string{strings.ToLower(s), strings.ToUpper(s)} }

// all are a collection's documents, in extended JSON.
func (b *bench) all(t *testing.T, collection string) (out []string) {
	t.Helper()
	cursor, err := b.Collection(collection).Find(t.Context(), bson.D{})
	require.NoError(t, err)
	var docs []bson.Raw
	require.NoError(t, cursor.All(t.Context(), &docs))
	for _, d := range docs {
		out = append(out, fmt.Sprint(d))
	}
	slices.Sort(out)
	return out
}
