package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// restWarm is how many requests are there before the first look, so that what is there once is not counted for each.
const restWarm = 200

// rest: what an open case costs while nothing happens to it. Requests are filed and wait for identity; what databases and
// worker have grown by is theirs.
func rest(ctx context.Context, b *bench) error {
	s, err := b.site(ctx, 1, 1)
	if err != nil {
		return err
	}
	defer s.close()
	n := b.size(2000)
	if err := s.driven(ctx, "warm", restWarm); err != nil {
		return err
	}
	before, err := s.look(ctx)
	if err != nil {
		return err
	}
	if err := s.driven(ctx, "rest", n); err != nil {
		return err
	}
	after, err := s.look(ctx)
	if err != nil {
		return err
	}
	perCase := func(before, after int64) string {
		return fmt.Sprintf("%.1f KiB", float64(after-before)/float64(n)/1024)
	}
	for _, name := range after.databases() {
		b.report.note("an open case at rest, in the database "+name, perCase(before.sizes[name], after.sizes[name]))
		for _, table := range after.largest(before, name) {
			b.say("  %s, %s: %s per case", name, table, perCase(before.tables[name][table], after.tables[name][table]))
		}
	}
	b.report.note("an open case at rest, in the worker's memory (growth of its RSS)", perCase(before.worker, after.worker))
	return nil
}

// look is what there is at a moment, in bytes.
type look struct {
	sizes  map[string]int64
	tables map[string]map[string]int64 // with their indexes and what is stored beside them
	worker int64
}

// look measures every database after a VACUUM, which gives back what was written and replaced, and the worker.
func (s *site) look(ctx context.Context) (look, error) {
	l := look{sizes: map[string]int64{}, tables: map[string]map[string]int64{}}
	names, err := column(ctx, s.Owner, "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'")
	if err != nil {
		return l, err
	}
	for _, name := range names {
		if l.sizes[name], l.tables[name], err = s.weigh(ctx, name); err != nil {
			return l, fmt.Errorf("weigh the database %s: %w", name, err)
		}
	}
	resident, err := kilobytes("/proc/"+strconv.Itoa(s.workers[0].PID())+"/status", "VmRSS")
	l.worker = resident << 10
	return l, err
}

func (s *site) weigh(ctx context.Context, name string) (size int64, tables map[string]int64, err error) {
	u, err := url.Parse(s.Owner)
	if err != nil {
		return 0, nil, err
	}
	u.Path = "/" + name
	conn, err := pgx.Connect(ctx, u.String())
	if err != nil {
		return 0, nil, err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	for _, statement := range []string{"VACUUM", "CHECKPOINT"} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return 0, nil, err
		}
	}
	if err := conn.QueryRow(ctx, "SELECT pg_database_size(current_database())").Scan(&size); err != nil {
		return 0, nil, err
	}
	rows, err := conn.Query(ctx, "SELECT relname::text, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
	if err != nil {
		return 0, nil, err
	}
	tables = map[string]int64{}
	var table string
	var bytes int64
	_, err = pgx.ForEachRow(rows, []any{&table, &bytes}, func() error { tables[table] = bytes; return nil })
	return size, tables, err
}

// databases names them in order.
func (l look) databases() []string {
	var names []string
	for name := range l.sizes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// largest names the tables of a database that grew most.
func (l look) largest(before look, database string) []string {
	var names []string
	for name := range l.tables[database] {
		names = append(names, name)
	}
	grown := func(name string) int64 { return l.tables[database][name] - before.tables[database][name] }
	slices.SortFunc(names, func(a, b string) int { return int(grown(b) - grown(a)) })
	return names[:min(len(names), 8)]
}

// column asks for one column of text.
func column(ctx context.Context, dsn, sql string) ([]string, error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("connect to the register: %w", err)
	}
	rows, err := conn.Query(ctx, sql)
	if err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	values, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return nil, fmt.Errorf("ask %q: %w", strings.Fields(sql)[0], err)
	}
	return values, nil
}
