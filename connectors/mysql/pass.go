package mysql

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

// reach writes the condition under which a row is one of those that a pass goes to, whether or not there is something to do in it.
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
		in := spans(day, p.days)
		if p.rows == kept {
			in = "NOT " + in
		}
		cond += " AND " + in
	}
	return cond, nil
}

// found is a statement that lists the rows in which a pass may have something to do: their keys, where they have any, their version,
// whether the server has something to do in them, and the documents that are treated here.
type found struct {
	statement string
	args      []any
	changes   changes
	key       []string
}

// find writes it. Without documents only rows with something to do are listed.
func (q *query) find(t target, p pass) (found, error) {
	f := found{key: t.key()}
	cond, err := q.reach(t, p)
	if err != nil {
		return f, err
	}
	if f.changes, err = q.changes(t, p.masks); err != nil {
		return f, err
	}
	var list []string
	for _, name := range f.key {
		list = append(list, t.table.columns[name].keyText("t."+quoted(name)))
	}
	needs := "TRUE"
	if !p.delete {
		needs = f.changes.needs()
	}
	list = append(list, t.version("t."), needs)
	for _, d := range f.changes.documents {
		list = append(list, "t."+quoted(d.col.name))
	}
	if len(f.changes.documents) == 0 {
		cond += " AND " + needs
	}
	distinct := ""
	if len(f.key) == 0 {
		distinct = "DISTINCT " // rows that are alike in everything are told by one version
	}
	f.statement, f.args = q.whole(fmt.Sprintf("SELECT %s%s FROM %s WHERE %s", distinct, strings.Join(list, ", "), t.from(), cond))
	return f, nil
}
