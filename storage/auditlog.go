package storage

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Audit records an event of this transaction: the tenant, the time and the actor are the transaction's.
func (t *Tx) Audit(ctx context.Context, e audit.Event) error {
	e.TenantID, e.At, e.Actor = t.tenant.ID.String(), t.now, t.actor
	if e.Actor.Key != "" {
		e.Facts = maps.Clone(e.Facts)
		if e.Facts == nil {
			e.Facts = map[audit.FactKey]string{}
		}
		e.Facts[audit.FactAPIKey], e.Actor.Key = e.Actor.Key, ""
	}
	if e.Outcome == "" {
		e.Outcome = audit.Done
	}
	return audit.Append(ctx, t, e)
}

// InsertAuditEvent implements audit.Inserter: the events of a transaction are written together, at its end. Only package
// audit calls it.
func (t *Tx) InsertAuditEvent(_ context.Context, row audit.Row) error {
	var caseID uuid.UUID // the empty one for an event that belongs to no case
	if row.CaseID != "" {
		id, err := uuid.Parse(row.CaseID)
		if err != nil {
			return fmt.Errorf("case id of an audit event: %w", err)
		}
		caseID = id
	}
	e := &t.events
	e.Ids, e.CaseIds, e.Actions = append(e.Ids, row.ID), append(e.CaseIds, caseID), append(e.Actions, string(row.Action))
	e.Ats, e.Bodies, e.Outcomes = append(e.Ats, row.At), append(e.Bodies, row.Entry), append(e.Outcomes, string(row.Outcome))
	actor, object := "", ""
	if row.Actor.Kind == audit.Person || row.Actor.Kind == audit.APIKey {
		actor = row.Actor.ID
	}
	if row.CaseID == "" {
		object = row.Object.ID
	}
	e.ActorIds, e.ObjectIds = append(e.ActorIds, actor), append(e.ObjectIds, object)
	return nil
}

// writeEvents writes the events that were recorded so far.
func (t *Tx) writeEvents(ctx context.Context) error {
	if len(t.events.Ids) == 0 {
		return nil
	}
	events := t.events
	t.events, events.TenantID = db.InsertAuditEventsParams{}, t.tenant.ID
	if err := t.later.InsertAuditEvents(ctx, events); err != nil {
		return fmt.Errorf("write the audit events: %w", err)
	}
	return nil
}

// TenantsWithAudit lists the tenants that have events waiting for their place in the log.
func (d *DB) TenantsWithAudit(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantsWithAudit(ctx)
	return ids, translate(err)
}

// InLog runs do in one transaction over a tenant's log.
func (d *DB) InLog(ctx context.Context, tenant uuid.UUID, do func(*LogTx) error) error {
	return d.inTenant(ctx, pgx.TxOptions{}, tenant, func(tx *Tx) error {
		return do(&LogTx{q: tx.q, later: tx.later, tenant: tenant, now: tx.now})
	})
}

// LogTx implements audit.LogStore and audit.CheckpointStore in one transaction of one tenant.
type LogTx struct {
	q, later *db.Queries
	tenant   uuid.UUID
	now      time.Time
}

// LockHead implements audit.LogStore.
func (l *LogTx) LockHead(ctx context.Context, _ string) (audit.Head, error) {
	var empty tlog.Hash
	row, err := l.q.LockAuditHead(ctx, l.tenant, empty[:], l.now)
	if err != nil {
		return audit.Head{}, err
	}
	head := audit.Head{Size: row.Size}
	copy(head.Root[:], row.Root)
	return head, nil
}

// Pending implements audit.LogStore.
func (l *LogTx) Pending(ctx context.Context, _ string, limit int) ([]audit.Pending, error) {
	var before *time.Time
	surge, err := surges(ctx, l.q, l.tenant, l.now)
	if err != nil {
		return nil, err
	}
	if surge {
		long := l.now.Add(-surgeWait)
		before = &long
	}
	rows, err := l.q.UnplacedEvents(ctx, l.tenant, before, int32(min(limit, maxBatch)))
	if err != nil {
		return nil, err
	}
	pending := make([]audit.Pending, len(rows))
	for i, row := range rows {
		pending[i] = audit.Pending{ID: row.ID, Entry: row.Body}
	}
	return pending, nil
}

// maxBatch bounds how many events one transaction places.
const maxBatch = 10_000

// ReadHashes implements audit.LogStore.
func (l *LogTx) ReadHashes(ctx context.Context, _ string, positions []int64) ([]tlog.Hash, error) {
	return readHashes(ctx, l.q, l.tenant, positions)
}

func readHashes(ctx context.Context, q *db.Queries, tenant uuid.UUID, positions []int64) ([]tlog.Hash, error) {
	rows, err := q.AuditHashes(ctx, tenant, positions)
	if err != nil {
		return nil, err
	}
	byPosition := make(map[int64][]byte, len(rows))
	for _, row := range rows {
		byPosition[row.Position] = row.Hash
	}
	hashes := make([]tlog.Hash, len(positions))
	for i, position := range positions {
		hash, ok := byPosition[position]
		if !ok {
			return nil, fmt.Errorf("hash %d of the audit log: %w", position, ErrNotFound)
		}
		copy(hashes[i][:], hash)
	}
	return hashes, nil
}

