package postgres

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// pass is one thing that is done to some rows of a collection.
type pass struct {
	rows   reached
	delete bool
	masks  []erasure.Mask
	days   *erasure.Days
	// count is where its rows are counted.
	count func(*connectors.Tally) *int64
}

// reached says which rows a pass goes to.
type reached int

const (
	erased reached = iota // the person's own, within the order's days
	kept                  // the person's own of other days
	shared                // somebody else's, in which elements are the person's
)

// passes lists what an order comes to.
func passes(o *erasure.Order) []pass {
	var out []pass
	switch {
	case o.Delete:
		out = append(out, pass{rows: erased, delete: true, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Deleted }})
	case len(o.Masks) > 0:
		out = append(out, pass{rows: erased, masks: o.Masks, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Masked }})
	}
	if len(o.Trim) > 0 {
		out = append(out, pass{rows: kept, masks: o.Trim, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Trimmed }})
	}
	if len(o.Parts) > 0 {
		out = append(out, pass{rows: shared, masks: o.Parts, count: func(t *connectors.Tally) *int64 { return &t.Parts }})
	}
	return out
}

// reach writes the condition under which a pass has something to do in a row.
func (q *query) reach(t target, p pass) (string, error) {
	own, err := q.owned(t)
	if err != nil {
		return "", err
	}
	cond := own
	if p.rows == shared {
		parts, err := q.conditions(t, func(e dataset.Entry) bool { return q.belonging(t.step.Address, e) == dataset.Part })
		if err != nil {
			return "", err
		}
		cond = fmt.Sprintf("%s AND (%s) IS NOT TRUE", t.anyOf(parts), own)
	}
	if p.days != nil {
		day, err := q.day(t, p.days)
		if err != nil {
			return "", err
		}
		in := q.spans(day, p.days)
		if p.rows == kept {
			in = "NOT " + in
		}
		cond += " AND " + in
	}
	if p.delete {
		return cond, nil
	}
	changes, err := q.changes(t, p.masks)
	return cond + " AND " + needs(changes), err
}

// handle says how a row is told to the server again: by its place and version. A row that somebody has changed since is another version, which
// the next look finds if there is still something to do in it; a place that was given to another row holds another version as well.
type handle struct {
	// columns are the expressions, types what they are cast back to, names what they are called.
	columns, types, names []string
}

// handle chooses how rows of the target are told; there is none for views and foreign tables, which have no places.
func (t target) handle() (handle, bool) {
	h := handle{columns: []string{"t.tableoid", "t.ctid", "t.xmin"}, types: []string{"oid", "tid", "xid"}}
	switch t.table.relkind {
	case "r":
	case "p": // its key leads to the partition; a place alone would be looked for in each
		for _, name := range t.key() {
			h.columns = append(h.columns, "t."+pgx.Identifier{name}.Sanitize())
			h.types = append(h.types, keyType(t.table.columns[name]))
		}
	default:
		return handle{}, false
	}
	for i := range h.columns {
		h.names = append(h.names, fmt.Sprintf("h%d", i))
	}
	return h, true
}

// find writes the statement that lists the rows in which a pass has something to do.
func (q *query) find(t target, p pass) (string, error) {
	cond, err := q.reach(t, p)
	if err != nil {
		return "", err
	}
	list := "SELECT"
	if h, has := t.handle(); has {
		texts := make([]string, len(h.columns))
		for i, c := range h.columns {
			texts[i] = c + "::text"
		}
		list += " " + strings.Join(texts, ", ")
	}
	return q.with(fmt.Sprintf("%s FROM %s WHERE %s", list, t.from(), cond)), nil
}

// carryOut writes the statement that does a pass's work: in the rows that are told, column by column of their handles, or, where rows can't be
// told, in all that the pass reaches.
func (q *query) carryOut(t target, p pass, rows [][]string) (string, error) {
	var cond, from string
	if h, has := t.handle(); has {
		var lists, conds []string
		for i, c := range h.columns {
			var values []string
			if rows != nil {
				values = rows[i]
			}
			lists = append(lists, fmt.Sprintf("%s::text[]::%s[]", q.arg(values), h.types[i]))
			conds = append(conds, fmt.Sprintf("%s = h.%s", c, h.names[i]))
		}
		from = fmt.Sprintf("unnest(%s) AS h(%s)", strings.Join(lists, ", "), strings.Join(h.names, ", "))
		cond = strings.Join(conds, " AND ")
	} else {
		var err error
		if cond, err = q.reach(t, p); err != nil {
			return "", err
		}
	}
	changes, err := q.changes(t, p.masks)
	if err != nil {
		return "", err
	}
	verb, using := "UPDATE %s SET "+strings.ReplaceAll(assignments(changes), "%", "%%"), " FROM "
	if p.delete {
		verb, using = "DELETE FROM %s", " USING "
	}
	if from == "" {
		using = ""
	}
	return q.with(fmt.Sprintf(verb, t.from()) + using + from + " WHERE " + cond), nil
}
