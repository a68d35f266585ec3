package postgres

import (
	"fmt"
	"strings"

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

// find writes the statement that lists the rows in which a pass has something to do.
func (q *query) find(t target, p pass) (string, error) {
	cond, err := q.reach(t, p)
	if err != nil {
		return "", err
	}
	list := ""
	if t.told() != byCondition {
		list = strings.Join(t.handle(), ", ")
	}
	return q.with(fmt.Sprintf("SELECT %s FROM %s WHERE %s", list, t.from(), cond)), nil
}

// carryOut writes the statement that does a pass's work: in the rows that are told, or where rows can't be told, in all that the pass reaches.
func (q *query) carryOut(t target, p pass, rows [][]string) (string, error) {
	var cond, from string
	if t.told() == byCondition {
		var err error
		if cond, err = q.reach(t, p); err != nil {
			return "", err
		}
	} else {
		from, cond = q.these(t, rows)
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
