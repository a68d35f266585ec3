package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Survey counts what the orders would reach, in one snapshot.
func (c *Connector) Survey(ctx context.Context, e connectors.Errand) ([]connectors.Survey, error) {
	surveys := []connectors.Survey{}
	err := c.errand(ctx, e, func(s *session, w *walk) error {
		for orders := range slices.Chunk(e.Orders, surveysAtOnce) {
			found, err := s.surveys(ctx, w, orders)
			if err != nil {
				return c.explained(ctx, e, err)
			}
			surveys = append(surveys, found...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return surveys, nil
}

// explained gives the reason for which an order can't be carried out in place of what the server said when it counted for many orders at once,
// or at least the order at which it said so.
func (c *Connector) explained(ctx context.Context, e connectors.Errand, err error) error {
	var ours *connectors.Error
	if !errors.As(err, &ours) || connectors.Temporary(err) && !errors.Is(err, connectors.ErrServer) {
		return err
	}
	why := c.errand(ctx, e, func(s *session, w *walk) error { return s.allPossible(ctx, w, e.Orders) })
	if why != nil {
		return why
	}
	for i := range e.Orders {
		why := c.errand(ctx, e, func(s *session, w *walk) error {
			_, err := s.surveys(ctx, w, e.Orders[i:i+1])
			return err
		})
		if why != nil {
			return why
		}
	}
	return err
}

// The kinds of line that a survey's statement gives.
const (
	ownRows    = "own"
	othersRows = "others"
	partRows   = "parts"
)

// surveysAtOnce is how many orders' statements are under way at a time: each waits for the one before, and none for the way to the server.
const surveysAtOnce = 64

// surveys counts for some orders, whose statements are sent in one go.
func (s *session) surveys(ctx context.Context, w *walk, orders []erasure.Order) (out []connectors.Survey, err error) {
	sent := s.sending()
	for i := range orders {
		statement, args, err := surveying(w, &orders[i])
		if err != nil {
			return nil, err
		}
		sent.add(statement, args...)
	}
	place := func() string { return orders[min(len(out), len(orders)-1)].Address.String() }
	err = sent.answers(ctx, func(rows pgx.Rows) error {
		found, err := surveyed(rows, &orders[len(out)])
		if err == nil {
			out = append(out, found)
		}
		return err
	})
	return out, fault(place(), err)
}

// surveying writes the statement that counts for an order which makes sense.
func surveying(w *walk, o *erasure.Order) (statement string, args []any, err error) {
	if err := w.Sound(o); err != nil {
		return "", nil, err
	}
	t, err := w.Target(o.Address)
	if err != nil {
		return "", nil, err
	}
	q := newQuery(w)
	if statement, err = q.survey(t, o); err != nil {
		return "", nil, err
	}
	statement, args = q.Whole(statement)
	return statement, args, nil
}

// surveyed reads what was counted for an order.
func surveyed(rows pgx.Rows, o *erasure.Order) (connectors.Survey, error) {
	out := connectors.Survey{Address: o.Address}
	var kind, day string
	var n, left int64
	_, err := pgx.ForEachRow(rows, []any{&kind, &day, &n, &left}, func() error {
		out.Left += left
		switch kind {
		case othersRows:
			out.Others = n
		case partRows:
			out.Parts = n
		default:
			out.Own += n
			if o.Days != nil {
				return relational.OnDay(&out, day, n)
			}
		}
		return nil
	})
	return out, fault(o.Address.String(), err)
}

// survey writes the statement that counts: lines of what is counted, the day or nothing, how many rows, and in how many there is something to do.
func (q *query) survey(t target, o *erasure.Order) (string, error) {
	own, err := q.Owned(t)
	if err != nil {
		return "", err
	}
	masks, err := q.changes(t, o.Masks)
	if err != nil {
		return "", err
	}
	left, day, from := needs(masks), "''", t.From()
	if o.Delete {
		left = "true"
	}
	if o.Days != nil {
		if left, from, err = q.surveyDays(t, o, left); err != nil {
			return "", err
		}
		day = "coalesce(y.d::text, '')"
	}
	line := fmt.Sprintf("SELECT '%s', %s, count(*), count(*) FILTER (WHERE %s) FROM %s WHERE %s", ownRows, day, left, from, own)
	if o.Days != nil {
		line += " GROUP BY 2"
	}
	more, err := q.surveyOthers(t, o, own)
	if err != nil {
		return "", err
	}
	sql := strings.Join(append([]string{line}, more...), " UNION ALL ")
	if o.Days != nil {
		sql += " ORDER BY 1, 2"
	}
	return sql, nil
}

// surveyDays adds the day to each row: rows within the spans are erased, the others trimmed.
func (q *query) surveyDays(t target, o *erasure.Order, erased string) (left, from string, err error) {
	day, err := q.Day(t, o.Days)
	if err != nil {
		return "", "", err
	}
	trim, err := q.changes(t, o.Trim)
	if err != nil {
		return "", "", err
	}
	left = fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END", q.Dialect.Spans(q.Query, "y.d", o.Days), erased, needs(trim))
	return left, fmt.Sprintf("%s CROSS JOIN LATERAL (SELECT %s AS d OFFSET 0) AS y", t.From(), day), nil
}

// surveyOthers counts rows that are found and aren't the person's, where the plan has ways that lead to such.
func (q *query) surveyOthers(t target, o *erasure.Order, own string) ([]string, error) {
	var lines []string
	parts, err := q.Belonging(t, dataset.Part)
	if err != nil {
		return nil, err
	}
	if parts != "" {
		changes, err := q.changes(t, o.Parts)
		if err != nil {
			return nil, err
		}
		lines = append(lines, fmt.Sprintf("SELECT '%s', '', count(*), count(*) FILTER (WHERE %s) FROM %s WHERE %s AND (%s) IS NOT TRUE", partRows, needs(changes), t.From(), parts, own))
		parts = fmt.Sprintf(" AND (%s) IS NOT TRUE", parts)
	}
	if q.Claimed(t.Step.Address) {
		return lines, nil
	}
	pointed, err := q.Belonging(t, dataset.Pointed)
	if err != nil {
		return nil, err
	}
	if pointed != "" {
		lines = append(lines, fmt.Sprintf("SELECT '%s', '', count(*), 0 FROM %s WHERE %s AND (%s) IS NOT TRUE%s", othersRows, t.From(), pointed, own, parts))
	}
	return lines, nil
}
