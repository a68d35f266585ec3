package mongo_test

import (
	"testing"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
)

func TestListConformance(t *testing.T) {
	t.Parallel()
	conformance.RunLists(t, func(t *testing.T, s conformance.Setup) (func() connectors.Lister, conformance.System) {
		b := newBench(t)
		b.fill(t, s)
		return func() connectors.Lister { return b.connector(t, configured(s)) }, b
	})
}
