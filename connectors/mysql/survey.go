package mysql

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Survey counts what the orders would reach, in one snapshot. What is left to do inside documents is told here: they are looked at one by one
// and not kept.
func (c *Connector) Survey(ctx context.Context, e connectors.Errand) ([]connectors.Survey, error) {
	surveys := []connectors.Survey{}
	err := c.errand(ctx, e, func(s *session, w *walk) error {
		if err := w.allPossible(e.Orders); err != nil {
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
	t, err := w.target(o.Address)
	if err != nil {
		return out, err
	}
	if err := s.surveyOwn(ctx, w, t, o, &out); err != nil {
		return out, err
	}
	if err := s.surveyOthers(ctx, w, t, &out); err != nil {
		return out, err
	}
	for _, p := range passes(o) {
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
	q := w.query()
	own, err := q.owned(t)
	if err != nil {
		return err
	}
	if o.Days == nil {
		out.Own, err = s.counted(ctx, q, t, own)
		return err
	}
	day, err := q.day(t, o.Days)
	if err != nil {
		return err
	}
	statement, args := q.whole(fmt.Sprintf("SELECT COALESCE(CAST(y.d AS CHAR), ''), COUNT(*) FROM (SELECT %s AS d FROM %s WHERE %s) AS y GROUP BY y.d ORDER BY y.d", day, t.from(), own))
	return s.each(ctx, o.Address.String(), statement, args, func(rows *sql.Rows) error {
		var day string
		var n int64
		if err := rows.Scan(&day, &n); err != nil {
			return err
		}
		out.Own += n
		if day == "" {
			out.Undated += n
			return nil
		}
		d, err := privacy.ParseDate(day)
		if err != nil {
			return &connectors.Error{Code: connectors.ErrServer, What: "the server wrote a day in a form that can't be read", Do: "report the column's type"}
		}
		out.Days = append(out.Days, connectors.DayCount{Day: d, Rows: n})
		return nil
	})
}

// counted counts rows of the target.
func (s *session) counted(ctx context.Context, q *query, t target, cond string) (n int64, err error) {
	statement, args := q.whole(fmt.Sprintf("SELECT COUNT(*) FROM %s WHERE %s", t.from(), cond))
	err = s.each(ctx, t.step.Address.String(), statement, args, func(rows *sql.Rows) error { return rows.Scan(&n) })
	return n, err
}

// surveyOthers counts rows that are found and aren't the person's, where the plan has ways that lead to such.
func (s *session) surveyOthers(ctx context.Context, w *walk, t target, out *connectors.Survey) error {
	of := func(b dataset.Belonging, count *int64, except dataset.Belonging) error {
		q := w.query()
		found, err := q.conditions(t, func(e dataset.Entry) bool { return q.belonging(t.step.Address, e) == b })
		if err != nil || len(found) == 0 {
			return err
		}
		own, err := q.owned(t)
		if err != nil {
			return err
		}
		cond := fmt.Sprintf("%s AND (%s) IS NOT TRUE", t.anyOf(found), own)
		if except != b {
			other, err := q.conditions(t, func(e dataset.Entry) bool { return q.belonging(t.step.Address, e) == except })
			if err != nil {
				return err
			}
			cond += fmt.Sprintf(" AND (%s) IS NOT TRUE", t.anyOf(other))
		}
		*count, err = s.counted(ctx, q, t, cond)
		return err
	}
	if err := of(dataset.Part, &out.Parts, dataset.Part); err != nil || w.owning.claimed[t.step.Address] {
		return err
	}
	return of(dataset.Pointed, &out.Others, dataset.Part)
}

// left counts the rows in which a pass has something to do.
func (s *session) left(ctx context.Context, w *walk, t target, p pass) (int64, error) {
	q := w.query()
	cond, err := q.reach(t, p)
	if err != nil || p.delete {
		if err != nil {
			return 0, err
		}
		return s.counted(ctx, q, t, cond)
	}
	c, err := q.changes(t, p.masks)
	if err != nil {
		return 0, err
	}
	n, err := s.counted(ctx, q, t, cond+" AND "+c.needs())
	if err != nil || len(c.documents) == 0 {
		return n, err
	}
	q = w.query()
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
