package storage

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rearmed is what a restored register goes on with.
type Rearmed struct {
	// Cases get a workflow again.
	Cases int64
	// Lacking are objects that the register names and that were gone before they could be saved.
	Lacking int64
}

// Finish gives a loaded register, once its schema is of today, what makes it go on: every case that is open or owes something
// gets its workflow started, the audit archive is written anew, and each tenant's log tells of the restore. objects are the
// keys of what the object store holds. All of it or nothing.
func Finish(ctx context.Context, ownerDSN string, manifest []byte, objects iter.Seq2[string, error], actor audit.Actor, now time.Time) (Rearmed, error) {
	f := &finisher{manifest: manifest, actor: actor, now: now.UTC().Truncate(time.Microsecond)}
	err := asOwner(ctx, ownerDSN, func(tx pgx.Tx) error {
		f.tx, f.q = tx, db.New(tx)
		return f.finish(ctx, objects)
	})
	if err != nil {
		return Rearmed{}, fmt.Errorf("have the cases go on: %w", err)
	}
	return f.rearmed, nil
}

type finisher struct {
	tx       pgx.Tx
	q        *db.Queries
	manifest []byte
	actor    audit.Actor
	now      time.Time
	taken    time.Time
	rearmed  Rearmed
}

func (f *finisher) finish(ctx context.Context, objects iter.Seq2[string, error]) error {
	const mark = "UPDATE restores SET finished_at = $2 WHERE manifest_sha256 = $1 AND finished_at IS NULL RETURNING taken_at"
	if err := f.tx.QueryRow(ctx, mark, f.manifest, f.now).Scan(&f.taken); err != nil {
		return fmt.Errorf("mark the restore as ended: %w", err)
	}
	if err := f.stageObjects(ctx, objects); err != nil {
		return err
	}
	tenants, err := f.q.TenantIDs(ctx)
	if err != nil {
		return fmt.Errorf("list the tenants: %w", err)
	}
	for _, tenant := range tenants {
		if err := nameTenant(ctx, f.q, tenant); err != nil {
			return err
		}
		if err := f.finishTenant(ctx, tenant); err != nil {
			return fmt.Errorf("tenant %s: %w", tenant, err)
		}
	}
	return nil
}

func (f *finisher) stageObjects(ctx context.Context, objects iter.Seq2[string, error]) error {
	const place = "CREATE TEMPORARY TABLE restored_objects (key text NOT NULL) ON COMMIT DROP"
	if _, err := f.tx.Exec(ctx, place); err != nil {
		return fmt.Errorf("make a place for the objects' keys: %w", err)
	}
	next, stop := iter.Pull2(objects)
	defer stop()
	_, err := f.tx.CopyFrom(ctx, pgx.Identifier{"restored_objects"}, []string{"key"}, pgx.CopyFromFunc(func() ([]any, error) {
		key, err, ok := next()
		if !ok || err != nil {
			return nil, err
		}
		return []any{key}, nil
	}))
	if err != nil {
		return fmt.Errorf("read the objects' keys: %w", err)
	}
	return nil
}

func (f *finisher) finishTenant(ctx context.Context, tenant uuid.UUID) error {
	if err := f.startCases(ctx, tenant); err != nil {
		return err
	}
	if err := f.startInquiries(ctx, tenant); err != nil {
		return err
	}
	if err := f.endLinks(ctx, tenant); err != nil {
		return err
	}
	lacking, err := f.lacking(ctx, tenant)
	if err != nil {
		return err
	}
	f.rearmed.Lacking += lacking
	// The archive in the object store is not part of a backup: it may be ahead of the register. It is exported as a whole.
	if _, err := f.tx.Exec(ctx, "UPDATE audit_checkpoints SET exported_at = NULL WHERE tenant_id = $1", tenant); err != nil {
		return fmt.Errorf("have the audit log archived: %w", err)
	}
	return f.tell(ctx, tenant)
}

// startCases asks for the workflow of every case that is open, owes something, or has not been tidied up. The run is the
// case's own, so a start that was pending all the same is the same start.
func (f *finisher) startCases(ctx context.Context, tenant uuid.UUID) error {
	const start = `
INSERT INTO workflow_starts (id, tenant_id, case_id, run, created_at, next_attempt_at)
SELECT gen_random_uuid(), c.tenant_id, c.id, c.run, $2, $2 FROM cases c
WHERE c.tenant_id = $1 AND (c.state <> 'closed'
    OR EXISTS (SELECT FROM obligations o WHERE o.tenant_id = c.tenant_id AND o.case_id = c.id AND o.state IN ('open', 'paused', 'overdue'))
    OR EXISTS (SELECT FROM collection_runs r WHERE r.tenant_id = c.tenant_id AND r.case_id = c.id AND r.key_wrapped IS NOT NULL)
    OR c.outcome <> 'fulfilled' AND EXISTS (SELECT FROM packages p WHERE p.tenant_id = c.tenant_id AND p.case_id = c.id AND p.state <> 'destroyed')
    OR c.id::text IN (SELECT split_part(key, '/', 3) FROM restored_objects))
ON CONFLICT (tenant_id, case_id, run) DO UPDATE SET started_at = NULL, attempts = 0, last_error = NULL, next_attempt_at = excluded.next_attempt_at`
	tag, err := f.tx.Exec(ctx, start, tenant, f.now)
	if err != nil {
		return fmt.Errorf("ask for the workflows: %w", err)
	}
	f.rearmed.Cases += tag.RowsAffected()
	return nil
}

