package records

import (
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
)

// Personal reports whether anything in the collection is a person's.
func (t *Table) Personal() bool {
	return slices.ContainsFunc(t.Columns(), func(c connectors.Column) bool {
		return slices.ContainsFunc(c.Categories, func(name string) bool { return name == "user" || strings.HasPrefix(name, "user.") })
	})
}

// Nobody is a value that nothing has.
func (f *Field) Nobody() string {
	switch f.Type {
	case "integer", "number":
		return "0"
	case "boolean":
		return "false"
	case "uuid":
		return "00000000-0000-0000-0000-000000000000"
	case "date":
		return "0001-01-01"
	case "moment":
		return "0001-01-01T00:00:00Z"
	case "bytes":
		return "ZG9ja2V0"
	}
	return "nobody@docket.invalid"
}
