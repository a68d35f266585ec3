package main

import (
	"context"
	"fmt"
)

// judge compares what was promised with what is there.
func (e *erasing) judge(ctx context.Context) error {
	for _, p := range []struct{ promise, sql string }{
		{"nothing of the erased is left", "SELECT (SELECT count(*) FROM visits WHERE customer_id > 0) + (SELECT count(*) FROM notes WHERE customer_id > 0 AND words LIKE 'words%') + (SELECT count(*) FROM customers WHERE id > 0 AND full_name <> 'erased')"},
		{"nobody else's rows are touched", fmt.Sprintf("SELECT %d - (SELECT count(*) FROM visits WHERE customer_id = 0) - (SELECT count(*) FROM notes WHERE customer_id = 0 AND words LIKE 'words%%') - (SELECT count(*) FROM customers WHERE id = 0 AND full_name = 'Customer 0')", 2*erasedRows+1)},
		{"masked rows are there, each once", fmt.Sprintf("SELECT (SELECT count(*) FROM notes) - %d", (erasedPeople+1)*erasedRows)},
	} {
		n, err := e.ledger(ctx, p.sql)
		if err != nil {
			return err
		}
		if n != 0 {
			e.broke(p.promise, "%d rows say otherwise", n)
		}
	}
	if err := e.counted(ctx); err != nil {
		return err
	}
	return e.logged(ctx)
}

// counted compares the rows on record with those that were there.
func (e *erasing) counted(ctx context.Context) error {
	var few, wrong int64
	for _, id := range e.requests {
		plan, err := e.staff.Erasure(ctx, id)
		if err != nil {
			return err
		}
		if plan.State != "done" || plan.Round != 1 {
			e.broke("an erasure ends with the plan that was approved", "plan %s of round %d", plan.State, plan.Round)
		}
		var changed int64
		atLeast := false
		for _, s := range plan.Systems {
			for _, c := range s.Collections {
				changed += c.Deleted + c.Masked
				atLeast = atLeast || c.AtLeast
			}
		}
		// What a batch changed right before the worker died is counted by nobody: then the record says that it is "at least".
		if missing := 2*erasedRows + 1 - changed; missing < 0 || missing > 0 && !atLeast {
			wrong++
			few += missing
		}
		err = until(ctx, "the certificate", func(ctx context.Context) (bool, error) {
			_, err := e.staff.ErasureCertificate(ctx, id)
			return err == nil, err
		})
		if err != nil {
			return err
		}
	}
	if wrong > 0 {
		e.broke("what is on record is what was done", "%d of %d erasures are on record with other counts, %d rows too few in all", wrong, erasedPeople, few)
	}
	return nil
}

// logged looks at the audit log: what happens once is told once, and the intent comes before the outcome.
func (e *erasing) logged(ctx context.Context) error {
	conn, err := e.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	rows, err := conn.Query(ctx, `SELECT e.action, coalesce(e.body::json ->> 'outcome', 'done') AS outcome, count(*), count(DISTINCT (e.case_id, e.body::json -> 'facts' ->> 'collection'))
		FROM (SELECT action, case_id, convert_from(body, 'UTF8') AS body FROM audit_events WHERE action LIKE 'erasure.%' OR action LIKE 'suppression.%' OR action LIKE 'recipient.%') e GROUP BY 1, 2 ORDER BY 1, 2`)
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	for rows.Next() {
		var action, outcome string
		var told, distinct int64
		if err := rows.Scan(&action, &outcome, &told, &distinct); err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		_, _ = fmt.Fprintf(e.out, "  %s %s: %d, of %d\n", action, outcome, told, distinct)
		if told != distinct {
			e.broke("what happens once is told once", "%s %s is told %d times of %d", action, outcome, told, distinct)
		}
	}
	return rows.Err()
}
