package packaging

import (
	"errors"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/connectors"
)

// ErrRedaction is returned when a redaction is not well formed or did not hit anything. A redaction that misses
// would let out what somebody decided to keep back, so no package is made.
var ErrRedaction = errors.New("a redaction cannot be applied")

// checkRedactions refuses redactions that lack something or that name what is not there.
func checkRedactions(c Contents) error {
	for n, r := range c.Redactions {
		if err := r.check(c.Systems); err != nil {
			return fmt.Errorf("redaction %d (%s.%s): %w", n+1, r.System, r.Collection, err)
		}
	}
	return nil
}

func (r Redaction) check(systems []System) error {
	switch {
	case r.Ground == Other && r.Citation == "":
		return fmt.Errorf("%w: the ground \"other\" needs a citation", ErrRedaction)
	case !known(r.Ground):
		return fmt.Errorf("%w: the ground is not one of %v", ErrRedaction, Grounds())
	case r.Field == "" && r.KeyField == "":
		return fmt.Errorf("%w: it names neither a field nor a row", ErrRedaction)
	}
	columns, ok := columnsOf(systems, r.System, r.Collection)
	if !ok {
		return fmt.Errorf("%w: there is no such collection in the package", ErrRedaction)
	}
	for _, field := range []string{r.Field, r.KeyField} {
		if field != "" && len(indexesOf(columns, field)) == 0 {
			return fmt.Errorf("%w: there is no field %q", ErrRedaction, field)
		}
	}
	return nil
}

func known(g Ground) bool {
	for _, one := range Grounds() {
		if one == g {
			return true
		}
	}
	return false
}

func columnsOf(systems []System, system, collection string) ([]Column, bool) {
	for _, s := range systems {
		for _, c := range s.Collections {
			if s.Key == system && c.Name == collection {
				return c.Columns, true
			}
		}
	}
	return nil, false
}

// indexesOf finds every column of that name: the result of a query may have several, and a redaction means them all.
func indexesOf(columns []Column, name string) (out []int) {
	for i, c := range columns {
		if c.Name == name {
			out = append(out, i)
		}
	}
	return out
}

// redactor applies one collection's redactions. It is used for one pass over the rows.
type redactor struct {
	// everywhere[i] is the redaction of column i in every row, or nil.
	everywhere []*rule
	// keyed finds the redactions of single rows: column → text of its value → rules.
	keyed  map[int]map[string][]*rule
	active bool
	// scratch is the row that is written instead of the caller's.
	scratch Row
	// found are the rules of single rows that match the row at hand.
	found []*rule
}

// rule is one redaction at work.
type rule struct {
	number  int   // in Contents.Redactions
	columns []int // none removes the row
	marker  Value
	hits    int64 // values replaced, or rows removed
	seen    int64 // rows that the key found
}

func newRedactor(c Contents, system System, collection Collection, marker func(Redaction) string) *redactor {
	red := &redactor{
		everywhere: make([]*rule, len(collection.Columns)), keyed: map[int]map[string][]*rule{},
		scratch: make(Row, len(collection.Columns)),
	}
	for n, r := range c.Redactions {
		if r.System != system.Key || r.Collection != collection.Name {
			continue
		}
		red.active = true
		one := &rule{number: n, marker: connectors.Text(marker(r))}
		if r.Field != "" {
			one.columns = indexesOf(collection.Columns, r.Field)
		}
		if r.KeyField == "" {
			for _, column := range one.columns {
				red.everywhere[column] = one
			}
			continue
		}
		for _, key := range indexesOf(collection.Columns, r.KeyField) {
			if red.keyed[key] == nil {
				red.keyed[key] = map[string][]*rule{}
			}
			red.keyed[key][r.KeyValue] = append(red.keyed[key][r.KeyValue], one)
		}
	}
	return red
}

// apply gives the row as it may be written, or false when the whole row is removed. The caller's row is not changed.
func (red *redactor) apply(row Row) (Row, bool) {
	if !red.active {
		return row, true
	}
	copy(red.scratch, row)
	removed := false
	red.found = red.found[:0]
	for key, rules := range red.keyed {
		for _, one := range rules[row[key].String()] {
			if slices.Contains(red.found, one) {
				continue
			}
			one.seen++
			if len(one.columns) == 0 {
				one.hits++
				removed = true
			}
			red.found = append(red.found, one)
		}
	}
	if removed {
		return nil, false
	}
	for column, one := range red.everywhere {
		red.mask(column, one)
	}
	for _, one := range red.found {
		for _, column := range one.columns {
			red.mask(column, one)
		}
	}
	return red.scratch, true
}

// mask replaces a value by its marker. A missing value is left as it is: nothing was taken out.
func (red *redactor) mask(column int, one *rule) {
	if one == nil || red.scratch[column].Kind() == connectors.KindNull {
		return
	}
	red.scratch[column] = one.marker
	one.hits++
}

// rules lists each one at work once.
func (red *redactor) rules() []*rule {
	var out []*rule
	add := func(one *rule) {
		if one != nil && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	for _, one := range red.everywhere {
		add(one)
	}
	for _, byValue := range red.keyed {
		for _, rules := range byValue {
			for _, one := range rules {
				add(one)
			}
		}
	}
	return out
}
