package service_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/service"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Whatever a service's requests look like, how it pages, when it shows what it did and where it fails: once it was erased in, nothing of the person's is left in
// it, and everything of others is what it was.
func TestRandomWorlds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var s *madeService
	conformance.RunDocumentWorlds(t, conformance.DocumentWorlds{
		Nested: true,
		Draw:   func(t *rapid.T, w conformance.DocumentWorld) { s = drawService(t, w) },
		Fill: func(t require.TestingT, collection string, docs []conformance.Document) {
			for _, d := range docs {
				raw, err := json.Marshal(d)
				require.NoError(t, err)
				var members map[string]any
				require.NoError(t, exactly(raw, &members))
				s.named[collection].add(members)
			}
		},
		Read: func(t require.TestingT, collection string) (out []string) {
			for _, row := range s.named[collection].kept() {
				text, err := json.Marshal(row.members)
				require.NoError(t, err)
				out = append(out, string(text))
			}
			return out
		},
		Open: func(t require.TestingT, datasets []dataset.Dataset, rows int) connectors.Eraser {
			return h.connector(t, service.Config{Document: s.document(), Datasets: datasets, AllowWrites: true, EraseRows: rows, BatchBytes: s.held, Clock: newWaits()}, h.open(s))
		},
		Break: func(ctx context.Context, t *rapid.T) (context.Context, func(error) bool) {
			ctx, cancel := context.WithCancel(ctx)
			met := drawTrouble(t, cancel)
			s.trouble = met
			return ctx, func(err error) bool {
				return met.met && (errors.Is(err, context.Canceled) || connectors.Temporary(err) || errors.Is(err, connectors.ErrConstraint))
			}
		},
		Mend: func() { s.mend() },
	})
}