// WriteHashes implements audit.LogStore.
func (l *LogTx) WriteHashes(ctx context.Context, _ string, first int64, hashes []tlog.Hash) error {
	positions, raw := make([]int64, len(hashes)), make([][]byte, len(hashes))
	for i := range hashes {
		positions[i], raw[i] = first+int64(i), hashes[i][:]
	}
	return l.later.InsertAuditHashes(ctx, l.tenant, positions, raw)
}

// SetLeafIndexes implements audit.LogStore.
func (l *LogTx) SetLeafIndexes(ctx context.Context, _ string, first int64, ids []uuid.UUID) error {
	positions := make([]int64, len(ids))
	for i := range ids {
		positions[i] = first + int64(i)
	}
	return l.later.PlaceEvents(ctx, l.tenant, ids, positions)
}

// SetHead implements audit.LogStore.
func (l *LogTx) SetHead(ctx context.Context, _ string, head audit.Head) error {
	return l.later.SetAuditHead(ctx, l.tenant, head.Size, head.Root[:], l.now)
}

// LastCheckpoint implements audit.CheckpointStore.
func (l *LogTx) LastCheckpoint(ctx context.Context, _ string) ([]byte, error) {
	row, err := l.q.LatestCheckpoint(ctx, l.tenant)
	if isNotFound(translate(err)) {
		return nil, nil
	}
	return row.Note, err
}

// SaveCheckpoint implements audit.CheckpointStore.
func (l *LogTx) SaveCheckpoint(ctx context.Context, _ string, head audit.Head, signed []byte) error {
	return l.later.InsertCheckpoint(ctx, l.tenant, head.Size, signed, l.now)
}

// TenantsToArchive lists the tenants that have checkpoints which are not exported yet.
func (d *DB) TenantsToArchive(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantsToArchive(ctx)
	return ids, translate(err)
}

// LastExport is the size of the newest checkpoint that was exported, zero when none was.
func (l *LogTx) LastExport(ctx context.Context) (int64, error) { return l.q.LastExport(ctx, l.tenant) }

// Exported records that the log was exported up to a size.
func (l *LogTx) Exported(ctx context.Context, size int64) error {
	return l.later.CheckpointsExported(ctx, l.tenant, size, &l.now)
}

// LogReader implements audit.LogReader for one tenant.
type LogReader struct {
	tenant   uuid.UUID
	verifier string
	read     func(context.Context, func(*db.Queries) error) error
}

// LogReader reads a tenant's log; verifier is the public key that checks its checkpoints.
func (d *DB) LogReader(tenant uuid.UUID, verifier string) *LogReader {
	return &LogReader{tenant: tenant, verifier: verifier, read: func(ctx context.Context, do func(*db.Queries) error) error {
		return d.inTenant(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly}, tenant, func(tx *Tx) error { return do(tx.q) })
	}}
}

// Checkpoint implements audit.LogReader.
func (r *LogReader) Checkpoint(ctx context.Context) (signed []byte, err error) {
	err = r.read(ctx, func(q *db.Queries) error {
		row, err := q.LatestCheckpoint(ctx, r.tenant)
		signed = row.Note
		return err
	})
	if isNotFound(err) {
		return nil, audit.ErrNoCheckpoint
	}
	return signed, err
}

// VerifierKey implements audit.LogReader.
func (r *LogReader) VerifierKey(context.Context) (string, error) { return r.verifier, nil }

// Entries implements audit.LogReader.
func (r *LogReader) Entries(ctx context.Context, first, count int64) (entries [][]byte, err error) {
	err = r.read(ctx, func(q *db.Queries) error {
		rows, err := q.AuditEntries(ctx, r.tenant, first, first+count)
		for _, row := range rows {
			entries = append(entries, row.Body)
		}
		return err
	})
	return entries, err
}

// ReadHashes implements audit.LogReader.
func (r *LogReader) ReadHashes(ctx context.Context, positions []int64) (hashes []tlog.Hash, err error) {
	err = r.read(ctx, func(q *db.Queries) error {
		hashes, err = readHashes(ctx, q, r.tenant, positions)
		return err
	})
	return hashes, err
}

// CaseLeaves implements audit.LogReader.
func (r *LogReader) CaseLeaves(ctx context.Context, caseID string) (leaves []audit.Leaf, waiting int, err error) {
	id, err := uuid.Parse(caseID)
	if err != nil {
		return nil, 0, fmt.Errorf("case id: %w", err)
	}
	err = r.read(ctx, func(q *db.Queries) error {
		rows, err := q.CaseAuditEvents(ctx, r.tenant, &id)
		for _, row := range rows {
			if row.LeafIndex == nil {
				waiting++
				continue
			}
			leaves = append(leaves, audit.Leaf{Index: *row.LeafIndex, Entry: row.Body})
		}
		return err
	})
	return leaves, waiting, err
}
