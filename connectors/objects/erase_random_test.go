package objects_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/objects"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Wherever in objects it stands whose they are, in keys, tags, metadata or content, and whether the bucket keeps versions: once it was erased in, nothing of the
// person's is left in it, and everything of others is what it was.
func TestRandomWorlds(t *testing.T) {
	t.Parallel()
	server := localtest.MinIO(t)
	buckets := map[bool]*bench{false: newBench(t, plain, server), true: newBench(t, versioned, server)}
	var s *madeStore
	worlds := 0
	conformance.RunDocumentWorlds(t, conformance.DocumentWorlds{
		Nested: true,
		Draw: func(t *rapid.T, w conformance.DocumentWorld) {
			worlds++
			s = drawStore(t, buckets, worlds, w)
		},
		Fill: func(t require.TestingT, collection string, docs []conformance.Document) { s.fill(t, collection, docs) },
		Read: func(t require.TestingT, collection string) []string { return s.read(t, collection) },
		Open: func(t require.TestingT, datasets []dataset.Dataset, rows int) connectors.Eraser {
			return s.open(t, objects.Config{Datasets: datasets, EraseRows: rows})
		},
		Break: func(ctx context.Context, t *rapid.T) (context.Context, func(error) bool) {
			ctx, cancel := context.WithCancel(ctx)
			met := drawTrouble(t, cancel)
			s.gate = newGate(s.Endpoint, met)
			return ctx, func(err error) bool {
				return met.met && (errors.Is(err, context.Canceled) || connectors.Temporary(err) || errors.Is(err, connectors.ErrPrivilege))
			}
		},
		Mend:   func() { s.mend() },
		Past:   func(collection string, n int) bool { return s.named[collection].rows[n-1].past },
		Beside: func(collection string, reached func(int) bool) int64 { return s.marked(collection, reached) },
	})
}
