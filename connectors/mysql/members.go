package mysql

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/privacy-docket/docket/connectors/relational"
)

// deepPath is the length of a path up to which each member on the way may also be an array, declared or not.
const deepPath = 5

// Unnest writes the values at a field's path inside its document, as u(v), through arrays on the way. These servers see through none
// by themselves, so each way to write the path is looked up; what is no single value in the end has no v.
func (d dialect) Unnest(q *relational.Query, f field) string {
	var list []string
	for _, path := range paths(f) {
		list = append(list, q.Arg(path))
	}
	return fmt.Sprintf("JSON_TABLE(JSON_EXTRACT(%s, %s), '$[*]' COLUMNS (v LONGTEXT PATH '$')) AS u", d.document(f.Col), strings.Join(list, ", "))
}

// document is a column's JSON. MariaDB keeps it as text, which a constraint that is switched off lets be anything.
func (d dialect) document(c relational.Column) string {
	expr := "t." + relational.Quoted(c.Name)
	if d.maria {
		return "IF(JSON_VALID(" + expr + "), " + expr + ", NULL)"
	}
	return expr
}

// jsonPath writes a path of members.
func jsonPath(names []string) string {
	path := "$"
	for _, name := range names {
		quoted, _ := json.Marshal(name) // a string always marshals
		path += "." + string(quoted)
	}
	return path
}

// paths are all ways to write a field's path, with and without an array at each place.
func paths(f field) []string {
	names := f.Path[1:]
	paths := []string{"$", "$[*]"}
	if len(names) > deepPath {
		paths = []string{"$"}
	}
	for i, name := range names {
		quoted, _ := json.Marshal(name) // a string always marshals
		var longer []string
		for _, p := range paths {
			p += "." + string(quoted)
			longer = append(longer, p)
			if len(names) <= deepPath || i == len(names)-1 {
				longer = append(longer, p+"[*]")
			}
		}
		paths = longer
	}
	return paths
}
