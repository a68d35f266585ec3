package conformance

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

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

// make writes the world into an empty schema and annotates it.
func (w *world) make(t require.TestingT, in Worlds) []dataset.Dataset {
	in.Empty(t)
	d := dataset.Dataset{Key: "d", Meta: map[string]any{"schema": in.Schema}}
	for _, table := range w.tables {
		in.Run(t, fmt.Sprintf("CREATE TABLE %s (id int PRIMARY KEY, body text, more text, email %s, owner int)", in.path(table), in.Email))
		d.Collections = append(d.Collections, w.annotate(t, in, table))
		for _, r := range table.rows {
			in.Run(t, r.insert(in.path(table)))
			for to, row := range r.points {
				in.Run(t, fmt.Sprintf("UPDATE %s SET to_%s = %d WHERE id = %d", in.path(table), to.name, row.id, r.id))
			}
		}
	}
	for _, table := range w.tables {
		if table.fk && table.owner != nil {
			in.Run(t, fmt.Sprintf("ALTER TABLE %s ADD FOREIGN KEY (owner) REFERENCES %s (id)", in.path(table), in.path(table.owner)))
		}
		if table.fk && table.pointer != nil {
			in.Run(t, fmt.Sprintf("ALTER TABLE %s ADD FOREIGN KEY (to_%s) REFERENCES %s (id)", in.path(table.pointer), table.name, in.path(table)))
		}
	}
	return []dataset.Dataset{d}
}

// annotate says what a table's fields are, and adds those that point at other tables.
func (w *world) annotate(t require.TestingT, in Worlds, table *randomTable) dataset.Collection {
	c := dataset.Collection{Name: table.name, Fields: []dataset.Field{{Name: "id", PrimaryKey: true}, {Name: "body"}, {Name: "more"}}}
	if table.email {
		c.Fields = append(c.Fields, dataset.Field{Name: "email", Identity: "email"})
	}
	if table.owner != nil {
		c.Fields = append(c.Fields, dataset.Field{Name: "owner", References: []dataset.Reference{{Dataset: "d", Field: table.owner.name + ".id", Direction: dataset.From}}})
	}
	for _, to := range w.tables {
		if to.pointer == table {
			in.Run(t, fmt.Sprintf("ALTER TABLE %s ADD to_%s int", in.path(table), to.name))
			c.Fields = append(c.Fields, dataset.Field{Name: "to_" + to.name, References: []dataset.Reference{{Dataset: "d", Field: to.name + ".id", Direction: dataset.To}}})
		}
	}
	return c
}

// insert writes the statement that adds a row, without what it points at.
func (r *randomRow) insert(table string) string {
	email, owner := "b@example.org", "NULL"
	if r.mine {
		email = "A@example.org"
	}
	if r.owner != nil {
		owner = strconv.Itoa(r.owner.id)
	}
	body := "'" + strings.ReplaceAll(r.body, "'", "''") + "'"
	return fmt.Sprintf("INSERT INTO %s (id, body, more, email, owner) VALUES (%d, %s, %s, '%s', %s)", table, r.id, body, body, email, owner)
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
