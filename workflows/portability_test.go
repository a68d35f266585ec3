package workflows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
)

// Art. 20 GDPR: what a person takes along is what they gave, on consent or a contract, in a form that says what it is.
func TestArt20PortabilityRunsItsPath(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, func(n *casework.NewRequest) { n.Right = privacy.Portability }}})
	p.Shop.Changeable()
	p.annotated(func(annotation, declaration string) (string, string) {
		return annotation, strings.Replace(declaration, "data_categories: [user]}\n    recipients", "data_categories: [user.name, user.contact, user.behavior]}\n    portability: {inferred: [shop.orders.item]}\n    recipients", 1)
	})
	p.at(time.Hour, p.reviewed)
	p.at(2*time.Hour, func() {
		files := unzipped(t, p.Fetch())
		require.Contains(t, files["data/shop/customers.json"], p.Person.Email)
		require.NotContains(t, files["data/shop/customers.json"], `"id"`, "a number that we gave them serves no purpose that is declared")
		require.NotContains(t, files["data/shop/orders.json"], "thing 1")
		require.Contains(t, files["data/shop/orders.json"], "2026-01-15")
		require.Contains(t, files["data/shop/orders.schema.json"], `"placed"`)
		require.Contains(t, files["data/shop/orders.csv-metadata.json"], "csvw")
		require.Contains(t, files["index.html"], "What you cannot take along")
	})
	p.run()
}
