package relational

import (
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Pass is one thing that is done to some rows of a collection.
type Pass struct {
	rows   reached
	Delete bool
	Masks  []erasure.Mask
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

// Passes lists what an order comes to.
func Passes(o *erasure.Order) []Pass {
	var out []Pass
	switch {
	case o.Delete:
		out = append(out, Pass{rows: erased, Delete: true, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Deleted }})
	case len(o.Masks) > 0:
		out = append(out, Pass{rows: erased, Masks: o.Masks, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Masked }})
	}
	if len(o.Trim) > 0 {
		out = append(out, Pass{rows: kept, Masks: o.Trim, days: o.Days, count: func(t *connectors.Tally) *int64 { return &t.Trimmed }})
	}
	if len(o.Parts) > 0 {
		out = append(out, Pass{rows: shared, Masks: o.Parts, count: func(t *connectors.Tally) *int64 { return &t.Parts }})
	}
	return out
}

// Reach writes the condition under which a row is one of those that a pass goes to, whether or not there is something to do in it.
func (q *Query) Reach(t Target, p Pass) (string, error) {
	cond, err := q.Owned(t)
	if err != nil {
		return "", err
	}
	if p.rows == shared {
		own := cond
		parts, err := q.Belonging(t, dataset.Part)
		if err != nil {
			return "", err
		}
		if cond = "FALSE"; parts != "" {
			cond = fmt.Sprintf("%s AND (%s) IS NOT TRUE", parts, own)
		}
	}
	if p.days == nil {
		return cond, nil
	}
	day, err := q.Day(t, p.days)
	if err != nil {
		return "", err
	}
	in := q.Dialect.Spans(q, day, p.days)
	if p.rows == kept {
		in = "NOT " + in
	}
	return cond + " AND " + in, nil
}
