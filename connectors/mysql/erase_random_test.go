package mysql_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// world is a small database made up at random, with what a reader of the annotation would say about whose each row is.
type world struct {
	tables []*randomTable
}

// randomTable is found by e-mail, from the keys of an earlier table, or by the fields of an earlier table that point at it.
type randomTable struct {
	name    string
	email   bool
	owner   *randomTable // whose rows own its rows
	pointer *randomTable // whose rows point at its rows
	fk      bool         // the server enforces what it refers to
	rows    []*randomRow
	delete  bool
	masks   []erasure.Treatment
}

type randomRow struct {
	id     int
	mine   bool // its e-mail is the person's
	owner  *randomRow
	points map[*randomTable]*randomRow
	body   string
}

func (t *randomTable) address() dataset.Address {
	return dataset.Address{Dataset: "d", Collection: t.name}
}

// draw makes a world up.
func draw(t *rapid.T) *world {
	w := &world{}
	for i := range rapid.IntRange(1, 5).Draw(t, "tables") {
		table := &randomTable{name: fmt.Sprintf("t%d", i), fk: rapid.Bool().Draw(t, "fk"), delete: rapid.Bool().Draw(t, "delete")}
		table.email = i == 0 || rapid.IntRange(0, 3).Draw(t, "email") == 0
		if i > 0 {
			source := func(label string) *randomTable { return w.tables[rapid.IntRange(0, i-1).Draw(t, label)] }
			switch way := rapid.IntRange(0, 3).Draw(t, "way"); {
			case way == 0:
				table.owner = source("owner")
			case way < 3 || !table.email:
				table.pointer = source("pointer")
			}
		}
		for range 2 {
			table.masks = append(table.masks, rapid.SampledFrom(erasure.Treatments()).Draw(t, "mask"))
		}
		w.tables = append(w.tables, table)
	}
	for _, table := range w.tables {
		for i := range rapid.IntRange(0, 8).Draw(t, "rows") {
			r := &randomRow{id: i + 1, mine: table.email && rapid.Bool().Draw(t, "mine"), points: map[*randomTable]*randomRow{}, body: fmt.Sprintf("Canary-%s-%d-ñ'\"", table.name, i)}
			if table.owner != nil && len(table.owner.rows) > 0 && rapid.Bool().Draw(t, "owned") {
				r.owner = rapid.SampledFrom(table.owner.rows).Draw(t, "owner row")
			}
			table.rows = append(table.rows, r)
		}
		if table.pointer == nil || len(table.rows) == 0 {
			continue
		}
		for _, from := range table.pointer.rows {
			if rapid.IntRange(0, 3).Draw(t, "points") > 0 {
				from.points[table] = rapid.SampledFrom(table.rows).Draw(t, "pointed row")
			}
		}
	}
	return w
}

// own says whether a row is the person's, by what the page about connectors says.
func (w *world) own(t *randomTable, r *randomRow) bool {
	if r.mine || r.owner != nil && w.own(t.owner, r.owner) {
		return true
	}
	if t.email || t.owner != nil || t.pointer == nil {
		return false
	}
	pointed := false
	for _, from := range t.pointer.rows {
		if from.points[t] != r {
			continue
		}
		if !w.own(t.pointer, from) {
			return false
		}
		pointed = true
	}
	return pointed
}

