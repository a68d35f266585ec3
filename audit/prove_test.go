package audit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
)

func proven(t *testing.T) (proof audit.CaseProof, key string) {
	t.Helper()
	b := newBench(t)
	b.record(t, tenantA, 300)
	b.checkpoint(t, tenantA)
	b.record(t, tenantA, 6) // in the tree, and not yet signed
	require.NoError(t, audit.Append(t.Context(), b, newEvent(tenantA, "case-1", b.at)))
	proof, err := audit.Prove(t.Context(), b.reader(t, tenantA), "case-1")
	require.NoError(t, err)
	return proof, b.reader(t, tenantA).key
}

func asJSON(t *testing.T, proof audit.CaseProof) []byte {
	t.Helper()
	out, err := json.Marshal(proof)
	require.NoError(t, err)
	return out
}

func TestProofOfOneCase(t *testing.T) {
	t.Parallel()
	proof, key := proven(t)
	require.Len(t, proof.Events, 100)
	require.Equal(t, 3, proof.Waiting)
	read, events, err := audit.VerifyProof(asJSON(t, proof), key)
	require.NoError(t, err)
	require.Equal(t, proof, read)
	require.Len(t, events, 100)
	for i, e := range events {
		require.Equal(t, "case-1", e.CaseID)
		require.EqualValues(t, 1+3*i, proof.Events[i].Index)
	}
}

func TestProofsThatDontHold(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		spoil func(p *audit.CaseProof)
		says  string
	}{
		"altered event": {func(p *audit.CaseProof) { p.Events[2].Entry = strings.Replace(p.Events[2].Entry, "gdpr", "ccpa", 1) }, "event 7 "},
		"other place":   {func(p *audit.CaseProof) { p.Events[2].Index++ }, "event 8 "},
		"beyond":        {func(p *audit.CaseProof) { p.Events[99].Index = 5000 }, "event 5000 "},
		"short path":    {func(p *audit.CaseProof) { p.Events[0].Path = p.Events[0].Path[1:] }, "event 1 "},
		"other path":    {func(p *audit.CaseProof) { p.Events[0].Path = p.Events[1].Path }, "event 1 "},
		"twice":         {func(p *audit.CaseProof) { p.Events[1] = p.Events[0] }, "comes twice"},
		"other case":    {func(p *audit.CaseProof) { p.Case = "case-2" }, "another case"},
		"no events":     {func(p *audit.CaseProof) { p.Events = nil }, "no events"},
		"other form":    {func(p *audit.CaseProof) { p.Format = "x" }, "no proof of the form"},
		"checkpoint":    {func(p *audit.CaseProof) { p.Checkpoint = strings.Replace(p.Checkpoint, "\n300\n", "\n301\n", 1) }, "can't be trusted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proof, key := proven(t)
			tc.spoil(&proof)
			_, _, err := audit.VerifyProof(asJSON(t, proof), key)
			require.ErrorContains(t, err, tc.says)
		})
	}
}

func TestProofNeedsASignedEvent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.record(t, tenantA, 3)
	_, err := audit.Prove(t.Context(), b.reader(t, tenantA), "case-1")
	require.ErrorIs(t, err, audit.ErrNoCheckpoint)
	b.checkpoint(t, tenantA)
	_, err = audit.Prove(t.Context(), b.reader(t, tenantA), "no-such-case")
	require.ErrorContains(t, err, "check the case id")
	_, _, err = audit.VerifyProof([]byte("{"), b.reader(t, tenantA).key)
	require.ErrorIs(t, err, audit.ErrLog)
}
