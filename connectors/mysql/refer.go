package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// referrer is a reference to the rows of a collection: from a field that the annotation names, or by a foreign key that the server enforces.
type referrer struct {
	// from is the annotated and planned collection that refers; nil when nothing is known of the table, and its rows are anybody's.
	from *dataset.Address
	// field and to are the ends of an annotated reference.
	field, to []string
	// fk is the foreign key.
	fk *foreignKey
}

// foreignKey is a reference that the server enforces.
type foreignKey struct {
	name        string
	from        spot // the referring table
	columns, to []string
	action      dataset.OnDelete
}

// source writes the referring table for a FROM clause, under the name t.
func (f *foreignKey) source() string {
	return (&table{schema: f.from.schema, name: f.from.name}).path() + " AS t"
}

// baseTablesSQL lists the tables of a schema that may have foreign keys.
const baseTablesSQL = "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE' ORDER BY CAST(TABLE_NAME AS BINARY)"

// refer finds what refers to the rows of each planned collection. Of a table that the user may not see at all nothing is known.
func (s *session) refer(ctx context.Context, w *walk, graph *dataset.Graph) error {
	planned := map[spot]dataset.Address{}
	var schemas []string
	for a, t := range w.cat {
		if _, is := w.place[a]; is {
			planned[spot{t.schema, t.name}] = a
		}
		if !slices.Contains(schemas, t.schema) {
			schemas = append(schemas, t.schema)
		}
	}
	for _, e := range graph.Edges() {
		w.refers(e.From, e.To)
		w.refers(e.To, e.From)
	}
	slices.Sort(schemas)
	for _, schema := range schemas {
		keys, unseen, err := s.foreignKeys(ctx, schema)
		if err != nil {
			return err
		}
		w.owning.unseen = append(w.owning.unseen, unseen...)
		for _, k := range keys {
			a, wanted := planned[k.target]
			if !wanted {
				continue
			}
			r := referrer{fk: &k.foreignKey}
			if from, is := planned[k.from]; is {
				r.from = &from
			}
			w.owning.referrers[a] = append(w.owning.referrers[a], r)
		}
	}
	return nil
}

// leading is a foreign key with the table that it leads to.
type leading struct {
	foreignKey
	target spot
}

// foreignKeys reads the foreign keys of a schema's tables, and lists those of which the user may not see so much.
func (s *session) foreignKeys(ctx context.Context, schema string) (out []leading, unseen []spot, err error) {
	var tables []string
	err = s.each(ctx, catalogPlace, baseTablesSQL, []any{schema}, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		tables = append(tables, name)
		return err
	})
	for _, name := range tables {
		if err != nil {
			return nil, nil, err
		}
		var statement string
		statement, err = s.shown(ctx, &table{schema: schema, name: name})
		if statement == "" {
			unseen = append(unseen, spot{schema, name})
		}
		out = append(out, leadingIn(spot{schema, name}, statement)...)
	}
	return out, unseen, err
}

// leadingIn reads the foreign keys out of the statement that makes a table.
func leadingIn(from spot, statement string) []leading {
	var out []leading
	for _, found := range reference.FindAllStringSubmatch(statement, -1) {
		k := leading{target: spot{from.schema, strings.ReplaceAll(found[4], `""`, `"`)}}
		k.name, k.from, k.columns, k.to, k.action = strings.ReplaceAll(found[1], `""`, `"`), from, names(found[2]), names(found[5]), onDelete(found[6])
		if found[3] != "" {
			k.target.schema = strings.ReplaceAll(found[3], `""`, `"`)
		}
		out = append(out, k)
	}
	return out
}

// refers notes that a field refers to another, whichever way the values travel. It doesn't where the other field is the one that refers:
// where it holds another table's key. Nor does it count what is found from the very row: it is whose the row is.
func (w *walk) refers(from, to dataset.FieldAddress) {
	place, planned := w.place[from.Address]
	_, wanted := w.place[to.Address]
	if !planned || !wanted || w.isKey(from) && !w.isKey(to) {
		return
	}
	follows := slices.ContainsFunc(w.sel.Plan.Steps[place].FoundBy, func(e dataset.Entry) bool {
		return e.From != nil && sameField(*e.From, to) && slices.Equal(e.Path, from.Path) && w.belonging(from.Address, e) == dataset.Own
	})
	if !follows {
		w.owning.referrers[to.Address] = append(w.owning.referrers[to.Address], referrer{from: &from.Address, field: from.Path, to: to.Path})
	}
}

