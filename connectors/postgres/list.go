package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/privacy-docket/docket/connectors"
)

// uniqueViolation is what the server says of an entry that is there.
const uniqueViolation = "23505"

// Enter puts a value on a list. Whoever does so at the same time waits; what others than Docket put there meanwhile, a unique key of the table tells.
func (c *Connector) Enter(ctx context.Context, l connectors.Listing, value string) (entered bool, err error) {
	e, err := c.system.Entry(ctx, l, value)
	if err != nil {
		return false, err
	}
	w := &writer{Connector: c}
	defer w.close(ctx)
	rows, err := w.locked(ctx, "docket list "+e.Lock, e.Statement, e.Args)
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg) && pg.Code == uniqueViolation:
		return false, nil
	case err != nil:
		return false, entryFault(e.Where, err)
	}
	return rows > 0, nil
}

// entryFault explains why the server didn't take an entry.
func entryFault(where string, err error) error {
	out := writeFault(where, err)
	var pg *pgconn.PgError
	var e *connectors.Error
	if !errors.As(err, &pg) || !errors.As(out, &e) {
		return out
	}
	switch e.Code {
	case connectors.ErrReadOnly:
		if pg.Code == "42501" {
			e.What, e.Do = "the role may not put anybody on the list", "grant INSERT on the table and USAGE on the sequences of its defaults to the role, and look at the table's policies"
		}
	case connectors.ErrType:
		e.What, e.Do = "what the person is known by is longer than the list's column takes", "make the column longer, or put them on the list by hand"
	case connectors.ErrConstraint:
		e.What, e.Do = "a constraint or a trigger of the table refuses the entry", "have it take an entry with the list's column alone"
	}
	return e
}
