package mysql

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"

	"github.com/go-sql-driver/mysql"

	"github.com/privacy-docket/docket/connectors"
)

// duplicate is what the server says of an entry that is there.
const duplicate = 1062

// Enter puts a value on a list. Whoever does so at the same time waits; what others than Docket put there meanwhile, a unique key of the table tells.
func (c *Connector) Enter(ctx context.Context, l connectors.Listing, value string) (entered bool, err error) {
	e, err := c.system.Entry(ctx, l, value)
	if err != nil {
		return false, err
	}
	err = c.connected(ctx, func(s *session) error {
		w := &writer{s}
		if err := w.prepare(ctx); err != nil {
			return err
		}
		if err := w.lock(ctx, e.Where, e.Lock); err != nil {
			return err
		}
		rows, err := w.batch(ctx, []statement{{text: e.Statement, args: e.Args}})
		var told *mysql.MySQLError
		switch {
		case errors.As(err, &told) && told.Number == duplicate:
			return nil
		case err != nil:
			return entryFault(e.Where, err)
		}
		entered = rows > 0
		return nil
	})
	return entered, err
}

// lock takes a lock of this program's own, which is none on anything of the server's. It ends with the connection.
func (w *writer) lock(ctx context.Context, where, name string) error {
	sum := sha256.Sum256([]byte(name)) // the server takes names of 64 characters
	var got sql.NullInt64
	err := w.each(ctx, where, "SELECT GET_LOCK(?, ?)", []any{"docket list " + hex.EncodeToString(sum[:16]), seconds(w.cfg.LockTimeout)}, func(rows *sql.Rows) error {
		return rows.Scan(&got)
	})
	if err == nil && got.Int64 != 1 {
		err = &connectors.Error{Code: connectors.ErrTimeout, Where: where, What: "others were putting people on the list all the time", Do: "try again"}
	}
	return err
}

// otherCharset is what MariaDB says of a text that the column's character set has no letters for.
const otherCharset = 1977

// entryFault explains why the server didn't take an entry.
func entryFault(where string, err error) error {
	out := writeFault(where, err)
	var told *mysql.MySQLError
	var e *connectors.Error
	if !errors.As(err, &told) || !errors.As(out, &e) {
		return out
	}
	if told.Number == otherCharset {
		e.Code = connectors.ErrType
	}
	switch e.Code {
	case connectors.ErrReadOnly:
		if told.Number == 1142 || told.Number == 1143 {
			e.What, e.Do = "the user may not put anybody on the list", "grant INSERT on the table to the user"
		}
	case connectors.ErrType:
		e.What, e.Do = "what the person is known by is longer than the list's column takes, or none of its values", "make the column longer, or put them on the list by hand"
	case connectors.ErrConstraint:
		e.What, e.Do = "a constraint or a trigger of the table refuses the entry", "have it take an entry with the list's column alone"
	}
	return e
}
