package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	docket "github.com/privacy-docket/docket/client"
)

// The bare queries: the rows of a page by the index that is there for it, and no more.
const (
	bareRequests = `SELECT id, reference, request_right, regime, channel, state, outcome, identity, assignee_id, duplicate_of, received_at,
		closed_at, next_due, language FROM cases WHERE tenant_id = $1`
	newestFirst = ` ORDER BY received_at DESC, id DESC LIMIT 50`

	bareBoard = `SELECT o.id, o.case_id, c.reference, c.request_right, c.regime, c.state, c.assignee_id, o.kind, o.citation, o.state, o.due,
		o.earliest_safe FROM obligations o JOIN cases c ON c.tenant_id = o.tenant_id AND c.id = o.case_id
		WHERE o.tenant_id = $1 AND o.state IN ('open', 'paused', 'overdue')`
	soonestFirst = ` ORDER BY o.due, o.id LIMIT 50`

	bareFound = ` AND subject_id IN (SELECT subject_id FROM subject_identities WHERE tenant_id = $1 AND kind = $2 AND blind_index = $3)`
)

// bareCase is what one case's page shows.
var bareCase = []string{
	`SELECT id, reference, request_right, regime, regime_version, calendar, zone, language, channel, state, outcome, reason_code, identity,
		identity_method, assignee_id, duplicate_of, run, received_at, recorded_at, backdate_reason, closed_at, next_due, facts
		FROM cases WHERE tenant_id = $1 AND id = $2`,
	`SELECT id, reference FROM cases WHERE tenant_id = $1 AND duplicate_of = $2`,
	`SELECT kind, from_at, until_at, opened_by, closed_by FROM pauses WHERE tenant_id = $1 AND case_id = $2`,
	`SELECT reason_code, granted_by, granted_at FROM extensions WHERE tenant_id = $1 AND case_id = $2`,
}

// questions are all calls that are timed.
func (l *listing) questions() []question {
	var all []question
	all = append(all, l.boardQuestions()...)
	all = append(all, l.requestQuestions()...)
	all = append(all, l.searchQuestions()...)
	return append(all, l.countQuestions()...)
}

func (l *listing) boardQuestions() []question {
	board := func(name string, choose func() (docket.Board, docket.Paging, string, []any)) question {
		return question{name: "board: " + name, begin: func() (asking, asking, error) {
			which, paging, more, args := choose()
			ours := func(ctx context.Context) (int, error) {
				page, err := l.asked.Obligations(ctx, which, paging)
				return len(page.Items), err
			}
			return ours, l.bare(bareBoard+more+soonestFirst, args...), nil
		}}
	}
	out := []question{
		board("first page", func() (docket.Board, docket.Paging, string, []any) { return docket.Board{}, docket.Paging{}, "", nil }),
		board("deep inside", func() (docket.Board, docket.Paging, string, []any) {
			p := pick(l, l.deep.board)
			return docket.Board{}, docket.Paging{Cursor: p.cursor}, " AND (o.due, o.id) > ($2, $3)", []any{p.at, p.id}
		}),
		board("of one kind", func() (docket.Board, docket.Paging, string, []any) {
			kind := pick(l, []string{"respond", "refusal_notice", "extension_notice"})
			return docket.Board{Kind: kind}, docket.Paging{}, " AND o.kind = $2", []any{kind}
		}),
		board("due before a day", func() (docket.Board, docket.Paging, string, []any) {
			day := time.Now().AddDate(0, 0, l.random.IntN(30)).Truncate(time.Second)
			return docket.Board{DueBefore: day}, docket.Paging{}, " AND o.due < $2", []any{day}
		}),
	}
	for _, state := range []string{"open", "paused", "overdue"} {
		out = append(out, board("only "+state, func() (docket.Board, docket.Paging, string, []any) {
			return docket.Board{State: state}, docket.Paging{}, " AND o.state = $2", []any{state}
		}))
	}
	return out
}

