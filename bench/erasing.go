package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/postgres"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// system is a database of another company's, and a connection to it for filling and for floors.
type system struct {
	dsn  string
	conn *pgx.Conn
}

// system makes an empty one on the rig's PostgreSQL.
func (s *site) system(ctx context.Context, name string) (*system, error) {
	u, err := url.Parse(s.Owner)
	if err != nil {
		return nil, fmt.Errorf("read the database's address: %w", err)
	}
	owner, err := s.Connect(ctx)
	if err != nil {
		return nil, err
	}
	_, err = owner.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	if err := errors.Join(err, owner.Close(ctx)); err != nil {
		return nil, fmt.Errorf("make a system: %w", err)
	}
	u.Path = "/" + name
	cfg, err := pgx.ParseConfig(u.String())
	if err != nil {
		return nil, fmt.Errorf("read the system's address: %w", err)
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec // as the connector's
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("connect to the system: %w", err)
	}
	return &system{dsn: u.String(), conn: conn}, nil
}

// on makes a system on a rig without Docket's processes and measures in it.
func (b *bench) on(ctx context.Context, name string, do func(*system) error) error {
	s, err := b.site(ctx, 0, 0)
	if err != nil {
		return err
	}
	defer s.close()
	system, err := s.system(ctx, name)
	if err != nil {
		return err
	}
	defer system.conn.Close(ctx) //nolint:errcheck // what was measured is known
	return do(system)
}

// exec runs statements one after the other, so that VACUUM may be one.
func (s *system) exec(ctx context.Context, statements ...string) error {
	for _, sql := range statements {
		if _, err := s.conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", strings.Fields(sql)[0], err)
		}
	}
	return nil
}

// drained asks a query and reads all that it gives.
func drained(ctx context.Context, conn *pgx.Conn, sql string, args ...any) error {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("ask a bare query: %w", err)
	}
	for rows.Next() {
		_ = rows.RawValues()
	}
	return rows.Err()
}

// connector opens the system with a role that may write.
func (s *system) connector(datasets []dataset.Dataset) (*postgres.Connector, error) {
	return postgres.New(postgres.Config{DSN: s.dsn, Datasets: datasets, AllowWrites: true})
}

// took says how long something took, in seconds.
func took(do func() error) (float64, error) {
	began := time.Now()
	err := do()
	return time.Since(began).Seconds(), err
}

// inTurn measures ours and the floor one after the other, some times, and keeps the medians.
func inTurn(rounds int, ours, floor func() (float64, error)) (o, f float64, err error) {
	var os, fs []float64
	for range rounds {
		x, err := floor()
		if err != nil {
			return 0, 0, err
		}
		y, err := ours()
		if err != nil {
			return 0, 0, err
		}
		fs, os = append(fs, x), append(os, y)
	}
	return median(os), median(fs), nil
}

func milli(s float64) string { return fmt.Sprintf("%.0f ms", s*1000) }

// person is whom the systems hold.
const person = "busy@bench.example"

// errand is about the person, with orders for collections of the dataset "bench".
func benchErrand(datasets []dataset.Dataset, orders []erasure.Order) (connectors.Errand, error) {
	graph, err := dataset.NewGraph(datasets...)
	if err != nil {
		return connectors.Errand{}, err
	}
	subject := connectors.Subject{Identities: map[string][]string{"email": {person}}}
	plan, err := graph.Plan(subject.Known())
	if err != nil {
		return connectors.Errand{}, err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return connectors.Errand{}, fmt.Errorf("make a secret: %w", err)
	}
	return connectors.Errand{Selection: connectors.Selection{Plan: *plan, Subject: subject}, Orders: orders, Secret: secret}, nil
}

