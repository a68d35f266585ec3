package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/postgres"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// plan: the survey of one person in 160 collections with 1,600 fields, beside the bare counts on one connection.
func plan(ctx context.Context, b *bench) error {
	return b.on(ctx, "plan", func(s *system) error {
		const byEmail, fields = 40, 10
		n := b.size(160)
		d := dataset.Dataset{Key: "bench"}
		var orders []erasure.Order
		var counts []string
		for i := range n {
			name := fmt.Sprintf("c%03d", i)
			key, cond := "email text", "lower(email) = lower($1)"
			found := dataset.Field{Name: "email", Identity: "email"}
			if i >= byEmail {
				key, cond = "owner bigint", "owner IN (SELECT id FROM c000 WHERE lower(email) = lower($1))"
				found = dataset.Field{Name: "owner", References: []dataset.Reference{{Dataset: "bench", Field: "c000.id", Direction: dataset.From}}}
			}
			c := dataset.Collection{Name: name, Fields: []dataset.Field{{Name: "id", PrimaryKey: true}, found}}
			o := erasure.Order{Address: dataset.Address{Dataset: "bench", Collection: name}}
			columns := []string{"id bigint PRIMARY KEY", key}
			for j := range fields - 2 {
				column := fmt.Sprintf("f%d", j)
				columns, c.Fields = append(columns, column+" text"), append(c.Fields, dataset.Field{Name: column})
				o.Masks = append(o.Masks, erasure.Mask{Path: []string{column}, Treatment: erasure.Null})
			}
			d.Collections, orders = append(d.Collections, c), append(orders, o)
			counts = append(counts, fmt.Sprintf("SELECT count(*) FROM %s WHERE %s", name, cond))
			value := "CASE WHEN i = 7 THEN '" + person + "' ELSE i || '@bench.example' END"
			index := "lower(email)"
			if i >= byEmail {
				value, index = "i", "owner"
			}
			if err := s.exec(ctx, fmt.Sprintf("CREATE TABLE %s (%s)", name, strings.Join(columns, ", ")),
				fmt.Sprintf("INSERT INTO %s SELECT i, %s, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h' FROM generate_series(1, 1000) AS i", name, value),
				fmt.Sprintf("CREATE INDEX ON %s (%s)", name, index)); err != nil {
				return err
			}
		}
		if err := s.exec(ctx, "VACUUM ANALYZE"); err != nil {
			return err
		}
		return s.surveyed(ctx, b, []dataset.Dataset{d}, orders, counts)
	})
}

// surveys is how many surveys the figure is the median of.
const surveys = 25

// surveyed takes the survey and the bare counts in turn: each over a connection that is kept from one to the next, and each with connecting.
func (s *system) surveyed(ctx context.Context, b *bench, datasets []dataset.Dataset, orders []erasure.Order, counts []string) error {
	e, err := benchErrand(datasets, orders)
	if err != nil {
		return err
	}
	kept, err := s.connector(datasets)
	if err != nil {
		return err
	}
	defer kept.Close() //nolint:errcheck // nothing was written over what it keeps
	f := floors{system: s, counts: counts}
	sides := []func() error{
		func() error { return f.bare(ctx, s.conn) },
		func() error { return surveyedOnce(ctx, kept, e) },
		func() error { return f.connected(ctx, f.bare) },
		func() error {
			c, err := s.connector(datasets)
			if err != nil {
				return err
			}
			return errors.Join(surveyedOnce(ctx, c, e), c.Close())
		},
		func() error { return f.sent(ctx, s.conn) },
	}
	took, err := alternated(surveys, sides)
	if err != nil {
		return err
	}
	measure := fmt.Sprintf("survey of %d collections and %d fields", len(counts), 10*len(counts))
	bare, ours, bareAnew, oursAnew, sent := median(took[0]), median(took[1]), median(took[2]), median(took[3]), median(took[4])
	b.report.add(measure, milli(ours), milli(bare)+" bare counts", ours/bare, false, 1.5)
	b.report.add("the same, both with connecting", milli(oursAnew), milli(bareAnew)+" bare counts", oursAnew/bareAnew, false, 1.5)
	b.report.compare("the same with connecting, beside a floor without", milli(oursAnew), milli(bare)+" bare counts", oursAnew/bare)
	b.report.compare("the same beside a floor that sends all counts in one go", milli(ours), milli(sent)+" bare counts", ours/sent)
	b.say("survey to bare counts, round by round: %s; both with connecting: %s", spread(took[1], took[0]), spread(took[3], took[2]))
	return nil
}

// alternated has every side take its turn, some times, and gives what each took, in seconds.
func alternated(rounds int, sides []func() error) ([][]float64, error) {
	out := make([][]float64, len(sides))
	for range rounds {
		for i, side := range sides {
			spent, err := took(side)
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], spent)
		}
	}
	return out, nil
}

// spread tells the smallest, the middle and the largest of the ratios of single rounds.
func spread(ours, floor []float64) string {
	ratios := make([]float64, len(ours))
	for i := range ours {
		ratios[i] = ours[i] / floor[i]
	}
	return fmt.Sprintf("%.2f to %.2f, half of them below %.2f", slices.Min(ratios), slices.Max(ratios), median(ratios))
}

// surveyedOnce has the person's one row found in every collection.
func surveyedOnce(ctx context.Context, c *postgres.Connector, e connectors.Errand) error {
	found, err := c.Survey(ctx, e)
	for _, s := range found {
		if s.Own != 1 || s.Left != 1 {
			return fmt.Errorf("%s has %d rows of the person's instead of one", s.Address, s.Own)
		}
	}
	if err == nil && len(found) != len(e.Orders) {
		return fmt.Errorf("%d of %d collections were counted", len(found), len(e.Orders))
	}
	return err
}

// floors are the bare counts.
type floors struct {
	*system
	counts []string
}

// bare asks one after the other.
func (f floors) bare(ctx context.Context, conn *pgx.Conn) error {
	for _, sql := range f.counts {
		if err := drained(ctx, conn, sql, person); err != nil {
			return err
		}
	}
	return nil
}

// connected does something over a connection of its own.
func (f floors) connected(ctx context.Context, do func(context.Context, *pgx.Conn) error) error {
	conn, err := pgx.ConnectConfig(ctx, f.conn.Config())
	if err != nil {
		return fmt.Errorf("connect for a floor: %w", err)
	}
	return errors.Join(do(ctx, conn), conn.Close(ctx))
}

// sent sends all of them in one go, and doesn't ask first what they take and give.
func (f floors) sent(ctx context.Context, conn *pgx.Conn) error {
	var batch pgconn.Batch
	for _, sql := range f.counts {
		batch.ExecParams(sql, [][]byte{[]byte(person)}, nil, nil, nil)
	}
	if _, err := conn.PgConn().ExecBatch(ctx, &batch).ReadAll(); err != nil {
		return fmt.Errorf("ask bare queries in one go: %w", err)
	}
	return nil
}
