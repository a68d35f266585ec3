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

func TestListTerms(t *testing.T) {
	t.Parallel()
	all, err := dataset.ParseDeclarations("shop", declared(`      - {collection: shop.blocked, list: email, kinds: [direct_marketing]}
      - {collection: shop.frozen, list: address, kinds: [restriction, sale], clear: remove}
`))
	require.NoError(t, err)
	require.Equal(t, dataset.LimitTerms{Collection: "shop.blocked", List: "email", Kinds: []string{"direct_marketing"}, Line: 11}, all[0].Limits[0])
	require.True(t, all[0].Limits[1].Remove)
	require.Nil(t, all[0].Limits[1].Clear)
	require.Equal(t, dataset.Address{Dataset: "shop", Collection: "frozen"}, all[0].Limits[1].Address())

	for lines, problem := range map[string]string{
		`{list: email, kinds: [sale]}`:                                                                              "collection is missing",
		`{collection: a.b, kinds: [sale]}`:                                                                          "field is missing, and so is list",
		`{collection: a.b, list: "", kinds: [sale]}`:                                                                "list names no field",
		`{collection: a.b, list: 7, kinds: [sale]}`:                                                                 "list has to be a text",
		`{collection: a.b, list: to.email, kinds: [sale]}`:                                                          "lies inside another field",
		`{collection: a.b, list: email}`:                                                                            "the mark is for no limit",
		`{collection: a.b, list: email, field: f, kinds: [sale]}`:                                                   "field is said of a list",
		`{collection: a.b, list: email, set: 1, kinds: [sale]}`:                                                     "set is said of a list",
		`{collection: a.b, list: email, clear: "", kinds: [sale]}`:                                                  "write clear: remove",
		`{collection: a.b, list: email, clear: gone, kinds: [sale]}`:                                                "write clear: remove",
		"{collection: a.b, list: email, kinds: [sale]}\n      - {collection: a.b, list: email, kinds: [profiling]}": "already",
	} {
		_, err := dataset.ParseDeclarations("shop", declared("      - "+lines+"\n"))
		require.ErrorContains(t, err, problem, lines)
	}
}

// A list that is none in the annotation would take nobody in.
func TestCheckTermsOfLists(t *testing.T) {
	t.Parallel()
	datasets, err := dataset.Parse("shop", []byte(`
dataset:
  - fides_key: shop
    collections:
      - name: blocked
        fields:
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: reason, data_categories: [user.content]}
          - {name: card, data_categories: [user.unique_id], fides_meta: {identity: loyalty_card}}
          - {name: others, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: "string[]"}}
          - {name: fixed, data_categories: [user.contact.email], fides_meta: {identity: email, read_only: true}}
      - name: hidden
        fides_meta: {skip_processing: true}
        fields:
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
      - name: notes
        fields:
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
`))
	require.NoError(t, err)
	list := func(collection, field string) dataset.LimitTerms {
		return dataset.LimitTerms{Line: 7, Collection: collection, List: field, Kinds: []string{"direct_marketing"}}
	}
	for name, c := range map[string]struct {
		list  dataset.LimitTerms
		terms []dataset.ErasureTerms
		says  string
	}{
		"a list":      {list("shop.blocked", "email"), nil, ""},
		"to come":     {list("later.blocked", "email"), nil, ""},
		"nowhere":     {list("shop.bolcked", "email"), nil, `the dataset has no collection "shop.bolcked"`},
		"no field":    {list("shop.blocked", "mail"), nil, `the list has no field "mail"`},
		"no identity": {list("shop.blocked", "reason"), nil, `the field "reason" is no identity of the annotation`},
		"unknown":     {list("shop.blocked", "card"), nil, `"loyalty_card", which no request tells of anybody; list people by one of email, phone_number, customer_id`},
		"many values": {list("shop.blocked", "others"), nil, `the field "others" holds more than one value`},
		"read only":   {list("shop.blocked", "fixed"), nil, "read_only, so that nobody can be put on the list"},
		"hidden":      {list("shop.hidden", "email"), nil, "skip_processing of the list"},
		"erased":      {list("shop.blocked", "email"), []dataset.ErasureTerms{{Collection: "shop.blocked", Method: dataset.DeleteRows}}, "a list is not emptied"},
		"with":        {list("shop.blocked", "email"), []dataset.ErasureTerms{{Collection: "shop.notes", With: "shop.blocked"}}, "stay with those of a list"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := dataset.CheckTerms(dataset.Declaration{Limits: []dataset.LimitTerms{c.list}, Erasure: c.terms}, datasets, nil, false)
			if c.says == "" {
				require.Empty(t, wrong)
				return
			}
			require.ErrorContains(t, wrong, c.says)
			require.ErrorContains(t, wrong, "declaration:7: limits."+c.list.Collection)
		})
	}
}
