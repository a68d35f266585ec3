package relational

import (
	"context"

	"github.com/privacy-docket/docket/connectors"
)

// Reads is the part of a connector that only reads. A connector embeds it.
type Reads struct{ system *System }

// Reads gives the system's.
func (s *System) Reads() Reads { return Reads{s} }

// Test connects, and compares the annotation with the server's catalogue. All that is wrong is listed at once as Findings.
func (r Reads) Test(ctx context.Context) error { return r.system.test(ctx) }

// Preview counts the rows of each collection in one snapshot.
func (r Reads) Preview(ctx context.Context, sel connectors.Selection) ([]connectors.CollectionCount, error) {
	return r.system.preview(ctx, sel)
}

// Collect streams the selection's rows, collection by collection in the plan's order, from one snapshot.
func (r Reads) Collect(ctx context.Context, sel connectors.Selection, sink connectors.Sink) error {
	return r.system.collect(ctx, sel, sink)
}

// Keys reads the distinct values of the exported fields in the person's rows, each set bounded by the key limit.
func (r Reads) Keys(ctx context.Context, sel connectors.Selection) ([]connectors.KeySet, error) {
	return r.system.keys(ctx, sel)
}