// isKey reports whether a field is all of its table's primary key, by the annotation or by the server's catalog.
func (w *walk) isKey(f dataset.FieldAddress) bool {
	t, err := w.target(f.Address)
	if err != nil {
		return false
	}
	var declared []string
	for _, field := range t.collection.Fields {
		if field.PrimaryKey {
			declared = append(declared, field.Name)
		}
	}
	return slices.Equal(f.Path, declared) || slices.Equal(f.Path, t.table.primary)
}

// shared writes conditions that leave out rows of the target, among those that are found by cond, to which somebody else's rows refer.
func (q *query) shared(t target, cond string) (conds []string, err error) {
	q.without = append(q.without, t.step.Address)
	defer func() { q.without = q.without[:len(q.without)-1] }()
	for _, r := range q.owning.referrers[t.step.Address] {
		var c string
		if r.fk != nil {
			c, err = q.sharedByKey(t, cond, r)
		} else {
			c, err = q.sharedByField(t, cond, r)
		}
		if err != nil {
			return nil, err
		}
		conds = append(conds, c)
	}
	return conds, nil
}

// others writes the condition under which a row of a referring table is not the person's.
func (q *query) others(r referrer) (string, error) {
	if r.from == nil || slices.Contains(q.without, *r.from) { // what is being told apart itself may be anybody's
		return "TRUE", nil
	}
	source, err := q.target(*r.from)
	if err != nil {
		return "", err
	}
	own, err := q.owned(source)
	return "(" + own + ") IS NOT TRUE", err
}

// sharedByKey leaves out rows that others' rows refer to by a foreign key.
func (q *query) sharedByKey(t target, cond string, r referrer) (string, error) {
	others, err := q.others(r)
	if err != nil {
		return "", err
	}
	columns, to := columnList(r.fk.columns), columnList(r.fk.to)
	if r.fk.from == (spot{t.table.schema, t.table.name}) {
		others = fmt.Sprintf("NOT ((%s) <=> (%s))", columns, to)
	}
	return fmt.Sprintf("((%s) IN (SELECT %s FROM %s WHERE (%s) IN (SELECT %s FROM %s WHERE %s) AND %s)) IS NOT TRUE",
		to, columns, r.fk.source(), columns, to, t.from(), cond, others), nil
}

// sharedByField leaves out rows that others' rows refer to by a field of the annotation.
func (q *query) sharedByField(t target, cond string, r referrer) (string, error) {
	others, err := q.others(r)
	if err != nil {
		return "", err
	}
	source, err := q.target(*r.from)
	if err != nil {
		return "", err
	}
	f, err := source.field(r.field)
	if err != nil {
		return "", err
	}
	to, err := t.field(r.to)
	if err != nil {
		return "", err
	}
	if *r.from == t.step.Address {
		if f.inside() || to.inside() {
			others = "TRUE"
		} else {
			others = fmt.Sprintf("NOT (%s <=> %s)", f.col.inBytes(f.expr()), to.col.inBytes(to.expr()))
		}
	}
	candidates := keys{class: to.class(), cte: q.added(selected(q, t, to, cond))}
	from, value, col := q.values(source, f)
	match := fmt.Sprintf("%s AND %s IS NOT NULL AND %s", q.match(value, col, candidates), value, others)
	name := q.added(fmt.Sprintf("SELECT DISTINCT %s FROM %s WHERE %s", col.keyed(value), from, match))
	return "(" + q.holds(to, keys{class: f.class(), cte: name}) + ") IS NOT TRUE", nil
}

// selected writes the selection of a field's values in rows that a condition finds, as keys hold them.
func selected(q *query, t target, f field, cond string) string {
	from, value, col := q.values(t, f)
	return fmt.Sprintf("SELECT DISTINCT %s FROM %s WHERE %s AND %s IS NOT NULL", col.keyed(value), from, cond, value)
}
