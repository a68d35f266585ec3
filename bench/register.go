package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/bench/rig"
	docket "github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
)

// The filling of a register goes past the product: a million requests filed one by one would take half an hour. What it
// writes is what the product would have: columns sealed under keys of their own, real blind indexes, dates computed from
// the policies. Letters are left out; no list shows them.

const (
	// fillers write at the same time, a chunk of cases after the other.
	fillers   = 2
	fillChunk = 2000
	// openShare is one case with open obligations in so many.
	openShare = 10
	// namesake is how many people share a family name.
	namesake = 20
	// fillSpan is the time in which the filled cases came in, up to now.
	fillSpan = 2 * 365 * 24 * time.Hour
)

// filler fills the register of one tenant.
type filler struct {
	dsn      string
	tenant   uuid.UUID
	key      uuid.UUID // the API key that everything was filed with
	keys     *seal.TenantKeys
	calendar string
	zone     *time.Location
	staff    []uuid.UUID
	regimes  []*privacy.Regime
	ladder   []byte
	reminder time.Duration // the first of the ladder, before the cautious date
	now      time.Time
}

// filled is a case that was written, as far as calls ask for it.
type filled struct {
	id            uuid.UUID
	reference     string
	email, family string
}

// filler opens the tenant's keys as the product does, and reads the rules.
func (s *site) filler(ctx context.Context, tenant rig.Tenant) (*filler, error) {
	staff, err := docket.New(docket.Config{URL: s.servers[0].URL, Key: tenant.Key})
	if err != nil {
		return nil, err
	}
	f := &filler{dsn: s.Owner, tenant: tenant.ID, now: time.Now().UTC().Truncate(time.Microsecond)}
	keys, err := staff.Keys(ctx)
	if err != nil {
		return nil, err
	}
	f.key = keys.Items[0].ID
	for i := range 20 {
		member, err := staff.AddStaff(ctx, docket.NewStaff{Name: fmt.Sprintf("Member %d", i), Email: fmt.Sprintf("member-%d@bench.example", i), Role: "agent"})
		if err != nil {
			return nil, err
		}
		f.staff = append(f.staff, member.ID)
	}
	return f, errors.Join(f.openKeys(ctx, filepath.Join(s.Stack.Dir(), "master.key")), f.readRules())
}

func (f *filler) openKeys(ctx context.Context, master string) error {
	conn, err := pgx.Connect(ctx, f.dsn)
	if err != nil {
		return fmt.Errorf("connect to the register: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	var wrapped []byte
	var zone string
	err = conn.QueryRow(ctx, "SELECT wrapped_key, calendar, zone FROM tenants WHERE id = $1", f.tenant).Scan(&wrapped, &f.calendar, &zone)
	if err != nil {
		return fmt.Errorf("read the tenant: %w", err)
	}
	if f.zone, err = time.LoadLocation(zone); err != nil {
		return fmt.Errorf("read the tenant's zone: %w", err)
	}
	opened, err := seal.OpenMaster(ctx, "file://"+master)
	if err != nil {
		return err
	}
	f.keys, err = opened.TenantKeys(wrapped, f.tenant.String())
	return err
}

// readRules reads the rules that the filled cases are under: one in twenty is a British one.
func (f *filler) readRules() error {
	book, err := policies.Embedded()
	if err != nil {
		return err
	}
	for _, id := range []string{"gdpr", "uk-gdpr"} {
		regime, err := book.Regime(id, f.now)
		if err != nil {
			return err
		}
		f.regimes = append(f.regimes, regime)
	}
	ladder, err := book.Ladder("standard")
	if err != nil {
		return err
	}
	if len(ladder.Reminders) > 0 {
		f.reminder = slices.Max(ladder.Reminders)
	}
	f.ladder, err = json.Marshal(ladder)
	return err
}

// fill writes the cases from the first-th to the one before the last-th of total, oldest first, and gives a sample of them.
func (f *filler) fill(ctx context.Context, first, last, total int) ([]filled, error) {
	chunks := (last - first + fillChunk - 1) / fillChunk
	samples := make([][]filled, chunks)
	group, ctx := errgroup.WithContext(ctx)
	for worker := range fillers {
		group.Go(func() error {
			conn, err := f.connect(ctx)
			if err != nil {
				return err
			}
			defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // each chunk was committed
			for chunk := worker; chunk < chunks; chunk += fillers {
				from := first + chunk*fillChunk
				if samples[chunk], err = f.fillChunk(ctx, conn, from, min(from+fillChunk, last), total); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var out []filled
	for _, sample := range samples {
		out = append(out, sample...)
	}
	return out, nil
}

// connect opens a connection that checks no foreign keys and fires no triggers: what is written is whole by itself.
func (f *filler) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, f.dsn)
	if err != nil {
		return nil, fmt.Errorf("connect to the register: %w", err)
	}
	if _, err := conn.Exec(ctx, "SET session_replication_role = replica"); err != nil {
		return nil, errors.Join(fmt.Errorf("switch the triggers off: %w", err), conn.Close(ctx))
	}
	return conn, nil
}

// fillChunk writes some cases in one transaction. One in ten of them is in the sample.
func (f *filler) fillChunk(ctx context.Context, conn *pgx.Conn, first, last, total int) ([]filled, error) {
	rows := rowsOf{}
	var sample []filled
	for i := first; i < last; i++ {
		made, err := f.add(rows, i, total)
		if err != nil {
			return nil, err
		}
		if i%10 == 0 || last-first < 100 {
			sample = append(sample, made)
		}
	}
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, t := range filledTables {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(rows[t.name])); err != nil {
				return fmt.Errorf("fill %s: %w", t.name, err)
			}
		}
		return nil
	})
	return sample, err
}
