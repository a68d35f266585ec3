package mysql

import (
	"encoding/json"
	"fmt"
	"strings"
)

// deepPath is the length of a path up to which each member on the way may also be an array, declared or not.
const deepPath = 5

// members unnests the values at a field's path inside its document, as u(v), through arrays on the way. These servers see through none
// by themselves, so each way to write the path is looked up; what is no single value in the end has no v.
func (q *query) members(f field) string {
	var list []string
	for _, path := range f.paths() {
		list = append(list, q.arg(path))
	}
	return fmt.Sprintf("JSON_TABLE(JSON_EXTRACT(%s, %s), '$[*]' COLUMNS (v LONGTEXT PATH '$')) AS u", q.document(f.col), strings.Join(list, ", "))
}

// document is a column's JSON. MariaDB keeps it as text, which a constraint that is switched off lets be anything.
func (q *query) document(c column) string {
	expr := "t." + quoted(c.name)
	if q.maria {
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
func (f field) paths() []string {
	names := f.path[1:]
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
