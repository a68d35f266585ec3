package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	// ErrOccupied says that the register to restore into is not empty.
	ErrOccupied = errors.New("the register holds tenants already: restore into a new, empty database, and let this one be")
	// ErrInUse says that a server or worker is connected to the register to restore into.
	ErrInUse = errors.New("a server or worker is connected to this register: stop it until the restore has ended")
	// ErrOtherShape says that the tables of the backup are not those of its schema version in this program.
	ErrOtherShape = errors.New("the backup's tables are not those that this program knows under its schema version: restore with the program that made the backup")
	// ErrOtherKeys says that the keys are those of another installation.
	ErrOtherKeys = errors.New("the keys do not belong to this register: a tenant or system of it has no key among them; give the keys of the same installation")
)

// Backup is what a register is filled from.
type Backup struct {
	Manifest []byte // SHA-256 of the manifest, which names the backup
	Taken    time.Time
	Schema   int64
	Register []Table
	Keys     []Table
	// Open and OpenKeys give the rows of a table as Snapshot.Copy wrote them; an error at the end of what they give undoes
	// the whole load.
	Open, OpenKeys func(table string) (io.ReadCloser, error)
}

// Gone counts what the keys no longer open: destroyed before the backup's keys were taken, and after its register was.
type Gone struct {
	Subjects, Runs, Packages, Documents int64
}

// loader is one transaction that fills an empty register.
type loader struct {
	tx     pgx.Tx
	backup Backup
	now    time.Time
	gone   Gone
}

// Load fills an empty register, whose schema is that of the backup, in one transaction: all of it or nothing. ownerDSN is
// the schema's owner's. What it leaves to be done is Finish's.
func Load(ctx context.Context, ownerDSN string, backup Backup, now time.Time) (Gone, error) {
	l := &loader{backup: backup, now: now}
	err := asOwner(ctx, ownerDSN, func(tx pgx.Tx) error {
		l.tx = tx
		return l.load(ctx)
	})
	return l.gone, err
}

func asOwner(ctx context.Context, dsn string, do func(pgx.Tx) error) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect as the register's owner: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the transaction has ended one way or the other
	if _, err := conn.Exec(ctx, "SET timezone TO 'UTC'"); err != nil {
		return fmt.Errorf("set the session's zone: %w", err)
	}
	return translate(pgx.BeginFunc(ctx, conn, do))
}

func (l *loader) load(ctx context.Context) error {
	all, err := tablesOf(ctx, l.tx)
	if err != nil {
		return err
	}
	// Keys may be newer than the register, and have tables that its schema had not.
	known := keyTablesOf(all)
	l.backup.Keys = slices.DeleteFunc(slices.Clone(l.backup.Keys), func(t Table) bool {
		return !slices.ContainsFunc(known, func(k Table) bool { return k.Name == t.Name })
	})
	if !sameShape(l.backup.Register, registerTables(all)) || !sameShape(l.backup.Keys, known) {
		return ErrOtherShape
	}
	ordered, err := inOrder(ctx, l.tx, l.backup.Register)
	if err != nil {
		return err
	}
	bound, err := l.unbind(ctx, all)
	if err != nil {
		return err
	}
	if err := l.fill(ctx, ordered); err != nil {
		return err
	}
	if err := l.count(ctx); err != nil {
		return err
	}
	const mark = "INSERT INTO restores (manifest_sha256, taken_at, loaded_at) VALUES ($1, $2, $3)"
	if _, err := l.tx.Exec(ctx, mark, l.backup.Manifest, l.backup.Taken, l.now); err != nil {
		return fmt.Errorf("mark the restore: %w", err)
	}
	return l.bind(ctx, all, bound)
}

// count tells what was destroyed since the register was saved. Who was forgotten is found by nothing any more: the blind
// indexes go with the key.
func (l *loader) count(ctx context.Context) error {
	for _, c := range []struct {
		into  *int64
		query string
	}{
		{&l.gone.Subjects, "SELECT count(*) FROM subjects s JOIN rows_of_subjects r USING (id) WHERE s.destroyed_at IS NOT NULL AND r.destroyed_at IS NULL"},
		{&l.gone.Packages, "SELECT count(*) FROM packages p JOIN rows_of_packages r USING (id) WHERE p.destroyed_at IS NOT NULL AND r.destroyed_at IS NULL"},
		{&l.gone.Documents, `SELECT (SELECT count(*) FROM identity_documents d JOIN rows_of_identity_documents r USING (id) WHERE d.destroyed_at IS NOT NULL AND r.destroyed_at IS NULL)
			+ (SELECT count(*) FROM task_attachments a JOIN rows_of_task_attachments r USING (id) WHERE a.destroyed_at IS NOT NULL AND r.destroyed_at IS NULL)
			+ (SELECT count(*) FROM sent_documents d JOIN rows_of_sent_documents r USING (id) WHERE d.destroyed_at IS NOT NULL AND r.destroyed_at IS NULL)
			+ (SELECT count(*) FROM inquiry_files f JOIN cases c USING (tenant_id) WHERE c.id = f.case_id AND c.closed_at IS NULL AND f.wrapped_key IS NULL)`},
		{&l.gone.Runs, "SELECT count(*) FROM collection_runs c WHERE c.key_wrapped IS NULL AND EXISTS (SELECT FROM parts p WHERE p.run_id = c.id)"},
	} {
		if err := l.tx.QueryRow(ctx, c.query).Scan(c.into); err != nil {
			return fmt.Errorf("count what was destroyed: %w", err)
		}
	}
	const forget = `DELETE FROM subject_identities i USING subjects s, rows_of_subjects r
		WHERE i.subject_id = s.id AND r.id = s.id AND s.destroyed_at IS NOT NULL AND r.destroyed_at IS NULL`
	if _, err := l.tx.Exec(ctx, forget); err != nil {
		return fmt.Errorf("forget who was forgotten since: %w", err)
	}
	return nil
}
