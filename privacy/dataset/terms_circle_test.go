package dataset_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// What stays with rows that stay with themselves is not to blame: the collection is named that has to be mended, and it alone.
func TestACircleIsToldWhereItIs(t *testing.T) {
	t.Parallel()
	datasets, err := dataset.Parse("shop", []byte(termsOf))
	require.NoError(t, err)
	told := func(terms ...dataset.ErasureTerms) (places []string) {
		for _, p := range dataset.CheckTerms(dataset.Declaration{Erasure: terms}, datasets, nil, false) {
			places = append(places, p.Path)
		}
		return places
	}
	with := func(collection, other string) dataset.ErasureTerms {
		return dataset.ErasureTerms{Collection: "shop." + collection, With: "shop." + other}
	}
	require.Equal(t, []string{"erasure.shop.orders"}, told(with("orders", "orders"), with("customers", "orders")))
	require.Equal(t, []string{"erasure.shop.customers", "erasure.shop.orders"}, told(with("customers", "orders"), with("orders", "customers")))
	require.Empty(t, told(with("customers", "orders")))
}
