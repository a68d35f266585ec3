package audit_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
)

const (
	installation = "privacy.example.com"
	tenantA      = "tenant-a"
)

// register is a storage in memory: one per test, all tenants in it.
type register struct {
	rows        map[string][]*row
	hashes      map[string]map[int64]tlog.Hash
	heads       map[string]audit.Head
	checkpoints map[string][][]byte
	hashReads   int
}

type row struct {
	audit.Row
	index int64 // -1 while it waits
}

func newRegister() *register {
	return &register{rows: map[string][]*row{}, hashes: map[string]map[int64]tlog.Hash{}, heads: map[string]audit.Head{}, checkpoints: map[string][][]byte{}}
}

func (r *register) InsertAuditEvent(_ context.Context, in audit.Row) error {
	r.rows[in.TenantID] = append(r.rows[in.TenantID], &row{Row: in, index: -1})
	return nil
}

func (r *register) LockHead(_ context.Context, tenantID string) (audit.Head, error) {
	return r.heads[tenantID], nil
}

func (r *register) Pending(_ context.Context, tenantID string, limit int) ([]audit.Pending, error) {
	var waiting []*row
	for _, x := range r.rows[tenantID] {
		if x.index < 0 {
			waiting = append(waiting, x)
		}
	}
	slices.SortFunc(waiting, func(a, b *row) int {
		return cmp.Or(a.At.Compare(b.At), bytes.Compare(a.ID[:], b.ID[:]))
	})
	var out []audit.Pending
	for _, x := range waiting[:min(limit, len(waiting))] {
		out = append(out, audit.Pending{ID: x.ID, Entry: x.Entry})
	}
	return out, nil
}

func (r *register) ReadHashes(_ context.Context, tenantID string, positions []int64) ([]tlog.Hash, error) {
	r.hashReads += len(positions)
	out := make([]tlog.Hash, len(positions))
	for i, p := range positions {
		hash, ok := r.hashes[tenantID][p]
		if !ok {
			return nil, fmt.Errorf("no hash at %d", p)
		}
		out[i] = hash
	}
	return out, nil
}

func (r *register) WriteHashes(_ context.Context, tenantID string, first int64, hashes []tlog.Hash) error {
	if r.hashes[tenantID] == nil {
		r.hashes[tenantID] = map[int64]tlog.Hash{}
	}
	for i, h := range hashes {
		at := first + int64(i)
		if _, taken := r.hashes[tenantID][at]; taken {
			return fmt.Errorf("hash %d would be overwritten", at)
		}
		r.hashes[tenantID][at] = h
	}
	return nil
}

func (r *register) SetLeafIndexes(_ context.Context, tenantID string, first int64, ids []uuid.UUID) error {
	waiting := map[uuid.UUID]*row{}
	for _, x := range r.rows[tenantID] {
		if x.index < 0 {
			waiting[x.ID] = x
		}
	}
	for i, id := range ids {
		if waiting[id] == nil {
			return errors.New("no such waiting event")
		}
		waiting[id].index = first + int64(i)
		delete(waiting, id)
	}
	return nil
}

func (r *register) SetHead(_ context.Context, tenantID string, head audit.Head) error {
	r.heads[tenantID] = head
	return nil
}

func (r *register) LastCheckpoint(_ context.Context, tenantID string) ([]byte, error) {
	all := r.checkpoints[tenantID]
	if len(all) == 0 {
		return nil, nil
	}
	return all[len(all)-1], nil
}

func (r *register) SaveCheckpoint(_ context.Context, tenantID string, _ audit.Head, signed []byte) error {
	r.checkpoints[tenantID] = append(r.checkpoints[tenantID], signed)
	return nil
}

// tenantReader is a register seen as one tenant's log.
type tenantReader struct {
	*register
	tenant string
	key    string
}

func (t tenantReader) Checkpoint(ctx context.Context) ([]byte, error) {
	signed, err := t.LastCheckpoint(ctx, t.tenant)
	if err == nil && signed == nil {
		err = audit.ErrNoCheckpoint
	}
	return signed, err
}

func (t tenantReader) VerifierKey(context.Context) (string, error) { return t.key, nil }

func (t tenantReader) ReadHashes(ctx context.Context, positions []int64) ([]tlog.Hash, error) {
	return t.register.ReadHashes(ctx, t.tenant, positions)
}

func (t tenantReader) sequenced() []*row {
	out := slices.DeleteFunc(slices.Clone(t.rows[t.tenant]), func(x *row) bool { return x.index < 0 })
	slices.SortFunc(out, func(a, b *row) int { return cmp.Compare(a.index, b.index) })
	return out
}

func (t tenantReader) Entries(_ context.Context, first, count int64) ([][]byte, error) {
	var out [][]byte
	for _, x := range t.sequenced() {
		if x.index >= first && x.index < first+count {
			out = append(out, x.Entry)
		}
	}
	return out, nil
}

func (t tenantReader) CaseLeaves(_ context.Context, caseID string) (leaves []audit.Leaf, waiting int, err error) {
	for _, x := range t.sequenced() {
		if x.CaseID == caseID {
			leaves = append(leaves, audit.Leaf{Index: x.index, Entry: x.Entry})
		}
	}
	for _, x := range t.rows[t.tenant] {
		if x.CaseID == caseID && x.index < 0 {
			waiting++
		}
	}
	return leaves, waiting, nil
}

// bench is a register with a signer.
type bench struct {
	*register
	signer *audit.Signer
	at     time.Time
}

func newBench(t testing.TB) *bench {
	t.Helper()
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(t, err)
	signer, err := audit.NewSigner(installation, secret)
	require.NoError(t, err)
	return &bench{register: newRegister(), signer: signer, at: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
}

// record appends n events to a tenant's log and puts them into the tree; each third belongs to case-1.
func (b *bench) record(t testing.TB, tenant string, n int) {
	t.Helper()
	for i := range n {
		b.at = b.at.Add(time.Second)
		require.NoError(t, audit.Append(t.Context(), b, newEvent(tenant, fmt.Sprintf("case-%d", i%3), b.at)))
	}
	done, err := audit.Sequencer{}.Integrate(t.Context(), b, tenant, n)
	require.NoError(t, err)
	require.Equal(t, n, done)
}

func (b *bench) checkpoint(t testing.TB, tenant string) []byte {
	t.Helper()
	signed, err := b.signer.Checkpoint(t.Context(), b, tenant)
	require.NoError(t, err)
	return signed
}

func (b *bench) reader(t testing.TB, tenant string) tenantReader {
	t.Helper()
	key, err := b.signer.VerifierKey(tenant)
	require.NoError(t, err)
	return tenantReader{register: b.register, tenant: tenant, key: key}
}

func newEvent(tenant, caseID string, at time.Time) audit.Event {
	return audit.Event{
		TenantID: tenant, At: at, Actor: audit.Actor{Kind: audit.Person, ID: "staff-1", Role: "agent"},
		Action: audit.RequestReceived, Object: audit.Object{Kind: "request", ID: caseID}, CaseID: caseID, Outcome: audit.Done,
		Facts: map[audit.FactKey]string{audit.FactRegime: "gdpr", audit.FactDue: "2026-04-01"},
	}
}
