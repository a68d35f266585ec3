package activities

import (
	"context"
	"errors"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/workflows/contract"
)

// errCounted ends a walk that only counts.
var errCounted = errors.New("counted")

// countSink takes how many rows there are and none of them.
type countSink struct{ counts []contract.Count }

// Begin implements connectors.Sink: it notes the count and has the collection skipped.
func (s *countSink) Begin(_ context.Context, open connectors.Opening) (connectors.Cursor, bool, error) {
	s.counts = append(s.counts, contract.Count{Dataset: open.Dataset, Collection: open.Collection, Rows: open.Total})
	return "", true, nil
}

// Rows implements connectors.Sink; a skipped collection gives none.
func (s *countSink) Rows(context.Context, dataset.Address, []connectors.Row, connectors.Cursor) error {
	return errCounted
}

// End implements connectors.Sink.
func (s *countSink) End(context.Context, dataset.Address, int64) error { return nil }
