package audit_test

import (
	"fmt"
	"math/bits"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/audit"
)

// plainRoot is the definition in RFC 6962, section 2.1, without any shortcut.
func plainRoot(entries [][]byte) tlog.Hash {
	if len(entries) == 1 {
		return tlog.RecordHash(entries[0])
	}
	split := 1 << (bits.Len(uint(len(entries)-1)) - 1)
	return tlog.NodeHash(plainRoot(entries[:split]), plainRoot(entries[split:]))
}

func (b *bench) entries(t testing.TB, tenant string) [][]byte {
	t.Helper()
	out, err := b.reader(t, tenant).Entries(t.Context(), 0, b.heads[tenant].Size)
	require.NoError(t, err)
	return out
}

func TestSequencerBuildsTheTreeOfRFC6962(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, n := range []int{1, 1, 2, 3, 5, 8, 13, 200, 60, 300} {
		b.record(t, tenantA, n)
		require.Equal(t, plainRoot(b.entries(t, tenantA)), b.heads[tenantA].Root)
		require.Len(t, b.hashes[tenantA], int(tlog.StoredHashCount(b.heads[tenantA].Size)))
	}
}

func TestSequencerGivesTheSameTreeForAnyBatches(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		b := newBench(t)
		total := rapid.IntRange(1, 80).Draw(r, "total")
		for i := range total {
			require.NoError(r, audit.Append(t.Context(), b, newEvent(tenantA, "case-1", b.at.Add(time.Duration(i)*time.Second))))
		}
		for b.heads[tenantA].Size < int64(total) {
			n, err := audit.Sequencer{}.Integrate(t.Context(), b, tenantA, rapid.IntRange(1, 30).Draw(r, "limit"))
			require.NoError(r, err)
			require.Positive(r, n)
		}
		require.Equal(r, plainRoot(b.entries(t, tenantA)), b.heads[tenantA].Root)
	})
}

func TestSequencerOrdersByTimeAndKeepsTenantsApart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, seconds := range []int{3, 1, 2} {
		require.NoError(t, audit.Append(t.Context(), b, newEvent(tenantA, fmt.Sprintf("case-%d", seconds), b.at.Add(time.Duration(seconds)*time.Second))))
	}
	require.NoError(t, audit.Append(t.Context(), b, newEvent("tenant-b", "case-9", b.at)))
	n, err := audit.Sequencer{}.Integrate(t.Context(), b, tenantA, 100)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	for i, entry := range b.entries(t, tenantA) {
		event, err := audit.Decode(entry)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("case-%d", i+1), event.CaseID)
	}
	require.Zero(t, b.heads["tenant-b"])
	n, err = audit.Sequencer{}.Integrate(t.Context(), b, tenantA, 100)
	require.NoError(t, err)
	require.Zero(t, n, "nothing waits any more")
}

func TestSequencerReadsOnlyTheEdge(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.record(t, tenantA, 1000)
	b.hashReads = 0
	b.record(t, tenantA, 500)
	require.LessOrEqual(t, b.hashReads, 10, "one hash per bit of the size")
}

func TestSequencerRefusesAnAlteredRegister(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.record(t, tenantA, 5)
	b.hashes[tenantA][tlog.StoredHashIndex(2, 0)] = tlog.Hash{1}
	require.NoError(t, audit.Append(t.Context(), b, newEvent(tenantA, "case-1", b.at)))
	_, err := audit.Sequencer{}.Integrate(t.Context(), b, tenantA, 10)
	require.ErrorContains(t, err, "the register was altered")
	require.EqualValues(t, 5, b.heads[tenantA].Size)
}