// erase: five columns of a million rows of one person, in treatments of every price and emptied, beside one plain UPDATE of the same rows that
// writes the same values, which lie ready in the rows.
func erase(ctx context.Context, b *bench) error {
	return b.on(ctx, "erase", func(s *system) error {
		n := b.size(1_000_000)
		if err := s.exec(ctx, "CREATE TABLE people (id bigint PRIMARY KEY, email text NOT NULL)", "CREATE INDEX ON people (lower(email))",
			"INSERT INTO people VALUES (1, '"+person+"'), (2, 'other@bench.example')",
			`CREATE TABLE filled AS SELECT i AS id, 1 + (i % 10 = 0)::int::bigint AS owner, 'Name ' || i AS a, 'Street ' || i AS b, i || '@bench.example' AS c, '+49 30 ' || 10000000 + i AS d,
				'DE' || 10000000 + i AS e, NULL::text AS fa, NULL::text AS fb, NULL::text AS fc, NULL::text AS fd, NULL::text AS fe FROM generate_series(1, `+fmt.Sprint(n*10/9)+`) AS i`); err != nil {
			return err
		}
		mask := func(column string, t erasure.Treatment, value string) erasure.Mask {
			return erasure.Mask{Path: []string{column}, Treatment: t, Value: value}
		}
		mixed := []erasure.Mask{mask("a", erasure.Null, ""), mask("b", erasure.Fixed, "erased"), mask("c", erasure.Hash, ""), mask("d", erasure.KeyedHash, ""), mask("e", erasure.Shape, "")}
		var nulls []erasure.Mask
		for _, m := range mixed {
			nulls = append(nulls, mask(m.Path[0], erasure.Null, ""))
		}
		for name, masks := range map[string][]erasure.Mask{"5 columns of five treatments": mixed, "5 columns emptied": nulls} {
			if err := s.erased(ctx, b, name, n, masks); err != nil {
				return err
			}
		}
		return nil
	})
}

// restored puts the table back as it was filled.
func (s *system) restored(ctx context.Context) error {
	return s.exec(ctx, "DROP TABLE IF EXISTS entries", "CREATE TABLE entries AS SELECT * FROM filled", "ALTER TABLE entries ADD PRIMARY KEY (id), ADD FOREIGN KEY (owner) REFERENCES people",
		"CREATE INDEX ON entries (owner)", "VACUUM ANALYZE entries", "CHECKPOINT")
}

func (s *system) erased(ctx context.Context, b *bench, name string, n int, masks []erasure.Mask) error {
	datasets := []dataset.Dataset{{Key: "bench", Collections: []dataset.Collection{
		{Name: "people", Fields: []dataset.Field{{Name: "id", PrimaryKey: true}, {Name: "email", Identity: "email"}}},
		{Name: "entries", Fields: []dataset.Field{{Name: "id", PrimaryKey: true}, {Name: "owner", References: []dataset.Reference{{Dataset: "bench", Field: "people.id", Direction: dataset.From}}},
			{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}, {Name: "e"}}}}}}
	c, err := s.connector(datasets)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // nothing was written over what it keeps
	e, err := benchErrand(datasets, []erasure.Order{{Address: dataset.Address{Dataset: "bench", Collection: "entries"}, Masks: masks}})
	if err != nil {
		return err
	}
	ours := func() (float64, error) {
		if err := s.restored(ctx); err != nil {
			return 0, err
		}
		done := &counted{}
		spent, err := took(func() error { return c.Erase(ctx, e, done) })
		if err == nil && done.rows != int64(n) {
			return 0, fmt.Errorf("%d rows were changed instead of %d", done.rows, n)
		}
		return spent, err
	}
	// The first time gives the values that the plain UPDATE writes.
	if _, err := ours(); err != nil {
		return err
	}
	if err := s.exec(ctx, "CREATE INDEX ON filled (id)", `UPDATE filled AS f SET fa = t.a, fb = t.b, fc = t.c, fd = t.d, fe = t.e FROM entries AS t WHERE t.id = f.id`, "VACUUM FULL filled"); err != nil {
		return err
	}
	o, f, err := inTurn(3, ours, func() (float64, error) {
		if err := s.restored(ctx); err != nil {
			return 0, err
		}
		return took(func() error {
			return s.exec(ctx, "UPDATE entries SET a = fa, b = fb, c = fc, d = fd, e = fe WHERE owner = 1")
		})
	})
	if err != nil {
		return err
	}
	b.report.add(fmt.Sprintf("%s of %d rows of one person", name, n), seconds(o), seconds(f)+" one plain UPDATE", f/o, true, 0.5)
	return nil
}

// counted is a ledger that counts.
type counted struct{ rows int64 }

// Begin begins everything.
func (c *counted) Begin(context.Context, dataset.Address) (bool, error) { return false, nil }

// Changed counts.
func (c *counted) Changed(_ context.Context, _ dataset.Address, batch connectors.Tally) error {
	rows := batch.Deleted + batch.Masked + batch.Trimmed + batch.Parts
	c.rows += rows
	return nil
}

// End ends everything.
func (c *counted) End(context.Context, dataset.Address) error { return nil }
