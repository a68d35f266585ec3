package mysql

import (
	"fmt"
	"strings"

	"github.com/privacy-docket/docket/connectors/relational"
)

// found is a statement that lists the rows in which a pass may have something to do: their keys, where they have any, their version,
// whether the server has something to do in them, and the documents that are treated here.
type found struct {
	statement string
	args      []any
	changes   changes
	key       []string
}

// find writes it. Without documents only rows with something to do are listed.
func (q *query) find(t target, p pass) (found, error) {
	f := found{key: t.Key()}
	cond, err := q.Reach(t, p)
	if err != nil {
		return f, err
	}
	if f.changes, err = q.changes(t, p.Masks); err != nil {
		return f, err
	}
	var list []string
	for _, name := range f.key {
		list = append(list, q.Dialect.KeyText(t.Table.Columns[name], "t."+relational.Quoted(name)))
	}
	needs := "TRUE"
	if !p.Delete {
		needs = f.changes.needs()
	}
	list = append(list, version(t, "t."), needs)
	for _, d := range f.changes.documents {
		list = append(list, "t."+relational.Quoted(d.col.Name))
	}
	if len(f.changes.documents) == 0 {
		cond += " AND " + needs
	}
	distinct := ""
	if len(f.key) == 0 {
		distinct = "DISTINCT " // rows that are alike in everything are told by one version
	}
	f.statement, f.args = q.Whole(fmt.Sprintf("SELECT %s%s FROM %s WHERE %s", distinct, strings.Join(list, ", "), t.From(), cond))
	return f, nil
}
