package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// checkWritable looks whether the role may do what erasing could ask of it: delete rows, and change every column that the annotation doesn't
// say is never written. A collection of nothing but such fields is never erased in.
func checkWritable(a dataset.Address, c *dataset.Collection, t *table) *connectors.Error {
	var refused []string
	writable := 0
	for i := range c.Fields {
		col, there := t.columns[c.Fields[i].Name]
		if !there || col.generated || c.Fields[i].ReadOnly {
			continue
		}
		writable++
		if !col.updatable {
			refused = append(refused, pgx.Identifier{col.name}.Sanitize())
		}
	}
	switch {
	case writable == 0:
		return nil
	case t.relkind == "m":
		return &connectors.Error{Code: connectors.ErrReadOnly, Where: a.String(), What: "it is a materialised view, which can't be changed",
			Do: "annotate the tables that it is made of, and mark it skip_processing"}
	case t.readable && !t.whole && (t.relkind == "r" || t.relkind == "p"):
		return &connectors.Error{Code: connectors.ErrPrivilege, Where: a.String(), What: "the role may read single columns of the table, and erasing tells rows by where they lie",
			Do: "grant SELECT on the whole table to the role"}
	case !t.deletable && len(refused) == writable:
		return &connectors.Error{Code: connectors.ErrReadOnly, Where: a.String(), What: "the role may not change the table", Do: "grant UPDATE and DELETE on it to the role"}
	case !t.deletable:
		return &connectors.Error{Code: connectors.ErrReadOnly, Where: a.String(), What: "the role may not delete rows of the table", Do: "grant DELETE on it to the role"}
	case len(refused) > 0:
		return &connectors.Error{Code: connectors.ErrReadOnly, Where: a.String(), What: "the role may not change columns: " + strings.Join(refused, ", "),
			Do: "grant UPDATE on them to the role, or mark the fields read_only"}
	}
	return nil
}

// checkReferrers lists tables that the role may not read and that refer to rows of which only references tell whose they are.
func (s *session) checkReferrers(ctx context.Context, cat catalog) (connectors.Findings, error) {
	graph, err := dataset.NewOpenGraph(s.cfg.Datasets...)
	if err != nil {
		return nil, nil // it is a finding already
	}
	plan, err := graph.Plan(graph.Kinds())
	if err != nil {
		return nil, nil // it is a finding already
	}
	w := newWalk(s.Connector, cat, connectors.Selection{Plan: *plan})
	if err := s.own(ctx, w, connectors.Errand{}); err != nil {
		return nil, err
	}
	var findings connectors.Findings
	for _, step := range plan.Steps {
		for _, r := range w.owning.referrers[step.Address] {
			if r.fk != nil && !r.fk.readable && !w.owning.declared[step.Address] {
				findings = append(findings, &connectors.Error{Code: connectors.ErrPrivilege, Where: step.Address.String(),
					What: "the table " + pgx.Identifier{r.fk.schema, r.fk.table}.Sanitize() + " refers to it by the foreign key " + r.fk.name + " and the role may not read it, so nobody can tell whose the rows are",
					Do:   "grant SELECT on its columns to the role"})
			}
		}
	}
	return findings, nil
}
