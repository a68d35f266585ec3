package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
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

func sameShape(a, b []Table) bool {
	return slices.EqualFunc(a, b, func(a, b Table) bool { return a.Name == b.Name && slices.Equal(a.Columns, b.Columns) })
}

// inOrder puts tables behind those that they refer to.
func inOrder(ctx context.Context, tx pgx.Tx, tables []Table) ([]Table, error) {
	rows, err := tx.Query(ctx, `SELECT f.relname, t.relname FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid
		JOIN pg_class t ON t.oid = k.confrelid WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND f.oid <> t.oid`)
	if err != nil {
		return nil, fmt.Errorf("read the foreign keys: %w", err)
	}
	needs := map[string][]string{}
	var from, to string
	if _, err := pgx.ForEachRow(rows, []any{&from, &to}, func() error {
		needs[from] = append(needs[from], to)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("read the foreign keys: %w", err)
	}
	var ordered []Table
	done := map[string]bool{}
	for len(ordered) < len(tables) {
		before := len(ordered)
		for _, t := range tables {
			if !done[t.Name] && !slices.ContainsFunc(needs[t.Name], func(n string) bool { return !done[n] }) {
				ordered, done[t.Name] = append(ordered, t), true
			}
		}
		if len(ordered) == before {
			return nil, errors.New("the tables refer to each other in a circle")
		}
	}
	return ordered, nil
}

// unbind lifts row-level security and triggers for this transaction: they are there for the work, one row and one tenant
// at a time. The tables are locked from here on; nobody else sees them so.
func (l *loader) unbind(ctx context.Context, all []Table) (forced []string, err error) {
	rows, err := l.tx.Query(ctx, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity")
	if err != nil {
		return nil, fmt.Errorf("read row-level security: %w", err)
	}
	if forced, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return nil, fmt.Errorf("read row-level security: %w", err)
	}
	for _, table := range forced {
		if _, err := l.tx.Exec(ctx, "ALTER TABLE "+quoted(table)+" NO FORCE ROW LEVEL SECURITY"); err != nil {
			return nil, fmt.Errorf("open the table %s (is DOCKET_REGISTER_OWNER_URL the owner's?): %w", table, err)
		}
	}
	for _, table := range all {
		if _, err := l.tx.Exec(ctx, "ALTER TABLE "+quoted(table.Name)+" DISABLE TRIGGER USER"); err != nil {
			return nil, fmt.Errorf("open the table %s: %w", table.Name, err)
		}
	}
	var tenants int64
	if err := l.tx.QueryRow(ctx, "SELECT count(*) FROM tenants").Scan(&tenants); err != nil {
		return nil, fmt.Errorf("look for tenants: %w", err)
	}
	if tenants > 0 {
		return nil, ErrOccupied
	}
	return forced, nil
}

func (l *loader) bind(ctx context.Context, all []Table, forced []string) error {
	for _, table := range all {
		if _, err := l.tx.Exec(ctx, "ALTER TABLE "+quoted(table.Name)+" ENABLE TRIGGER USER"); err != nil {
			return fmt.Errorf("close the table %s: %w", table.Name, err)
		}
	}
	for _, table := range forced {
		if _, err := l.tx.Exec(ctx, "ALTER TABLE "+quoted(table)+" FORCE ROW LEVEL SECURITY"); err != nil {
			return fmt.Errorf("close the table %s: %w", table, err)
		}
	}
	return nil
}

func (l *loader) fill(ctx context.Context, ordered []Table) error {
	for _, keys := range l.backup.Keys {
		if err := l.fillKeys(ctx, keys); err != nil {
			return err
		}
	}
	for _, table := range ordered {
		if err := l.fillTable(ctx, table); err != nil {
			return fmt.Errorf("fill the table %s: %w", table.Name, err)
		}
	}
	return nil
}

// fillKeys brings the keys in: those of the installation to their table, the others beside theirs. A server that was started
// on the empty register has made keys of the installation, under which nothing is sealed.
func (l *loader) fillKeys(ctx context.Context, keys Table) error {
	target := quoted(keys.Name)
	if keys.Name == installationKeys {
		if _, err := l.tx.Exec(ctx, "DELETE FROM "+target); err != nil {
			return fmt.Errorf("make room for the installation's keys: %w", err)
		}
	} else {
		target = quoted("keys_of_" + keys.Name)
		if err := l.stage(ctx, target, keys); err != nil {
			return err
		}
	}
	if err := l.copyIn(ctx, target, keys, l.backup.OpenKeys); err != nil {
		return fmt.Errorf("read the keys of %s: %w", keys.Name, err)
	}
	return nil
}

// stage makes a table of some columns that ends with the transaction.
func (l *loader) stage(ctx context.Context, name string, like Table) error {
	statement := fmt.Sprintf("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA", name, columnList(like.Columns), quoted(like.Name))
	if _, err := l.tx.Exec(ctx, statement); err != nil {
		return fmt.Errorf("make a place for %s: %w", like.Name, err)
	}
	return nil
}

func (l *loader) copyIn(ctx context.Context, target string, t Table, open func(string) (io.ReadCloser, error)) error {
	r, err := open(t.Name)
	if err != nil {
		return err
	}
	statement := fmt.Sprintf("COPY %s (%s) FROM STDIN", target, columnList(t.Columns))
	tag, err := l.tx.Conn().PgConn().CopyFrom(ctx, r, statement)
	if err := errors.Join(err, r.Close()); err != nil {
		return err
	}
	if tag.RowsAffected() != t.Rows {
		return fmt.Errorf("%d rows arrived and the manifest has %d", tag.RowsAffected(), t.Rows)
	}
	return nil
}

// fillTable brings the rows of a table in, those with keys together with theirs.
func (l *loader) fillTable(ctx context.Context, t Table) error {
	keys, ok := keysOf(t.Name)
	if !ok {
		return l.copyIn(ctx, quoted(t.Name), t, l.backup.Open)
	}
	staged := quoted("rows_of_" + t.Name)
	if err := l.stage(ctx, staged, t); err != nil {
		return err
	}
	if err := l.copyIn(ctx, staged, t, l.backup.Open); err != nil {
		return err
	}
	if keys.must {
		if err := l.needEveryKey(ctx, t.Name, keys); err != nil {
			return err
		}
	}
	var args []any
	statement := keys.join(t)
	if strings.Contains(statement, "$1") {
		args = append(args, l.now)
	}
	_, err := l.tx.Exec(ctx, statement, args...)
	return err
}

func (l *loader) needEveryKey(ctx context.Context, table string, keys keyColumns) error {
	var lacking int64
	query := fmt.Sprintf("SELECT count(*) FROM %s r LEFT JOIN %s k USING (%s) WHERE k.%[3]s IS NULL",
		quoted("rows_of_"+table), quoted("keys_of_"+table), keys.id)
	if err := l.tx.QueryRow(ctx, query).Scan(&lacking); err != nil {
		return fmt.Errorf("compare with the keys: %w", err)
	}
	if lacking > 0 {
		return ErrOtherKeys
	}
	return nil
}

// join puts rows and keys together. A key that is destroyed on either side is destroyed, and its row says so.
func (k keyColumns) join(t Table) string {
	lost := fmt.Sprintf("k.%s IS NULL", quoted(k.keys[0]))
	values := make([]string, 0, len(t.Columns)+len(k.keys))
	for _, c := range t.Columns {
		value := "r." + quoted(c)
		switch then, ok := k.gone[c]; {
		case c == k.told:
			value = fmt.Sprintf("CASE WHEN %s THEN coalesce(r.%[2]s, k.%[2]s, $1) ELSE r.%[2]s END", lost, quoted(c))
		case ok:
			value = fmt.Sprintf("CASE WHEN %s THEN %s ELSE r.%s END", lost, then, quoted(c))
		}
		values = append(values, value)
	}
	for _, c := range k.keys {
		value := "k." + quoted(c)
		if k.told != "" {
			value = fmt.Sprintf("CASE WHEN r.%s IS NULL THEN k.%s END", quoted(k.told), quoted(c))
		}
		values = append(values, value)
	}
	return fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s r LEFT JOIN %s k USING (%s)", quoted(t.Name),
		columnList(slices.Concat(t.Columns, k.keys)), strings.Join(values, ", "), quoted("rows_of_"+t.Name), quoted("keys_of_"+t.Name), quoted(k.id))
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

// Target is how the register to restore into stands.
type Target int

// The states of a register to restore into.
const (
	TargetEmpty  Target = iota // no tenant
	TargetLoaded               // this very backup, not finished
	TargetDone                 // this very backup
)

// ExamineTarget says whether a backup may be restored into a register; ErrOccupied and ErrInUse when not.
func ExamineTarget(ctx context.Context, ownerDSN string, manifest []byte) (target Target, err error) {
	err = asOwner(ctx, ownerDSN, func(tx pgx.Tx) error {
		var busy, schema bool
		const others = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'docket')"
		if err := tx.QueryRow(ctx, others).Scan(&busy); err != nil {
			return fmt.Errorf("look who is connected: %w", err)
		}
		if busy {
			return ErrInUse
		}
		if err := tx.QueryRow(ctx, "SELECT to_regclass('public.tenants') IS NOT NULL").Scan(&schema); err != nil || !schema {
			return err
		}
		target, err = examineTenants(ctx, tx, manifest)
		return err
	})
	if err != nil {
		return target, fmt.Errorf("look at the register to restore into: %w", err)
	}
	return target, nil
}

func examineTenants(ctx context.Context, tx pgx.Tx, manifest []byte) (Target, error) {
	var marked bool
	if err := tx.QueryRow(ctx, "SELECT to_regclass('public.restores') IS NOT NULL").Scan(&marked); err != nil {
		return TargetEmpty, err
	}
	var finished []bool
	if marked {
		rows, err := tx.Query(ctx, "SELECT finished_at IS NOT NULL FROM restores WHERE manifest_sha256 = $1", manifest)
		if err != nil {
			return TargetEmpty, err
		}
		if finished, err = pgx.CollectRows(rows, pgx.RowTo[bool]); err != nil {
			return TargetEmpty, err
		}
	}
	if len(finished) == 1 && finished[0] {
		return TargetDone, nil
	}
	if len(finished) == 1 {
		return TargetLoaded, nil
	}
	return TargetEmpty, noTenants(ctx, tx)
}

// noTenants asks by the function that sees past row-level security, which binds the owner too.
func noTenants(ctx context.Context, tx pgx.Tx) error {
	var id uuid.UUID
	err := tx.QueryRow(ctx, "SELECT docket_tenant_ids() LIMIT 1").Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for tenants: %w", err)
	}
	return ErrOccupied
}
