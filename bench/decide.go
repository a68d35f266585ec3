package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

const (
	// lookEvery is how often the rig looks who waits for a decision.
	lookEvery = 100 * time.Millisecond
	// standstill is how long nothing may happen before the rig gives up.
	standstill = 3 * time.Minute
)

// pending is a request in a state in which it waits for a person.
type pending struct {
	id    uuid.UUID
	state string
}

// decide gives every decision that requests of a right wait for as soon as it is waited for, until n more of them than before are closed.
func (c *company) decide(ctx context.Context, right string, n int) error {
	conn, err := c.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	closed, err := closedOf(ctx, conn, right)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(clients)
	given, moved, until := map[pending]bool{}, time.Now(), closed+n
	for closed < until {
		found, err := whoWaits(ctx, conn, right)
		if err != nil {
			break // the group says why, or the reason is the same for closedOf
		}
		for _, w := range found {
			if !given[w] {
				given[w], moved = true, time.Now()
				group.Go(func() error { return c.step(ctx, w.id, right, w.state) })
			}
		}
		now, err := closedOf(ctx, conn, right)
		switch {
		case err != nil:
			return failed(group, err)
		case now > closed:
			closed, moved = now, time.Now()
		case time.Since(moved) > standstill:
			return fmt.Errorf("nothing has happened for %s: %d of %d requests are closed, %s", standstill, closed, until, states(ctx, conn, right))
		}
		select {
		case <-ctx.Done():
			return failed(group, ctx.Err())
		case <-time.After(lookEvery):
		}
	}
	return group.Wait()
}

// failed is the error of a decision rather than of the look that broke off for it.
func failed(group *errgroup.Group, err error) error {
	if first := group.Wait(); first != nil {
		return first
	}
	return err
}

func whoWaits(ctx context.Context, conn *pgx.Conn, right string) ([]pending, error) {
	rows, err := conn.Query(ctx, `SELECT id, state FROM cases WHERE request_right = $1 AND state IN ('verifying', 'reviewing')`, right)
	if err != nil {
		return nil, fmt.Errorf("look who waits: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (w pending, err error) { return w, row.Scan(&w.id, &w.state) })
}

func closedOf(ctx context.Context, conn *pgx.Conn, right string) (n int, err error) {
	err = conn.QueryRow(ctx, `SELECT count(*) FROM cases WHERE request_right = $1 AND state = 'closed'`, right).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("look who is done: %w", err)
	}
	return n, nil
}

// states says where requests are, and which tasks stand open, for whoever finds out why they don't go on.
func states(ctx context.Context, conn *pgx.Conn, right string) (text string) {
	err := conn.QueryRow(ctx, `SELECT coalesce((SELECT json_object_agg(state, n) FROM (SELECT state, count(*) AS n FROM cases WHERE request_right = $1 GROUP BY 1) s)::text, '')
		|| ' ' || coalesce((SELECT json_object_agg(kind, n) FROM (SELECT kind, count(*) AS n FROM tasks WHERE state = 'open' GROUP BY 1) t)::text, '')`, right).Scan(&text)
	if err != nil {
		return err.Error()
	}
	return text
}