// make writes the world into a schema of its own and annotates it.
func (w *world) make(t require.TestingT, b *bench, ctx context.Context) []dataset.Dataset {
	run := func(statement string, args ...any) {
		_, err := b.admin.ExecContext(ctx, statement, args...)
		require.NoError(t, err)
	}
	world := b.world()
	run(`DROP DATABASE IF EXISTS ` + world)
	run(`CREATE DATABASE ` + world)
	d := dataset.Dataset{Key: "d", Meta: map[string]any{"schema": world}}
	for _, table := range w.tables {
		c := dataset.Collection{Name: table.name, Fields: []dataset.Field{{Name: "id", PrimaryKey: true}, {Name: "body"}, {Name: "more"}}}
		run(`CREATE TABLE ` + world + `.` + table.name + ` (id int PRIMARY KEY, body text, more text, email varchar(100), owner int)`)
		if table.email {
			c.Fields = append(c.Fields, dataset.Field{Name: "email", Identity: "email"})
		}
		if table.owner != nil {
			c.Fields = append(c.Fields, dataset.Field{Name: "owner", References: []dataset.Reference{{Dataset: "d", Field: table.owner.name + ".id", Direction: dataset.From}}})
		}
		for _, to := range w.tables {
			if to.pointer == table {
				run(`ALTER TABLE ` + world + `.` + table.name + ` ADD to_` + to.name + ` int`)
				c.Fields = append(c.Fields, dataset.Field{Name: "to_" + to.name, References: []dataset.Reference{{Dataset: "d", Field: to.name + ".id", Direction: dataset.To}}})
			}
		}
		d.Collections = append(d.Collections, c)
		for _, r := range table.rows {
			email := "b@example.org"
			if r.mine {
				email = "A@example.org"
			}
			var owner *int
			if r.owner != nil {
				owner = &r.owner.id
			}
			run(`INSERT INTO `+world+`.`+table.name+` (id, body, more, email, owner) VALUES (?, ?, ?, ?, ?)`, r.id, r.body, r.body, email, owner)
			for to, row := range r.points {
				run(fmt.Sprintf(`UPDATE %s.%s SET to_%s = ? WHERE id = ?`, world, table.name, to.name), row.id, r.id)
			}
		}
	}
	for _, table := range w.tables {
		if table.fk && table.owner != nil {
			run(fmt.Sprintf(`ALTER TABLE %[1]s.%[2]s ADD FOREIGN KEY (owner) REFERENCES %[1]s.%[3]s (id)`, world, table.name, table.owner.name))
		}
		if table.fk && table.pointer != nil {
			run(fmt.Sprintf(`ALTER TABLE %[1]s.%[2]s ADD FOREIGN KEY (to_%[3]s) REFERENCES %[1]s.%[3]s (id)`, world, table.pointer.name, table.name))
		}
	}
	return []dataset.Dataset{d}
}

// orders erases what is the person's, what refers before what is referred to: owned rows before their owners, pointing rows before what they point at.
func (w *world) orders() []erasure.Order {
	var out []erasure.Order
	done := map[*randomTable]bool{}
	var visit func(t *randomTable)
	visit = func(t *randomTable) {
		if done[t] {
			return
		}
		done[t] = true
		for _, other := range w.tables {
			if other.owner == t || t.pointer == other {
				visit(other)
			}
		}
		o := erasure.Order{Address: t.address(), Delete: t.delete}
		if !t.delete {
			for i, name := range []string{"body", "more"} {
				o.Masks = append(o.Masks, erasure.Mask{Path: []string{name}, Treatment: t.masks[i], Value: "gone"})
			}
			if t.email {
				o.Masks = append(o.Masks, erasure.Mask{Path: []string{"email"}, Treatment: erasure.Random, Suffix: "@erased.invalid"})
			}
		}
		out = append(out, o)
	}
	for _, t := range w.tables {
		visit(t)
	}
	return out
}

// world is the name of the schema in which worlds are made.
func (b *bench) world() string { return b.schema + "_world" }

// texts reads a table's rows by their key.
func (b *bench) texts(t require.TestingT, ctx context.Context, table *randomTable) map[string]string {
	rows, err := b.admin.QueryContext(ctx, `SELECT * FROM `+b.world()+`.`+table.name)
	require.NoError(t, err)
	defer rows.Close() //nolint:errcheck // every row was looked at
	columns, err := rows.Columns()
	require.NoError(t, err)
	out := map[string]string{}
	for rows.Next() {
		values, places := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		require.NoError(t, rows.Scan(places...))
		out[values[0].String] = fmt.Sprint(values)
	}
	require.NoError(t, rows.Err())
	return out
}

