package mysql

import (
	"errors"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/privacy-docket/docket/connectors"
)

// writeFault turns a driver's error about a change into ours, with nothing of the server's text in it: it quotes values, and triggers write
// what they like there.
func writeFault(where string, err error) error {
	var told *mysql.MySQLError
	if !errors.As(err, &told) {
		return fault(where, err)
	}
	e := &connectors.Error{Where: where}
	is := func(numbers ...uint16) bool { return slices.Contains(numbers, told.Number) }
	switch {
	case is(1142, 1143, 1288, 1348, 1471):
		e.Code, e.What, e.Do = connectors.ErrReadOnly, "the user may not change it, or it is a view that takes no changes", "grant UPDATE and DELETE on the table to the user"
	case is(1290, 1792, 1836):
		e.Code, e.What, e.Do = connectors.ErrReadOnly, "the server takes no changes", "connect to the primary server, not to a replica"
	case is(1264, 1265, 1292, 1366, 1406):
		e.Code, e.What, e.Do = connectors.ErrType, "what a mask writes is longer or larger than a column takes, or none of its values", "give the mask the column's length, or treat it with null or fixed"
	case is(1451, 1452, 1216, 1217):
		e.Code, e.What, e.Do = connectors.ErrConstraint, "a foreign key doesn't allow the change", "erase the referring rows first (erase_after), or mask instead of deleting"
	case is(1062, 1169, 1586, 1048, 3819, 4025):
		e.Code, e.What, e.Do = connectors.ErrConstraint, "a constraint of the table doesn't allow the change", "treat the field otherwise"
	case is(1644, 1643, 1642) || strings.HasPrefix(string(told.SQLState[:]), "45"):
		e.Code, e.What, e.Do = connectors.ErrConstraint, "a trigger of the table refuses the change", "look at the table's triggers, or treat the rows otherwise"
	default:
		return fault(where, err)
	}
	return e
}

// refused explains why a batch wasn't taken. A foreign key is named when it is one that the catalog knows: a trigger may say anything.
func (b *bundle) refused(w *walk, t target, err error) error {
	out := writeFault(t.Where(nil), err)
	var told *mysql.MySQLError
	var e *connectors.Error
	if !errors.As(out, &e) || e.Code != connectors.ErrConstraint || !errors.As(err, &told) || told.Number != 1451 {
		return out
	}
	for _, r := range w.Referrers(t.Step.Address) {
		if r.Key != nil && (strings.Contains(told.Message, "CONSTRAINT `"+r.Key.Name+"`") || strings.Contains(told.Message, `CONSTRAINT "`+r.Key.Name+`"`)) {
			e.What = "the foreign key " + r.Key.Name + " of the table " + r.Key.From.String() + " doesn't allow the change: rows there refer to rows here"
		}
	}
	return e
}
