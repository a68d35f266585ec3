package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

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
	// follows is set when the referring rows are found from the very rows: they are whoever's those are, and say nothing about them.
	follows bool
}

// foreignKey is a reference that the server enforces.
type foreignKey struct {
	name        string
	oid         uint32 // of the referring table
	schema      string
	table       string
	columns, to []string
	action      dataset.OnDelete
	readable    bool
}

// source writes the referring table for a FROM clause, under the name t.
func (f *foreignKey) source() string { return pgx.Identifier{f.schema, f.table}.Sanitize() + " AS t" }

// foreignKeysSQL reads the foreign keys that lead to tables. Those that partitions inherit from their root are left out.
const foreignKeysSQL = `
SELECT f.confrelid, f.conname::text, f.conrelid, n.nspname::text, c.relname::text, k.columns, k.targets, f.confdeltype::text,
	pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND k.readable
FROM pg_catalog.pg_constraint f
JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
	SELECT pg_catalog.array_agg(a.attname::text ORDER BY p.ord) AS columns, pg_catalog.array_agg(b.attname::text ORDER BY p.ord) AS targets,
		pg_catalog.bool_and(pg_catalog.has_column_privilege(f.conrelid, a.attnum, 'SELECT')) AS readable
	FROM unnest(f.conkey, f.confkey) WITH ORDINALITY AS p(num, target, ord)
	JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = p.num
	JOIN pg_catalog.pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = p.target
) k
WHERE f.contype = 'f' AND f.conparentid = 0 AND f.confrelid = ANY($1)
ORDER BY f.confrelid, n.nspname, c.relname, f.conname`

// refer finds what refers to the rows of each planned collection.
func (s *session) refer(ctx context.Context, w *walk, graph *dataset.Graph) error {
	tables := map[uint32]dataset.Address{}
	for a, t := range w.cat {
		if _, planned := w.place[a]; planned {
			tables[t.oid] = a
		}
	}
	for _, e := range graph.Edges() {
		w.refers(e.From, e.To)
		w.refers(e.To, e.From)
	}
	oids := make([]uint32, 0, len(tables))
	for oid := range tables {
		oids = append(oids, oid)
	}
	rows, err := s.tx.Query(ctx, foreignKeysSQL, oids)
	if err != nil {
		return fault("the server's catalog", err)
	}
	var target uint32
	var fk foreignKey
	var action string
	_, err = pgx.ForEachRow(rows, []any{&target, &fk.name, &fk.oid, &fk.schema, &fk.table, &fk.columns, &fk.to, &action, &fk.readable}, func() error {
		key := fk
		key.action = onDelete(action)
		r := referrer{fk: &key}
		if from, planned := tables[fk.oid]; planned {
			r.from = &from
			r.follows = w.follows(dataset.FieldAddress{Address: from, Path: fk.columns}, dataset.FieldAddress{Address: tables[target], Path: fk.to})
		}
		a := tables[target]
		w.owning.referrers[a] = append(w.owning.referrers[a], r)
		fk.columns, fk.to = nil, nil
		return nil
	})
	return fault("the server's catalog", err)
}

// refers notes that a field refers to another, whichever way the values travel. It doesn't where the other field is the one that refers:
// where it holds another table's key.
func (w *walk) refers(from, to dataset.FieldAddress) {
	_, planned := w.place[from.Address]
	_, wanted := w.place[to.Address]
	if planned && wanted && (!w.isKey(from) || w.isKey(to)) {
		w.owning.referrers[to.Address] = append(w.owning.referrers[to.Address],
			referrer{from: &from.Address, field: from.Path, to: to.Path, follows: w.follows(from, to)})
	}
}

// follows reports whether the plan finds rows by a field from the rows that it refers to.
func (w *walk) follows(from, to dataset.FieldAddress) bool {
	return slices.ContainsFunc(w.sel.Plan.Steps[w.place[from.Address]].FoundBy, func(e dataset.Entry) bool {
		return e.From != nil && sameField(*e.From, to) && slices.Equal(e.Path, from.Path) && w.belonging(from.Address, e) == dataset.Own
	})
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
// None is left when a table that refers to them can't be read.
func (q *query) shared(t target, cond string) (conds []string, err error) {
	q.without = append(q.without, t.step.Address)
	defer func() { q.without = q.without[:len(q.without)-1] }()
	for _, r := range q.owning.referrers[t.step.Address] {
		var c string
		switch {
		case r.follows:
			continue
		case r.fk != nil && !r.fk.readable:
			c = "false"
		case r.fk != nil:
			c, err = q.sharedByKey(t, cond, r)
		default:
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
		return "true", nil
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
	if r.fk.oid == t.table.oid {
		others = fmt.Sprintf("(%s) IS DISTINCT FROM (%s)", columns, to)
	}
	return fmt.Sprintf("NOT ((%s) IN (SELECT %s FROM %s WHERE (%s) IN (SELECT %s FROM %s WHERE %s) AND %s))",
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
		if f.inside() || to.inside() || f.col.class == classArray || to.col.class == classArray {
			others = "true"
		} else {
			others = fmt.Sprintf("%s::text IS DISTINCT FROM %s::text", f.expr(), to.expr())
		}
	}
	class, typ := f.scalar()
	toClass, toType := to.scalar()
	candidates := q.list(t, to, cond)
	from, value := q.values(source, f)
	match := q.match(value, class, typ, keys{class: toClass, typ: toType, cte: candidates})
	name := q.name(fmt.Sprintf("SELECT DISTINCT %s FROM %s WHERE %s AND %s IS NOT NULL AND %s", value, from, match, value, others))
	return "(" + q.holds(to, keys{class: class, typ: typ, cte: name}) + ") IS NOT TRUE", nil
}

// list makes a common table expression with a field's values in rows that a condition finds.
func (q *query) list(t target, f field, cond string) string {
	from, value := q.values(t, f)
	return q.name(fmt.Sprintf("SELECT DISTINCT %s FROM %s WHERE %s AND %s IS NOT NULL", value, from, cond, value))
}

// name adds a common table expression with one column v.
func (q *query) name(body string) string {
	name := fmt.Sprintf("k%d", len(q.ctes)+1)
	q.ctes = append(q.ctes, name+"(v) AS MATERIALIZED ("+body+")")
	return name
}

// holds writes the condition under which a field has one of the keys.
func (q *query) holds(f field, k keys) string {
	switch {
	case f.inside():
		return fmt.Sprintf("EXISTS (SELECT FROM %s WHERE %s)", q.members(f), q.match("u.v #>> '{}'", classMember, "text", k))
	case f.col.class == classArray:
		return fmt.Sprintf("EXISTS (SELECT FROM unnest(%s) AS u(v) WHERE %s)", f.expr(), q.match("u.v", f.col.element, f.col.elemType, k))
	default:
		return q.match(f.expr(), f.col.class, f.col.typ, k)
	}
}