// startInquiries has every inquiry looked after that is not answered: by the workflow and the signal of contract.InquiryID and contract.SignalInquiry.
func (f *finisher) startInquiries(ctx context.Context, tenant uuid.UUID) error {
	const start = `
INSERT INTO workflow_signals (id, tenant_id, case_id, workflow_id, name, created_at, next_attempt_at)
SELECT gen_random_uuid(), tenant_id, case_id, 'inquiry/' || id::text, 'inquiry', $2, $2 FROM inquiries WHERE tenant_id = $1 AND state IN ('open', 'asked')`
	if _, err := f.tx.Exec(ctx, start, tenant, f.now); err != nil {
		return fmt.Errorf("have inquiries looked after: %w", err)
	}
	return nil
}

// endLinks ends the links by which other controllers fetch: whoever has one needs nothing else, and which were taken back or used up since the backup was
// made nobody knows. Links for the person stay, which take a code.
func (f *finisher) endLinks(ctx context.Context, tenant uuid.UUID) error {
	rows, err := f.tx.Query(ctx, "SELECT id, case_id FROM transmission_links WHERE tenant_id = $1 AND ended_at IS NULL ORDER BY id", tenant)
	if err != nil {
		return fmt.Errorf("read the links of other controllers: %w", err)
	}
	type link struct{ ID, Case uuid.UUID }
	open, err := pgx.CollectRows(rows, pgx.RowToStructByPos[link])
	if err != nil || len(open) == 0 {
		return err
	}
	tx := f.of(tenant)
	for _, l := range open {
		if err := tx.EndTransmissionLink(ctx, l.Case, l.ID, LinkRestored); err != nil {
			return err
		}
	}
	return tx.writeEvents(ctx)
}

// of is a transaction of a tenant's, within this one.
func (f *finisher) of(tenant uuid.UUID) *Tx {
	return &Tx{q: f.q, later: f.q, sure: f.q, tenant: Tenant{ID: tenant}, actor: f.actor, now: f.now}
}

// lacking counts the objects that the register counts on and that are not there: parts of a case that went on after the
// snapshot, most of all, which are collected anew.
func (f *finisher) lacking(ctx context.Context, tenant uuid.UUID) (lacking int64, err error) {
	const count = `
SELECT count(*) FROM (
    SELECT object_key FROM packages WHERE tenant_id = $1 AND state = 'ready'
    UNION ALL SELECT object_key FROM identity_documents WHERE tenant_id = $1 AND destroyed_at IS NULL
    UNION ALL SELECT object_key FROM task_attachments WHERE tenant_id = $1 AND destroyed_at IS NULL
    UNION ALL SELECT object_key FROM sent_documents WHERE tenant_id = $1 AND destroyed_at IS NULL
    UNION ALL SELECT object_key FROM inquiry_files WHERE tenant_id = $1 AND wrapped_key IS NOT NULL
    UNION ALL SELECT p.object_key FROM parts p JOIN collection_runs r ON r.tenant_id = p.tenant_id AND r.id = p.run_id
        JOIN cases c ON c.tenant_id = r.tenant_id AND c.id = r.case_id WHERE p.tenant_id = $1 AND c.state <> 'closed'
) named WHERE object_key NOT IN (SELECT key FROM restored_objects)`
	if err := f.tx.QueryRow(ctx, count, tenant).Scan(&lacking); err != nil {
		return 0, fmt.Errorf("compare with the objects: %w", err)
	}
	return lacking, nil
}

// tell puts the restore on record: which backup, of when, and how far the log had grown by then.
func (f *finisher) tell(ctx context.Context, tenant uuid.UUID) error {
	facts := map[audit.FactKey]string{audit.FactSnapshot: f.taken.UTC().Format(time.RFC3339), audit.FactTreeSize: "0"}
	head, err := f.q.AuditHead(ctx, tenant)
	switch {
	case err == nil:
		facts[audit.FactTreeSize] = fmt.Sprint(head.Size)
	case !errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("read the head of the audit log: %w", err)
	}
	tx := f.of(tenant)
	if err := tx.Audit(ctx, audit.Event{
		Action: audit.RegisterRestored, Object: registerObject(f.manifest), Evidence: f.manifest, Facts: facts,
	}); err != nil {
		return err
	}
	return tx.writeEvents(ctx)
}

func registerObject(manifest []byte) audit.Object {
	return audit.Object{Kind: "backup", ID: hex.EncodeToString(manifest)}
}

// BackedUp puts on record, in the log of every tenant, that all of the register was copied.
func (d *DB) BackedUp(ctx context.Context, actor audit.Actor, manifest []byte, taken time.Time) error {
	tenants, err := d.TenantIDs(ctx)
	if err != nil {
		return fmt.Errorf("list the tenants: %w", err)
	}
	return d.inAll(ctx, pgx.TxOptions{}, func(tx *Tx) error {
		tx.actor = actor
		for _, tenant := range tenants {
			if err := tx.enter(ctx, tenant); err != nil {
				return err
			}
			if err := tx.Audit(ctx, audit.Event{
				Action: audit.RegisterBackedUp, Object: registerObject(manifest), Evidence: manifest,
				Facts: map[audit.FactKey]string{audit.FactSnapshot: taken.UTC().Format(time.RFC3339)},
			}); err != nil {
				return err
			}
		}
		return nil
	})
}
