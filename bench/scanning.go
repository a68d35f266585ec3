package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"github.com/privacy-docket/docket/connectors/postgres"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// The queries that tell a database's structure and nothing more.
var bareCatalog = []string{
	`SELECT c.oid, n.nspname::text, c.relname::text, c.reltuples::int8, obj_description(c.oid, 'pg_class') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = 'public'`,
	`SELECT a.attrelid, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated::text, t.typname::text, t.typcategory::text, col_description(a.attrelid, a.attnum)
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = 'public' AND a.attnum > 0 AND NOT a.attisdropped`,
	`SELECT x.indrelid, x.indisprimary, x.indkey::int2[] FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND x.indisunique`,
	`SELECT f.conrelid, f.confrelid, f.conkey, f.confkey, f.confdeltype::text FROM pg_constraint f JOIN pg_namespace n ON n.oid = f.connamespace WHERE f.contype = 'f' AND n.nspname = 'public'`,
}

// scan: the structure of a database with 500 tables of 50 columns, beside bare queries of the catalogue; and what memory that takes, beside four times
// as many tables.
func scan(ctx context.Context, b *bench) error {
	return b.on(ctx, "scan", func(s *system) error {
		few, many := b.size(500), b.size(2000)
		if err := s.tables(ctx, 0, few); err != nil {
			return err
		}
		c, err := s.connector(nil)
		if err != nil {
			return err
		}
		defer c.Close() //nolint:errcheck // nothing was written over what it keeps
		if err := s.described(ctx, b, c, few); err != nil {
			return err
		}
		little, err := held(ctx, c, few)
		if err != nil {
			return err
		}
		if err := s.tables(ctx, few, many); err != nil {
			return err
		}
		much, err := held(ctx, c, many)
		if err != nil {
			return err
		}
		b.report.add(fmt.Sprintf("memory while %d tables are read one by one (growth of the live heap)", many), kibi(much), fmt.Sprintf("%s with %d tables", kibi(little), few), much/little, false, 1.5)
		return nil
	})
}

func kibi(bytes float64) string { return fmt.Sprintf("%.0f KiB", bytes/1024) }

// tables makes tables of 50 columns, from one number up to another.
func (s *system) tables(ctx context.Context, from, to int) error {
	types := []string{"text", "integer", "varchar(80)", "numeric(12, 2)", "timestamptz", "boolean", "uuid", "jsonb", "date", "text[]"}
	for i := from; i < to; i++ {
		columns := []string{"id bigint PRIMARY KEY", fmt.Sprintf("parent bigint REFERENCES t%d (id)", max(0, i-1))}
		for j := range 48 {
			columns = append(columns, fmt.Sprintf("c%d %s", j, types[j%len(types)]))
		}
		if err := s.exec(ctx, fmt.Sprintf("CREATE TABLE t%d (%s)", i, strings.Join(columns, ", "))); err != nil {
			return err
		}
	}
	return s.exec(ctx, "VACUUM ANALYZE")
}

// described takes the time.
func (s *system) described(ctx context.Context, b *bench, c *postgres.Connector, tables int) error {
	o, f, err := inTurn(15, func() (float64, error) {
		return took(func() error {
			found, err := c.Describe(ctx)
			if err == nil && len(found.Tables) != tables {
				return fmt.Errorf("%d of %d tables were described", len(found.Tables), tables)
			}
			return err
		})
	}, func() (float64, error) {
		return took(func() error {
			for _, sql := range bareCatalog {
				if err := drained(ctx, s.conn, sql); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	b.report.add(fmt.Sprintf("structure of %d tables with 50 columns", tables), milli(o), milli(f)+" bare catalogue queries", o/f, false, 3)
	return nil
}

// held is how much the live heap grows at most while tables are read one by one, in bytes. It is looked at again and again while the next part of them
// lies in memory.
func held(ctx context.Context, c *postgres.Connector, tables int) (most float64, err error) {
	var now runtime.MemStats
	live := func() float64 {
		runtime.GC()
		runtime.ReadMemStats(&now)
		return float64(now.HeapAlloc)
	}
	before, seen := live(), 0
	err = c.Tables(ctx, func(t dataset.Table) error {
		if seen++; seen%50 == 1 {
			most = max(most, live()-before)
		}
		if len(t.Columns) != 50 {
			return fmt.Errorf("%s has %d columns instead of 50", t.Name, len(t.Columns))
		}
		return nil
	})
	if err == nil && seen != tables {
		err = fmt.Errorf("%d of %d tables were read", seen, tables)
	}
	return most, err
}
