package mysql

import (
	"context"
	"fmt"
	"strings"

	"github.com/privacy-docket/docket/connectors/relational"
)

// bundle gathers rows until there are enough for a batch.
type bundle struct {
	*job
	walk           *walk
	target         target
	pass           pass
	items          []item
	size           int
	found, changed int64
}

// statement is one of a batch's.
type statement struct {
	text string
	args []any
}

// One statement names so many rows by their keys. Where there is no key each statement reads the whole table, so it names as many as a batch
// may have and a statement takes.
const (
	atOnce     = 500
	atOnceFull = 20_000
)

func (b *bundle) take(ctx context.Context, i item) error {
	b.items, b.size, b.found = append(b.items, i), b.size+i.size, b.found+1
	if len(b.items) >= b.cfg.EraseRows || b.size >= b.cfg.BatchBytes {
		return b.flush(ctx)
	}
	return nil
}

// flush changes what was gathered. Rows with a key are one transaction; of rows without one nobody knows how many are alike, so they are
// changed a bounded number at a time.
func (b *bundle) flush(ctx context.Context) error {
	items := b.items
	b.items, b.size = nil, 0
	if len(items) == 0 {
		return nil
	}
	statements, err := b.statements(items)
	if err != nil {
		return err
	}
	if len(b.target.Key()) > 0 {
		_, err := b.run(ctx, statements)
		return err
	}
	for _, s := range statements {
		for {
			n, err := b.run(ctx, []statement{s})
			if err != nil {
				return err
			}
			if n < int64(b.cfg.EraseRows) {
				break
			}
		}
	}
	return nil
}

// run does one batch and tells the ledger.
func (b *bundle) run(ctx context.Context, statements []statement) (int64, error) {
	n, err := b.batch(ctx, statements)
	if err != nil {
		return 0, b.refused(b.walk, b.target, err)
	}
	b.changed += n
	if n == 0 {
		return 0, nil
	}
	return n, b.pass.Changed(ctx, b.order, b.ledger, n)
}

// statements writes what is done to rows. Those whose documents become others have one each.
func (b *bundle) statements(items []item) ([]statement, error) {
	var out []statement
	var alike []item
	for _, i := range items {
		if !i.rewrites() {
			alike = append(alike, i)
			continue
		}
		s, err := b.statement([]item{i})
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	most := atOnce
	if len(b.target.Key()) == 0 {
		most = atOnceFull
	}
	for len(alike) > 0 {
		n := min(most, len(alike))
		s, err := b.statement(alike[:n])
		if err != nil {
			return nil, err
		}
		out, alike = append(out, s), alike[n:]
	}
	return out, nil
}

func (i item) rewrites() bool {
	for _, r := range i.rewritten {
		if r {
			return true
		}
	}
	return false
}

// statement writes what is done to some rows at once.
func (b *bundle) statement(items []item) (statement, error) {
	q := newQuery(b.walk)
	keyless := len(b.target.Key()) == 0
	prefix, limit := "t.", ""
	if keyless {
		limit = fmt.Sprintf(" LIMIT %d", b.cfg.EraseRows)
	}
	var text string
	if b.pass.Delete {
		text = fmt.Sprintf("DELETE t FROM %s WHERE ", b.target.From())
		if keyless { // a deletion that has a limit gives its table no other name
			text, prefix = fmt.Sprintf("DELETE FROM %s WHERE ", b.target.Table.String()), ""
		}
		text += b.told(q, prefix, items)
	} else {
		c, err := q.changes(b.target, b.pass.Masks)
		if err != nil {
			return statement{}, err
		}
		set, needs := c.assignments(), c.needs()
		for k, d := range c.documents {
			if items[0].rewritten[k] {
				set, needs = append(set, fmt.Sprintf("t.%s = %s", relational.Quoted(d.col.Name), q.Arg(items[0].documents[k].String))), "TRUE"
			}
		}
		text = fmt.Sprintf("UPDATE %s SET %s WHERE %s AND %s", b.target.From(), strings.Join(set, ", "), b.told(q, prefix, items), needs)
	}
	whole, args := q.Whole(text + limit)
	return statement{whole, args}, nil
}

// told writes the condition that finds rows again: by their keys, where they have any, and in the version that was found.
func (b *bundle) told(q *query, prefix string, items []item) string {
	key := b.target.Key()
	var keys, versions []string
	for _, i := range items {
		var values []string
		for k, name := range key {
			values = append(values, q.Dialect.KeyValue(q.Query, b.target.Table.Columns[name], i.key[k]))
		}
		keys = append(keys, "("+strings.Join(values, ", ")+")")
		versions = append(versions, q.Arg(i.version))
	}
	cond := fmt.Sprintf("%s IN (%s)", version(b.target, prefix), strings.Join(versions, ", "))
	if len(key) > 0 {
		cond = fmt.Sprintf("(%s) IN (%s) AND ", relational.ColumnList(key), strings.Join(keys, ", ")) + cond
	}
	return cond
}
