package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/sample"
)

// sample tables by the schema of the database that holds them.
func sampleTables(ctx context.Context, s *scene, database string) (*pgx.Conn, []string, error) {
	dsn := strings.Replace(s.Owner, "/docket?", "/"+database+"?", 1)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, nil, fmt.Errorf("connect to %s: %w", database, err)
	}
	found, err := conn.Query(ctx, "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'crm')")
	if err != nil {
		return nil, nil, fmt.Errorf("list the tables: %w", err)
	}
	tables, err := pgx.CollectRows(found, pgx.RowTo[string])
	return conn, tables, err
}

// How slow the slow system is, and what others may notice of it.
const (
	querySeconds = 5
	promptly     = 3 * time.Second
)

// slowSystem has every query on one system take five seconds and more: the collection lives on by its heartbeats and is
// not begun twice, its progress is seen, the API answers everybody promptly meanwhile, and the requests end.
func slowSystem(ctx context.Context, o options) ([]violation, error) {
	return play(ctx, o, "slow-system", 3, func(ctx context.Context, s *scene, journeys []*journey) error {
		conn, tables, err := sampleTables(ctx, s, sample.Shop)
		if err != nil {
			return err
		}
		defer conn.Close(ctx) //nolint:errcheck // what it did is checked
		for _, table := range tables {
			// A policy that is computed once per query, for everybody but the owner.
			_, err := conn.Exec(ctx, fmt.Sprintf(`ALTER TABLE %[1]s ENABLE ROW LEVEL SECURITY;
				CREATE POLICY slow ON %[1]s USING ((SELECT pg_sleep(%[2]d)) IS NOT NULL)`, table, querySeconds))
			if err != nil {
				return fmt.Errorf("make the system slow: %w", err)
			}
		}
		together(ctx, journeys, (*journey).ask, (*journey).prove)
		w := &watch{scene: s, began: time.Now()}
		if err := until(ctx, "the slow collection", func(ctx context.Context) (bool, error) { return w.look(ctx, journeys) }); err != nil {
			return err
		}
		if !w.seen {
			s.broke("a slow collection shows its progress", "no rows of one system were seen while another was read")
		}
		attempts, err := s.collectAttempts(ctx)
		if err != nil {
			return err
		}
		if attempts > 1 {
			s.broke("heartbeats keep a slow collection alive", "a collection was tried %d times", attempts)
		}
		for _, table := range tables {
			if _, err := conn.Exec(ctx, "ALTER TABLE "+table+" DISABLE ROW LEVEL SECURITY"); err != nil {
				return fmt.Errorf("make the system quick again: %w", err)
			}
		}
		together(ctx, journeys, (*journey).approve, (*journey).fetch)
		_, _ = fmt.Fprintf(o.out, "  collected in %s; the slowest of %d answers of the API took %s\n",
			w.took.Round(time.Second), w.answers, w.slowest.Round(time.Millisecond))
		return nil
	})
}

// watch looks at slow collections from outside.
type watch struct {
	*scene
	began   time.Time
	took    time.Duration
	seen    bool // progress of one system while another was under way
	answers int
	slowest time.Duration
}

// look asks how the requests stand; true once none is being collected.
func (w *watch) look(ctx context.Context, journeys []*journey) (bool, error) {
	collecting := 0
	for _, j := range journeys {
		asked := time.Now()
		request, err := w.staff.Request(ctx, j.accepted.ID)
		if err != nil {
			return false, err
		}
		progress, err := w.staff.Progress(ctx, j.accepted.ID)
		if err != nil {
			return false, err
		}
		w.answers++
		spent := time.Since(asked)
		if w.slowest = max(w.slowest, spent); spent > promptly {
			w.broke("a slow system holds nobody else up", "the API took %s", spent)
		}
		if request.State != "collecting" && request.State != "verifying" {
			continue
		}
		collecting++
		w.seen = w.seen || underWay(progress)
	}
	w.took = time.Since(w.began)
	return collecting == 0, nil
}

// underWay says whether rows are counted while a system is still being read.
func underWay(p client.Progress) bool {
	running, rows := false, int64(0)
	for _, system := range p.Systems {
		running = running || system.State == "running"
		rows += system.Rows
	}
	return running && rows > 0
}

// collectAttempts is how often the most tried run was begun, by the audit log.
func (s *scene) collectAttempts(ctx context.Context) (most int, err error) {
	conn, err := s.Connect(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	err = conn.QueryRow(ctx, `SELECT coalesce(max(n), 0) FROM (
		SELECT count(*) n FROM audit_events WHERE action = 'collection.started' GROUP BY case_id, convert_from(body, 'UTF8')::json -> 'object' ->> 'id') t`).Scan(&most)
	if err != nil {
		return 0, fmt.Errorf("count the tries: %w", err)
	}
	return most, nil
}

// memoryBound is what the worker may take while a value of nearly a gigabyte is in its way.
const memoryBound = 512 << 20

// hugeValue has one value of a system be a billion bytes long, which is what PostgreSQL can hold: the value stays there, the
// package says so, and the worker's memory stays bounded.
func hugeValue(ctx context.Context, o options) ([]violation, error) {
	return play(ctx, o, "huge-value", 2, func(ctx context.Context, s *scene, journeys []*journey) error {
		conn, _, err := sampleTables(ctx, s, sample.Shop)
		if err != nil {
			return err
		}
		defer conn.Close(ctx) //nolint:errcheck // what it did is checked
		_, err = conn.Exec(ctx, `UPDATE orders SET note = repeat('x', 1000000000) WHERE id = (
			SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE lower(c.email) = lower($1) ORDER BY o.id LIMIT 1)`, journeys[0].who.email)
		if err != nil {
			return fmt.Errorf("make a huge value: %w", err)
		}
		together(ctx, journeys, (*journey).ask, (*journey).prove, (*journey).approve, (*journey).fetch)
		peak, err := peakMemory(s.worker)
		if err != nil {
			return err
		}
		if peak > memoryBound {
			s.broke("the worker's memory is bounded", "it took %d MiB", peak>>20)
		}
		if n := journeys[0].fetched.Manifest.OversizeValues; n != 1 {
			s.broke("a value that is too long is named in the package", "%d values are", n)
		}
		_, _ = fmt.Fprintf(o.out, "  the worker took %d MiB at most; the bound is %d MiB\n", peak>>20, memoryBound>>20)
		return nil
	})
}

// peakMemory is the most memory that a process has had resident.
func peakMemory(part *local.Part) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", part.PID()))
	if err != nil {
		return 0, fmt.Errorf("read the worker's memory: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if kilobytes, found := strings.CutPrefix(line, "VmHWM:"); found {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kilobytes), "kB")), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("read the worker's memory: %w", err)
			}
			return n << 10, nil
		}
	}
	return 0, fmt.Errorf("the system does not tell the worker's memory")
}
