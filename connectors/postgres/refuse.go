package postgres

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/privacy-docket/docket/connectors"
)

// writeFault turns a driver's error about a change into ours, with nothing of the server's text in it: triggers write what they like there.
func writeFault(where string, err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return fault(where, err)
	}
	e := &connectors.Error{Where: where}
	switch code := pg.Code; {
	case code == "42501":
		e.Code, e.What, e.Do = connectors.ErrReadOnly, "the role may not change it", "grant UPDATE and DELETE on the table to the role"
	case code == "25006":
		e.Code, e.What, e.Do = connectors.ErrReadOnly, "the server takes no changes", "connect to the primary server, not to a replica"
	case code == "22001" || code == "22003":
		e.Code, e.What, e.Do = connectors.ErrType, "what a mask writes is longer or larger than a column takes", "give the mask the column's length, or treat it with null or fixed"
	case strings.HasPrefix(code, "23") || code == "44000":
		e.Code, e.What, e.Do = connectors.ErrConstraint, "a constraint of the table doesn't allow the change", "treat the field otherwise, or give the orders in another order"
	case strings.HasPrefix(code, "P0") || strings.HasPrefix(code, "09") || strings.HasPrefix(code, "27") || code == "39004" || strings.HasPrefix(code, "38"):
		e.Code, e.What, e.Do = connectors.ErrConstraint, "a trigger of the table refuses the change", "look at the table's triggers, or treat the rows otherwise"
	default:
		return fault(where, err)
	}
	return e
}

// refused explains why a batch wasn't taken. A constraint is named when the server's catalog knows it: a trigger may say anything.
func (j *job) refused(ctx context.Context, t target, err error) error {
	where := t.Where(nil)
	out := writeFault(where, err)
	var pg *pgconn.PgError
	var e *connectors.Error
	if !errors.As(out, &e) || e.Code != connectors.ErrConstraint || !errors.As(err, &pg) {
		return out
	}
	switch pg.Code {
	case "23503", "23505", "23514", "23P01":
		j.nameConstraint(ctx, e, pg)
	case "23502":
		if _, known := t.Table.Columns[pg.ColumnName]; known {
			e.Where, e.What = where+"."+pg.ColumnName, "the column has to have a value"
		}
	}
	return e
}

// constraintSQL looks a constraint up by its name and its table's.
const constraintSQL = `
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), f.contype::text
FROM pg_catalog.pg_constraint f
JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE f.conname = $1 AND n.nspname = $2 AND c.relname = $3`

// nameConstraint puts the constraint and its table into the error.
func (j *job) nameConstraint(ctx context.Context, e *connectors.Error, pg *pgconn.PgError) {
	var table, kind string
	err := j.snapshot(ctx, func(s *session) error {
		return s.tx.QueryRow(ctx, constraintSQL, pg.ConstraintName, pg.SchemaName, pg.TableName).Scan(&table, &kind)
	})
	switch {
	case err != nil: // it isn't there, or can't be looked up now: the error says what it can
	case kind == "f":
		e.What = "the foreign key " + pg.ConstraintName + " of the table " + table + " doesn't allow the change: rows there refer to rows here, or rows here to none there"
		e.Do = "erase the referring rows first (erase_after), or mask instead of deleting"
	default:
		e.What = "the constraint " + pg.ConstraintName + " of the table " + table + " doesn't allow the change"
		e.Do = "treat the field otherwise"
	}
}
