package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// consentFiller fills the ledger behind the product's back: ten million people would take the product an hour.
type consentFiller struct {
	*filler
	dir   string // of the rig
	b     *bench
	owner *pgx.Conn
	held  int
}

func newConsentFiller(ctx context.Context, b *bench, f *filler) (*consentFiller, error) {
	owner, err := pgx.Connect(ctx, f.dsn)
	if err != nil {
		return nil, fmt.Errorf("connect to the register: %w", err)
	}
	return &consentFiller{filler: f, b: b, owner: owner}, nil
}

func (c *consentFiller) close() { _ = c.owner.Close(context.Background()) }

// address is that of the i-th who is held.
func (c *consentFiller) address(i int) string { return fmt.Sprintf("person-%d@fill.example", i) }

// listAddress is the i-th of a list: one in four is held nowhere.
func (c *consentFiller) listAddress(i int) string {
	if i%4 == 3 {
		return fmt.Sprintf("stranger-%d@fill.example", i)
	}
	return c.address(i * 7919 % c.held)
}

// fill puts people and what stands for them into the register until so many are held, a quarter of them on implied consent.
func (c *consentFiller) fill(ctx context.Context, n int) error {
	began, first := time.Now(), c.held
	c.held = n
	wrapped := make([]byte, 140)
	sealed := make([]byte, 70)
	at := c.now.AddDate(0, -6, 0)
	steps := []struct {
		table   string
		columns []string
		row     func(i int) ([]any, error)
	}{
		{"consent_people", []string{"id", "tenant_id", "kind", "blind_index", "wrapped_key", "value_sealed", "country", "created_at"}, func(i int) ([]any, error) {
			index, err := c.keys.EmailIndex(c.address(i))
			return []any{personID(i), c.tenant, "email", index, wrapped, sealed, []string{"DE", "CA", "US", "GB"}[i%4], at}, err
		}},
		{"consents", []string{"tenant_id", "person_id", "purpose", "channel", "given_at", "confirmed_at", "withdrawn_at", "implied", "last_at", "events", "implied_until", "next_look"}, func(i int) ([]any, error) {
			return append([]any{c.tenant, personID(i), int32(1), "email"}, c.standing(i, at)...), nil
		}},
	}
	for _, s := range steps {
		i := first
		_, err := c.owner.CopyFrom(ctx, pgx.Identifier{s.table}, s.columns, pgx.CopyFromFunc(func() ([]any, error) {
			if i == n {
				return nil, nil
			}
			i++
			return s.row(i - 1)
		}))
		if err != nil {
			return fmt.Errorf("fill %s: %w", s.table, err)
		}
	}
	for _, s := range []string{"VACUUM (ANALYZE) consent_people, consents", "CHECKPOINT"} {
		if _, err := c.owner.Exec(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	c.b.say("  %d consents filled in %s", n, time.Since(began).Round(time.Second))
	return nil
}

// personID is the id of the i-th person: they sort as they were made.
func personID(i int) uuid.UUID {
	id := uuid.UUID{0: 1, 6: 0x70, 8: 0x80}
	for b := range 5 {
		id[15-b] = byte(i >> (8 * b))
	}
	return id
}

// standing is what stands for the i-th: confirmed, given, implied by a purchase, or withdrawn.
func (c *consentFiller) standing(i int, at time.Time) []any {
	bought := at.AddDate(0, 0, -i%400)
	implied := fmt.Sprintf(`{"relations": [{"kind": "purchase", "day": %q}]}`, bought.Format(time.DateOnly))
	until := bought.AddDate(2, 0, 0)
	switch i % 4 {
	case 0:
		return []any{at, at, nil, nil, at, int32(2), nil, nil}
	case 1:
		return []any{nil, nil, nil, implied, bought, int32(1), until, until.AddDate(0, 0, -90)}
	case 2:
		return []any{at, nil, nil, nil, at, int32(1), nil, nil}
	default:
		return []any{nil, nil, at, nil, at, int32(2), nil, nil}
	}
}

// joined copies the keyed hashes of a list into a temporary table and joins it, in the database, with what stands.
func (c *consentFiller) joined(ctx context.Context, n int) (time.Duration, error) {
	indexes := make([][]byte, n)
	for i := range indexes {
		index, err := c.keys.EmailIndex(c.listAddress(i))
		if err != nil {
			return 0, err
		}
		indexes[i] = index
	}
	began := time.Now()
	tx, err := c.owner.Begin(ctx)
	if err != nil {
		return 0, fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback(ctx) //nolint:errcheck // a temporary table
	// Strangers have no key to be joined by, and so fall together: where that does not fit into the memory of one join, PostgreSQL splits it again and again, for minutes.
	if _, err := tx.Exec(ctx, "SET LOCAL work_mem = '512MB'"); err != nil {
		return 0, fmt.Errorf("give the join its memory: %w", err)
	}
	if _, err := tx.Exec(ctx, "CREATE TEMPORARY TABLE listed (place integer, blind_index bytea) ON COMMIT DROP"); err != nil {
		return 0, fmt.Errorf("make a temporary table: %w", err)
	}
	i := 0
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"listed"}, []string{"place", "blind_index"}, pgx.CopyFromFunc(func() ([]any, error) {
		if i == n {
			return nil, nil
		}
		i++
		return []any{int32(i), indexes[i-1]}, nil
	}))
	if err != nil {
		return 0, fmt.Errorf("copy a list: %w", err)
	}
	if _, err := tx.Exec(ctx, "ANALYZE listed"); err != nil { // without it the planner guesses, and the floor takes minutes
		return 0, fmt.Errorf("look at a list: %w", err)
	}
	rows, err := tx.Query(ctx, `SELECT l.place, c.given_at, c.confirmed_at, c.withdrawn_at, c.implied FROM listed l
		LEFT JOIN consent_people p ON p.tenant_id = $1 AND p.blind_index = l.blind_index
		LEFT JOIN consents c ON c.tenant_id = $1 AND c.person_id = p.id AND c.purpose = 1 AND c.channel = 'email'`, c.tenant)
	if err != nil {
		return 0, fmt.Errorf("join a list: %w", err)
	}
	found := 0
	for rows.Next() {
		found++
	}
	if err := rows.Err(); err != nil || found != n {
		return 0, fmt.Errorf("join a list: %d of %d: %w", found, n, err)
	}
	return time.Since(began), nil
}
