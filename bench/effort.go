package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/deploy/local"
)

// ticksInSecond is what Linux counts processor time in (USER_HZ).
const ticksInSecond = 100

// effort is what had been done by a moment.
type effort struct {
	at time.Time
	processors
	programs map[string]float64 // ticks of the kernel's clock
	commits  map[string]int64
	sessions map[string]int64
	synced   int64
	written  int64
	nodes    int64
}

func (c *company) effort(ctx context.Context, conn *pgx.Conn) (e effort, err error) {
	e = effort{at: time.Now(), commits: map[string]int64{}, sessions: map[string]int64{}}
	if e.processors, err = c.processors(); err != nil {
		return e, err
	}
	if e.programs, err = c.programs(); err != nil {
		return e, err
	}
	rows, err := conn.Query(ctx, `SELECT datname::text, xact_commit, sessions FROM pg_stat_database WHERE datname IS NOT NULL`)
	if err != nil {
		return e, fmt.Errorf("count transactions: %w", err)
	}
	var name string
	var commits, sessions int64
	if _, err := pgx.ForEachRow(rows, []any{&name, &commits, &sessions}, func() error { e.commits[name], e.sessions[name] = commits, sessions; return nil }); err != nil {
		return e, fmt.Errorf("count transactions: %w", err)
	}
	if err := conn.QueryRow(ctx, `SELECT wal_sync, wal_bytes::bigint FROM pg_stat_wal`).Scan(&e.synced, &e.written); err != nil {
		return e, fmt.Errorf("count what PostgreSQL synced: %w", err)
	}
	e.nodes, err = c.historyNodes(ctx)
	return e, err
}

// historyNodes counts the rows of Temporal's histories.
func (c *company) historyNodes(ctx context.Context) (n int64, err error) {
	u, err := url.Parse(c.Owner)
	if err != nil {
		return 0, err
	}
	u.Path = "/temporal"
	conn, err := pgx.Connect(ctx, u.String())
	if err != nil {
		return 0, fmt.Errorf("connect to Temporal's database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	return n, conn.QueryRow(ctx, "SELECT count(*) FROM history_node").Scan(&n)
}

// until is what was done between two moments.
func (e effort) until(later effort) strain {
	s := strain{
		took: later.at.Sub(e.at), busy: (later.busy - e.busy) / (later.all - e.all), spent: map[string]float64{}, commits: map[string]int64{}, opened: map[string]int64{},
		synced: later.synced - e.synced, written: later.written - e.written, nodes: later.nodes - e.nodes,
	}
	ours := 0.0
	for name, ticks := range later.programs {
		s.spent[name] = (ticks - e.programs[name]) / ticksInSecond
		ours += ticks - e.programs[name]
	}
	s.others = 1 - ours/(later.busy-e.busy)
	for name, n := range later.commits {
		s.commits[name], s.opened[name] = n-e.commits[name], later.sessions[name]-e.sessions[name]
	}
	return s
}

// programs says what each program has used of the processors. PostgreSQL is told apart by the database that a session is in; of sessions that have
// ended, most of which a connector had opened in a system, only the sum is known.
func (c *company) programs() (map[string]float64, error) {
	out := map[string]float64{}
	pids := map[string]int{
		"Docket's server": c.servers[0].PID(), "Docket's worker": c.workers[0].PID(), "rig and newsletter": os.Getpid(),
		"Temporal": c.Stack.Part(local.Temporal).PID(), "MariaDB": c.Stack.Part(local.MariaDB).PID(),
		"object store": c.Stack.Part(local.Objects).PID(), "mail catcher": c.Stack.Part(local.Mail).PID(),
	}
	for name, pid := range pids {
		own, _, err := spent(pid)
		if err != nil {
			return nil, err
		}
		out[name] += own
	}
	return out, sessions(c.Stack.Part(local.Postgres).PID(), out)
}

// sessions adds what PostgreSQL has used.
func sessions(postmaster int, out map[string]float64) error {
	own, ended, err := spent(postmaster)
	if err != nil {
		return err
	}
	out["PostgreSQL, ended sessions"] += ended
	out["PostgreSQL itself"] += own
	children, err := os.ReadFile(fmt.Sprintf("/proc/%[1]d/task/%[1]d/children", postmaster))
	if err != nil {
		return fmt.Errorf("find PostgreSQL's sessions: %w", err)
	}
	for _, field := range strings.Fields(string(children)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			return fmt.Errorf("find PostgreSQL's sessions: %w", err)
		}
		own, _, err := spent(pid)
		title, err2 := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		switch err := errors.Join(err, err2); {
		case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH): // ended meanwhile, and counts among the ended
			continue
		case err != nil:
			return err
		}
		out[whose(string(title))] += own
	}
	return nil
}

// whose names what a process of PostgreSQL works for by its title, which for a session is "postgres: user database address what".
func whose(title string) string {
	if words := strings.Fields(title); len(words) > 3 {
		switch words[2] {
		case "docket":
			return "PostgreSQL, register"
		case "temporal", "temporal_visibility":
			return "PostgreSQL, Temporal"
		case "bench_newsletter":
			return "rig and newsletter"
		}
	}
	return "PostgreSQL itself"
}

// spent is what a process used of the processors, and what its ended children did, in ticks.
func spent(pid int) (own, ended float64, err error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, fmt.Errorf("read what a process did: %w", err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if own, err = ticks(fields[11:13]...); err != nil { // its own time and the kernel's for it
		return 0, 0, err
	}
	ended, err = ticks(fields[13:15]...) // the same of children that were waited for
	return own, ended, err
}
