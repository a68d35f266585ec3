package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
)

// scale: one, two and four worker processes and two server processes side by side on one machine share the load. What is
// counted is how many requests a second they bring to the wait for identity, and that none of them does anything twice.
func scale(ctx context.Context, b *bench) error {
	for _, workers := range []int{1, 2, 4} {
		if err := b.sideBySide(ctx, workers); err != nil {
			return fmt.Errorf("%d workers: %w", workers, err)
		}
	}
	return nil
}

const scaleServers = 2

func (b *bench) sideBySide(ctx context.Context, workers int) error {
	n := b.size(2000)
	s, err := b.drivenSite(ctx, scaleServers, workers, n/10)
	if err != nil {
		return err
	}
	defer s.close()
	before, err := s.processors()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := s.driven(ctx, "scale", n); err != nil {
		return err
	}
	took := time.Since(began)
	after, err := s.processors()
	if err != nil {
		return err
	}
	if err := s.nothingTwice(ctx); err != nil {
		return err
	}
	b.report.note(fmt.Sprintf("%d servers and %d workers: requests driven to waiting for identity", scaleServers, workers),
		fmt.Sprintf("%s, processors %.0f %% busy, %.0f %% of that Docket's processes", rate(float64(n)/took.Seconds()),
			100*(after.busy-before.busy)/(after.all-before.all), 100*(after.ours-before.ours)/(after.busy-before.busy)))
	return nil
}

// processors is what the machine's processors had done by a moment, in ticks of the kernel's clock.
type processors struct{ all, busy, ours float64 }

func (s *site) processors() (p processors, err error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return p, fmt.Errorf("read what the processors did: %w", err)
	}
	first, _, _ := strings.Cut(string(stat), "\n")
	fields := strings.Fields(first)[1:9] // user, nice, system, idle, iowait, irq, softirq, steal
	if p.all, err = ticks(fields...); err != nil {
		return p, err
	}
	idle, err := ticks(fields[3:5]...)
	if err != nil {
		return p, err
	}
	p.busy = p.all - idle
	for _, part := range s.processes() {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", part.PID()))
		if err != nil {
			return p, fmt.Errorf("read what a process did: %w", err)
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		own, err := ticks(fields[11:13]...) // its own time and the kernel's for it
		if err != nil {
			return p, err
		}
		p.ours += own
	}
	return p, nil
}

// ticks adds up numbers as the kernel writes them.
func ticks(fields ...string) (sum float64, err error) {
	for _, field := range fields {
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return 0, fmt.Errorf("read the kernel's clock: %w", err)
		}
		sum += n
	}
	return sum, nil
}

// processes are the servers and workers.
func (s *site) processes() []*local.Part {
	parts := slices.Clone(s.workers)
	for _, server := range s.servers {
		parts = append(parts, server.Part)
	}
	return parts
}

// nothingTwice looks for what two processes did both: a step of a case, a letter, a place in the log, a mail.
func (s *site) nothingTwice(ctx context.Context) error {
	conn, err := s.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	var cases, begun, letters, sent, events, placed int
	err = conn.QueryRow(ctx, `SELECT (SELECT count(*) FROM cases),
		(SELECT count(*) FROM case_transitions WHERE to_state = 'verifying'),
		(SELECT count(*) FROM messages), (SELECT count(*) FROM messages WHERE state = 'sent' AND attempts = 1),
		(SELECT count(*) FROM audit_events), (SELECT count(DISTINCT leaf_index) FROM audit_events)`).Scan(&cases, &begun, &letters, &sent, &events, &placed)
	if err != nil {
		return fmt.Errorf("look for what was done twice: %w", err)
	}
	mails, err := mailcatcher.NewClient(s.Stack.Addresses().Mail).Messages(ctx, "")
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	for _, m := range mails {
		ids[m.Header("Message-ID")] = true
	}
	if begun != cases || letters != 2*cases || sent != letters || placed != events || len(mails) != letters || len(ids) != letters {
		return fmt.Errorf("of %d cases %d were begun, with %d letters of which %d were sent with one try, as %d mails under %d Message-IDs; %d of %d events have a place of their own",
			cases, begun, letters, sent, len(mails), len(ids), placed, events)
	}
	return nil
}