// TestRandomWorlds erases the person in databases made up at random, stopping where it likes, and looks through all that is left: what was the person's is gone or
// treated, and every row of others is what it was.
func TestRandomWorlds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	t.Cleanup(func() {
		_, err := b.admin.ExecContext(context.WithoutCancel(ctx), `DROP DATABASE IF EXISTS `+b.world())
		require.NoError(t, err)
	})
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		datasets := w.make(t, b, ctx)
		c, err := mysql.New(mysql.Config{DSN: b.adminDSN, Datasets: datasets, AllowWrites: true, EraseRows: rapid.IntRange(1, 4).Draw(t, "batch")})
		require.NoError(t, err)
		g, err := dataset.NewGraph(datasets...)
		require.NoError(t, err)
		subject := email("a@example.org")
		p, err := g.Plan(subject.Known())
		require.NoError(t, err)
		e := connectors.Errand{Selection: connectors.Selection{Plan: *p, Subject: subject}, Orders: w.orders(), Secret: []byte("0123456789abcdef0123456789abcdef")}
		w.freeze(t, ctx, c, &e)

		before := map[*randomTable]map[string]string{}
		for _, table := range w.tables {
			before[table] = b.texts(t, ctx, table)
		}
		for tries, stop := 0, rapid.IntRange(0, 3).Draw(t, "stop"); ; tries++ {
			l := conformance.NewLedger()
			if l.StopAfter = stop; tries > 3 {
				l.StopAfter = 0
			}
			if err = c.Erase(ctx, e, l); err == nil {
				break
			}
			if errors.Is(err, connectors.ErrConstraint) {
				w.constrained(t, err)
				return
			}
			require.ErrorIs(t, err, conformance.ErrLedger)
		}
		for _, table := range w.tables {
			w.look(t, table, before[table], b.texts(t, ctx, table))
		}
		surveys, err := c.Survey(ctx, e)
		require.NoError(t, err)
		for _, s := range surveys {
			require.Zero(t, s.Left, s.Address)
		}
	})
}

// freeze reads what stands in for the rows once they are erased, as whoever leads an erasure does before it begins.
func (w *world) freeze(t *rapid.T, ctx context.Context, c *mysql.Connector, e *connectors.Errand) {
	sel := e.Selection
	sel.Own = true
	for _, step := range sel.Plan.Steps {
		for _, entry := range step.FoundBy {
			if entry.From != nil {
				sel.Exports = append(sel.Exports, *entry.From)
			}
		}
	}
	keys := len(sel.Exports)
	for _, table := range w.tables {
		sel.Exports = append(sel.Exports, dataset.FieldAddress{Address: table.address(), Path: []string{"id"}})
	}
	sets, err := c.Keys(ctx, sel)
	require.NoError(t, err)
	e.Keys, e.Roots = sets[:keys], sets[keys:]
	for i, table := range w.tables {
		var want []string
		for _, r := range table.rows {
			if w.own(table, r) {
				want = append(want, fmt.Sprint(r.id))
			}
		}
		require.ElementsMatch(t, want, sets[keys+i].Values, "whose the rows of %s are", table.name)
	}
}

// constrained is right only where rows are deleted to which others refer that stay.
func (w *world) constrained(t *rapid.T, err error) {
	require.NotContains(t, err.Error(), "Canary")
	require.True(t, slices.ContainsFunc(w.tables, func(table *randomTable) bool {
		return table.delete && slices.ContainsFunc(w.tables, func(o *randomTable) bool { return o.fk || table.fk })
	}), "%v", err)
}

// look compares a table's rows with what they were.
func (w *world) look(t *rapid.T, table *randomTable, before, after map[string]string) {
	for _, r := range table.rows {
		id := fmt.Sprint(r.id)
		now, there := after[id]
		switch {
		case !w.own(table, r):
			require.Equal(t, before[id], now, "somebody else's row %d of %s", r.id, table.name)
		case table.delete:
			require.False(t, there, "row %d of %s", r.id, table.name)
		default:
			require.True(t, there)
			require.NotContains(t, now, "Canary")
			require.False(t, table.email && strings.Contains(now, "A@example.org"))
		}
	}
}
