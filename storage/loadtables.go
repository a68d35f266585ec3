package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

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
