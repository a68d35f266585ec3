package mongo

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Describe says what a sample of the documents shows: MongoDB has no catalogue of fields. Of annotated collections the annotated fields come first, as the
// annotation has them.
func (c *Connector) Describe(ctx context.Context) (*dataset.Structure, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	out, err := c.Reader.Describe(ctx)
	if err != nil {
		return nil, err
	}
	out.Sampled = true
	for i := range out.Tables {
		out.Tables[i].Schema = c.database(out.Tables[i].Collection.Dataset)
	}
	for _, database := range c.databases() {
		if err := c.describe(ctx, out, database); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// databases are those in which datasets lie.
func (c *Connector) databases() (out []string) {
	for i := range c.cfg.Datasets {
		out = append(out, c.database(c.cfg.Datasets[i].Key))
	}
	if len(out) == 0 {
		out = append(out, c.address.database)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// describe adds what a database has beside the annotation.
func (c *Connector) describe(ctx context.Context, out *dataset.Structure, database string) error {
	there, err := c.listed(ctx, database)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(there))
	for name := range there {
		if !strings.HasPrefix(name, "system.") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		members, err := c.sample(ctx, name, c.client.Database(database).Collection(name), nil)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(out.Tables, func(t dataset.Table) bool { return t.Schema == database && t.Name == name })
		if i < 0 {
			out.Tables = append(out.Tables, dataset.Table{Schema: database, Name: name, Rows: -1, Key: []string{"_id"}})
			i = len(out.Tables) - 1
		}
		t := &out.Tables[i]
		for _, m := range members {
			if _, annotated := t.Column(m.name); !annotated && plainName(m.name) {
				t.Columns = append(t.Columns, m.column())
			}
		}
	}
	return nil
}

// column is a field as a sample shows it.
func (m *member) column() dataset.TableColumn {
	kinds := map[string]dataset.ColumnKind{kindInteger: dataset.ColumnNumber, kindNumber: dataset.ColumnNumber, kindBoolean: dataset.ColumnBool, kindDate: dataset.ColumnDate,
		kindMoment: dataset.ColumnMoment, kindUUID: dataset.ColumnUUID, kindBytes: dataset.ColumnBytes, kindDocument: dataset.ColumnJSON}
	kind, known := kinds[m.kind]
	if !known {
		kind = dataset.ColumnText
	}
	of := slices.Clone(m.of)
	slices.Sort(of)
	out := dataset.TableColumn{Name: m.name, Type: strings.Join(of, " or "), Kind: kind, Array: m.list, Nullable: m.name != "_id", Generated: m.name == "_id"}
	if len(m.inside) > mostInside || slices.ContainsFunc(m.inside, func(inner *member) bool { return !plainName(inner.name) }) {
		return out
	}
	for _, inner := range m.inside {
		out.Inside = append(out.Inside, inner.column())
	}
	return out
}

// mostInside is how many members a document may have for their names to be those of fields, and not values: some documents are lists of people by their names.
const mostInside = 60

var (
	plain  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,60}$`)
	valued = regexp.MustCompile(`[0-9]{5}|^[0-9a-fA-F]{24}$|^[0-9a-fA-F]{8}-`)
)

// plainName reports whether a name is one that somebody gave a field, and no value.
func plainName(name string) bool { return plain.MatchString(name) && !valued.MatchString(name) }
