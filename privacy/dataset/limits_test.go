package dataset_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// declared is a declaration with marks of limits behind it.
func declared(limits string) []byte {
	return []byte(`declaration:
  - system: shop
    name: {en: Shop}
    subjects: [customer]
    purposes:
      - {use: essential.service, description: {en: Selling}, lawful_basis: contract, data_categories: [user]}
    retention:
      - {data_categories: [user], criteria: {en: as the law says}}
    source: {from_subject: true}
    limits:
` + limits)
}

func TestLimitTerms(t *testing.T) {
	t.Parallel()
	all, err := dataset.ParseDeclarations("shop", declared(`      - {collection: shop.customers, field: newsletter, kinds: [direct_marketing], set: false}
      - {collection: shop.customers, field: blocked, kinds: [restriction, sale], set: "yes", clear: ""}
      - {collection: shop.customers, field: level, kinds: [profiling], set: 0, clear: 3}
`))
	require.NoError(t, err)
	terms := all[0].Limits
	require.Len(t, terms, 3)
	require.Equal(t, "false", terms[0].Set)
	require.Nil(t, terms[0].Clear, "the mark stays")
	require.Equal(t, "", *terms[1].Clear)
	require.Equal(t, []string{"restriction", "sale"}, terms[1].Kinds)
	require.Equal(t, "3", *terms[2].Clear)

	for line, problem := range map[string]string{
		`{field: f, kinds: [sale], set: 1}`:                              "collection is missing",
		`{collection: customers, field: f, kinds: [sale], set: 1}`:       "names no collection",
		`{collection: a.b, kinds: [sale], set: 1}`:                       "field is missing",
		`{collection: a.b, field: f, set: 1}`:                            "the mark is for no limit",
		`{collection: a.b, field: f, kinds: [fun], set: 1}`:              `unknown limit "fun"`,
		`{collection: a.b, field: f, kinds: [sale]}`:                     "set is missing",
		`{collection: a.b, field: f, kinds: [sale], set: [1]}`:           "one value",
		`{collection: a.b, field: f, kinds: [sale], set: 1, clear: 1}`:   "set and clear are the same",
		`{collection: a.b, field: f, kinds: [sale], set: 1, because: 1}`: `unknown key "because"`,
	} {
		_, err := dataset.ParseDeclarations("shop", declared("      - "+line+"\n"))
		require.ErrorContains(t, err, problem, line)
		require.True(t, strings.HasPrefix(err.Error(), "shop:11: "), "%s: %v", line, err)
	}
}