func (l *listing) requestQuestions() []question {
	requests := func(name string, choose func() (docket.Requests, docket.Paging, string, []any)) question {
		return question{name: "requests: " + name, begin: func() (asking, asking, error) {
			which, paging, more, args := choose()
			ours := func(ctx context.Context) (int, error) {
				page, err := l.asked.ListRequests(ctx, which, paging)
				return len(page.Items), err
			}
			return ours, l.bare(bareRequests+more+newestFirst, args...), nil
		}}
	}
	return []question{
		requests("first page", func() (docket.Requests, docket.Paging, string, []any) {
			return docket.Requests{}, docket.Paging{}, "", nil
		}),
		requests("deep inside", func() (docket.Requests, docket.Paging, string, []any) {
			p := pick(l, l.deep.requests)
			return docket.Requests{}, docket.Paging{Cursor: p.cursor}, " AND (received_at, id) < ($2, $3)", []any{p.at, p.id}
		}),
		requests("in one state", func() (docket.Requests, docket.Paging, string, []any) {
			state := pick(l, []string{"received", "verifying", "closed"})
			return docket.Requests{State: state}, docket.Paging{}, " AND state = $2", []any{state}
		}),
		requests("of one right", func() (docket.Requests, docket.Paging, string, []any) {
			right := pick(l, []string{"access", "portability"})
			return docket.Requests{Right: right}, docket.Paging{}, " AND request_right = $2", []any{right}
		}),
		requests("under one regime", func() (docket.Requests, docket.Paging, string, []any) {
			regime := pick(l, l.filler.regimes).ID
			return docket.Requests{Regime: regime}, docket.Paging{}, " AND regime = $2", []any{regime}
		}),
		requests("of one member of staff", func() (docket.Requests, docket.Paging, string, []any) {
			member := pick(l, l.filler.staff)
			return docket.Requests{Assignee: &member}, docket.Paging{}, " AND assignee_id = $2", []any{member}
		}),
		requests("of one member of staff in one state", func() (docket.Requests, docket.Paging, string, []any) {
			member, state := pick(l, l.filler.staff), pick(l, []string{"received", "closed"})
			return docket.Requests{Assignee: &member, State: state}, docket.Paging{}, " AND assignee_id = $2 AND state = $3", []any{member, state}
		}),
	}
}

func (l *listing) searchQuestions() []question {
	search := func(name string, choose func(filled) (docket.Search, string, []any, error)) question {
		return question{name: "search: " + name, begin: func() (asking, asking, error) {
			what, more, args, err := choose(pick(l, l.sample))
			ours := func(ctx context.Context) (int, error) {
				page, err := l.asked.SearchRequests(ctx, what)
				return len(page.Items), err
			}
			return ours, l.bare(bareRequests+more+newestFirst, args...), err
		}}
	}
	return []question{
		search("by reference", func(f filled) (docket.Search, string, []any, error) {
			return docket.Search{Reference: f.reference}, " AND reference = $2", []any{f.reference}, nil
		}),
		search("by e-mail", func(f filled) (docket.Search, string, []any, error) {
			index, err := l.filler.keys.EmailIndex(f.email)
			return docket.Search{Email: f.email}, bareFound, []any{"email", index}, err
		}),
		search("by a word of the name", func(f filled) (docket.Search, string, []any, error) {
			index, err := l.filler.keys.NameIndexes(f.family)
			return docket.Search{Name: f.family}, bareFound, []any{"name_token", index[0]}, err
		}),
		{name: "one request's page", begin: func() (asking, asking, error) {
			id := pick(l, l.sample).id
			return func(ctx context.Context) (int, error) {
				_, err := l.asked.Request(ctx, id)
				return 1, err
			}, l.bareCase(id), nil
		}},
	}
}

func pick[T any](l *listing, from []T) T { return from[l.random.IntN(len(from))] }

// bare asks one query and reads its rows.
func (l *listing) bare(sql string, args ...any) asking {
	return func(ctx context.Context) (int, error) {
		rows, err := l.floor.Query(ctx, sql, append([]any{l.tenant.ID}, args...)...)
		if err != nil {
			return 0, err
		}
		return count(rows)
	}
}

// bareCase asks for everything of one case in one round trip.
func (l *listing) bareCase(id uuid.UUID) asking {
	return func(ctx context.Context) (int, error) {
		batch := &pgx.Batch{}
		for _, sql := range bareCase {
			batch.Queue(sql, l.tenant.ID, id)
		}
		results := l.floor.SendBatch(ctx, batch)
		found := 0
		for range bareCase {
			rows, err := results.Query()
			if err != nil {
				return 0, err
			}
			n, err := count(rows)
			if err != nil {
				return 0, err
			}
			found += n
		}
		return found, results.Close()
	}
}

// count reads rows with all their values.
func count(rows pgx.Rows) (n int, err error) {
	defer rows.Close()
	for rows.Next() {
		if _, err := rows.Values(); err != nil {
			return n, fmt.Errorf("read a row: %w", err)
		}
		n++
	}
	return n, rows.Err()
}
