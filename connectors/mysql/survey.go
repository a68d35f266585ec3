package mysql

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Survey counts what the orders would reach, in one snapshot. What is left to do inside documents is told here: they are looked at one by one
// and not kept.
func (c *Connector) Survey(ctx context.Context, e connectors.Errand) ([]connectors.Survey, error) {
	surveys := []connectors.Survey{}
	err := c.errand(ctx, e, func(s *session, w *walk) error {
		if err := allPossible(w, e.Orders); err != nil {
			return err
		}
		for i := range e.Orders {
			found, err := s.survey(ctx, w, &e.Orders[i])
			if err != nil {
				return err
			}
			surveys = append(surveys, found)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return surveys, nil
}

// survey counts for one order.
func (s *session) survey(ctx context.Context, w *walk, o *erasure.Order) (connectors.Survey, error) {
	out := connectors.Survey{Address: o.Address}
	t, err := w.Target(o.Address)
	if err != nil {
		return out, err
	}
	if err := s.surveyOwn(ctx, w, t, o, &out); err != nil {
		return out, err
	}
	if err := s.surveyOthers(ctx, w, t, &out); err != nil {
		return out, err
	}
	for _, p := range relational.Passes(o) {
		left, err := s.left(ctx, w, t, p)
		if err != nil {
			return out, err
		}
		out.Left += left
	}
	return out, nil
}

// surveyOwn counts the person's rows, by their days when there are any.
func (s *session) surveyOwn(ctx context.Context, w *walk, t target, o *erasure.Order, out *connectors.Survey) error {
	q := newQuery(w)
	own, err := q.Owned(t)
	if err != nil {
		return err
	}
	if o.Days == nil {
		out.Own, err = q.Count(ctx, s, t, own)
		return err
	}
	day, err := q.Day(t, o.Days)
	if err != nil {
		return err
	}
	statement, args := q.Whole(fmt.Sprintf("SELECT COALESCE(CAST(y.d AS CHAR), ''), COUNT(*) FROM (SELECT %s AS d FROM %s WHERE %s) AS y GROUP BY y.d ORDER BY y.d", day, t.From(), own))
	return s.each(ctx, o.Address.String(), statement, args, func(rows *sql.Rows) error {
		var day string
		var n int64
		if err := rows.Scan(&day, &n); err != nil {
			return err
		}
		out.Own += n
		return relational.OnDay(out, day, n)
	})
}

// surveyOthers counts rows that are found and aren't the person's, where the plan has ways that lead to such.
func (s *session) surveyOthers(ctx context.Context, w *walk, t target, out *connectors.Survey) error {
	of := func(b dataset.Belonging, count *int64, except dataset.Belonging) error {
		q := newQuery(w)
		found, err := q.Belonging(t, b)
		if err != nil || found == "" {
			return err
		}
		own, err := q.Owned(t)
		if err != nil {
			return err
		}
		cond := fmt.Sprintf("%s AND (%s) IS NOT TRUE", found, own)
		if except != b {
			other, err := q.Belonging(t, except)
			if err != nil {
				return err
			}
			if other != "" {
				cond += fmt.Sprintf(" AND (%s) IS NOT TRUE", other)
			}
		}
		*count, err = q.Count(ctx, s, t, cond)
		return err
	}
	if err := of(dataset.Part, &out.Parts, dataset.Part); err != nil || w.Claimed(t.Step.Address) {
		return err
	}
	return of(dataset.Pointed, &out.Others, dataset.Part)
}

// left counts the rows in which a pass has something to do.
func (s *session) left(ctx context.Context, w *walk, t target, p pass) (int64, error) {
	q := newQuery(w)
	cond, err := q.Reach(t, p)
	if err != nil || p.Delete {
		if err != nil {
			return 0, err
		}
		return q.Count(ctx, s, t, cond)
	}
	c, err := q.changes(t, p.Masks)
	if err != nil {
		return 0, err
	}
	n, err := q.Count(ctx, s, t, cond+" AND "+c.needs())
	if err != nil || len(c.documents) == 0 {
		return n, err
	}
	q = newQuery(w)
	f, err := q.find(t, p)
	if err != nil {
		return 0, err
	}
	if err := s.ready(ctx, f.changes); err != nil {
		return 0, err
	}
	n = 0
	err = s.listed(ctx, t, f, func(i item) error {
		n++
		return nil
	})
	return n, err
}
