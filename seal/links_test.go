package seal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/seal"
)

// A mark is that of one payload under one key of one tenant, and the key opens only where it was sealed.
func TestLinkKey(t *testing.T) {
	t.Parallel()
	master := newMaster(t)
	a, b := newTenant(t, master, "tenant-a"), newTenant(t, master, "tenant-b")
	wrapped, err := a.NewSystemKey("records")
	require.NoError(t, err)
	records, err := a.SystemKey(wrapped, "records")
	require.NoError(t, err)
	at := seal.Field{Table: "consent_link_keys", Column: "key", Row: "1"}
	sealed, err := records.NewLinkKey(at)
	require.NoError(t, err)
	key, err := a.LinkKey(records, sealed, at)
	require.NoError(t, err)
	again, err := a.LinkKey(records, sealed, at)
	require.NoError(t, err)
	mark, err := key.Mark([]byte("payload"))
	require.NoError(t, err)
	require.Len(t, mark, 16)
	require.True(t, again.Marked([]byte("payload"), mark), "stable over restarts")
	for i := range mark {
		for bit := range 8 {
			changed := append([]byte{}, mark...)
			changed[i] ^= 1 << bit
			require.False(t, key.Marked([]byte("payload"), changed))
		}
	}
	require.False(t, key.Marked([]byte("payload."), mark))
	require.False(t, key.Marked([]byte("payload"), mark[:15]))
	require.False(t, key.Marked([]byte("payload"), nil))

	other, err := records.NewLinkKey(at)
	require.NoError(t, err)
	fresh, err := a.LinkKey(records, other, at)
	require.NoError(t, err)
	require.False(t, fresh.Marked([]byte("payload"), mark), "another key")
	theirs, err := b.LinkKey(records, sealed, at)
	require.NoError(t, err)
	require.False(t, theirs.Marked([]byte("payload"), mark), "the same key for another tenant")

	_, err = a.LinkKey(records, sealed, seal.Field{Table: "consent_link_keys", Column: "key", Row: "2"})
	require.ErrorIs(t, err, seal.ErrOpen)
	_, err = a.LinkKey(records, nil, at)
	require.ErrorIs(t, err, seal.ErrNoKey)
	_, err = records.NewLinkKey(seal.Field{})
	require.ErrorIs(t, err, seal.ErrEmpty)
}
