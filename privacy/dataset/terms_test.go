package dataset_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

const termsOf = `
dataset:
  - fides_key: shop
    collections:
      - name: customers
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, identity: customer_id}}
          - {name: name, data_categories: [user.name]}
      - name: orders
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
          - {name: customer_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: customers.id, direction: from}]}}
          - {name: placed, data_categories: [user.behavior]}
`

// A mistake in the terms would take a duty away without a word.
func TestCheckTermsFindsWhatLeadsNowhere(t *testing.T) {
	t.Parallel()
	datasets, err := dataset.Parse("shop", []byte(termsOf))
	require.NoError(t, err)
	orders := dataset.ErasureTerms{Line: 3, Collection: "shop.orders", Records: []string{"invoice"}, Events: map[string]string{"created": "placed"}, Needs: []string{"placed"}}
	customers := dataset.ErasureTerms{Line: 4, Collection: "shop.customers", With: "shop.orders", Needs: []string{"name"}}
	for name, c := range map[string]struct {
		change func(orders, customers *dataset.ErasureTerms)
		says   string
		strict bool
	}{
		"nothing":    {func(_, _ *dataset.ErasureTerms) {}, "", true},
		"collection": {func(o, _ *dataset.ErasureTerms) { o.Collection = "shop.order" }, `3: erasure.shop.order: the dataset has no collection "shop.order"`, false},
		"records":    {func(o, _ *dataset.ErasureTerms) { o.Records = []string{"invoces"} }, `no retention rule knows the kind of record "invoces"`, false},
		"event":      {func(o, _ *dataset.ErasureTerms) { o.Events["created"] = "plcaed" }, `the field "plcaed", which the collection has not`, false},
		"needs":      {func(_, c *dataset.ErasureTerms) { c.Needs = []string{"nmae"} }, `4: erasure.shop.customers: needs names the field "nmae"`, false},
		"with":       {func(_, c *dataset.ErasureTerms) { c.With = "shop.oders" }, `the dataset has no collection "shop.oders"`, false},
		"circle":     {func(o, _ *dataset.ErasureTerms) { o.Records, o.With = nil, "shop.customers" }, "with leads in a circle", false},
		"itself":     {func(_, c *dataset.ErasureTerms) { c.With = c.Collection }, "4: erasure.shop.customers: with names the collection itself", false},
		"to come":    {func(o, _ *dataset.ErasureTerms) { o.Collection = "later.orders" }, "", false},
		"not there":  {func(o, _ *dataset.ErasureTerms) { o.Collection = "later.orders" }, `no dataset with a collection "later.orders"`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, cu := orders, customers
			o.Events = map[string]string{"created": "placed"}
			c.change(&o, &cu)
			wrong := dataset.CheckTerms(dataset.Declaration{Erasure: []dataset.ErasureTerms{o, cu}}, datasets, []string{"invoice"}, c.strict)
			if c.says == "" {
				require.Empty(t, wrong)
				return
			}
			require.NotEmpty(t, wrong)
			require.Contains(t, strings.ReplaceAll(wrong.Error(), "declaration:", ""), c.says)
		})
	}
}
