package dataset

import (
	"fmt"
	"slices"
	"strings"
)

// CheckTerms says what in a declaration's terms of erasure, and in its lists, leads nowhere in the datasets of its system: a duty that hangs on a name
// with a mistake in it would keep nothing. What is said of a dataset that is not there yet is passed over unless strict is set. Kinds are those of record that a
// retention rule knows; without any they are not looked at.
func CheckTerms(d Declaration, datasets []Dataset, kinds []string, strict bool) Problems {
	c := termsCheck{datasets: datasets, kinds: kinds, strict: strict, terms: d.Erasure, file: "declaration"}
	for _, t := range d.Erasure {
		c.check(t)
	}
	c.names("corrections.self_service", d.Corrections.SelfService)
	c.names("portability.inferred", d.Portability.Inferred)
	c.names("portability.provided", d.Portability.Provided)
	if d.Corrections.Statement != "" {
		c.names("corrections.statement", []string{d.Corrections.Statement})
	}
	for _, t := range d.Limits {
		if t.List != "" {
			c.list(t)
		}
	}
	_ = c.found.err() // for the order
	return c.found
}

type termsCheck struct {
	datasets []Dataset
	kinds    []string
	strict   bool
	terms    []ErasureTerms
	file     string
	found    Problems
}

func (c *termsCheck) check(t ErasureTerms) {
	add := func(what, do string) {
		c.found = append(c.found, Problem{File: c.file, Line: t.Line, Path: "erasure." + t.Collection, What: what, Do: do})
	}
	for _, kind := range t.Records {
		if len(c.kinds) > 0 && !slices.Contains(c.kinds, kind) {
			add(fmt.Sprintf("no retention rule knows the kind of record %q, so that nothing would keep these rows", kind), "write it as GET /v1/retention-rules does")
		}
	}
	switch {
	case t.With != "" && t.With == t.Collection:
		add("with names the collection itself, so that nothing says how long these rows stay", "name the collection whose rows these belong to, or give this one records and events")
	case c.circular(t):
		add("with leads in a circle, so that nothing says how long these rows stay", "let one of the collections have records of its own")
	}
	c.collection(t.Collection, add)
	if t.With != "" {
		c.collection(t.With, add)
	}
	if collection, known := c.look(t.Collection); known && collection != nil {
		for event, field := range t.Events {
			if !collection.has(field) {
				add(fmt.Sprintf("the event %s is to be told by the field %q, which the collection has not", event, field), "name a field of the collection")
			}
		}
		for _, field := range t.Needs {
			if !collection.has(field) {
				add(fmt.Sprintf("needs names the field %q, which the collection has not", field), "name a field of the collection")
			}
		}
	}
}

// names wants texts to name fields, or collections, that are there.
func (c *termsCheck) names(place string, all []string) {
	for _, text := range all {
		parts := strings.SplitN(text, ".", 3)
		if len(parts) < 2 {
			continue // which parsing has told
		}
		add := func(what, do string) {
			c.found = append(c.found, Problem{File: c.file, Path: place, What: what, Do: do})
		}
		name := parts[0] + "." + parts[1]
		c.collection(name, add)
		if found, _ := c.look(name); found != nil && len(parts) == 3 && !found.has(parts[2]) {
			add(fmt.Sprintf("%q names a field that the collection has not", text), "write it as the annotation does")
		}
	}
}

// collection wants a name to be that of a collection that is there.
func (c *termsCheck) collection(name string, add func(what, do string)) {
	found, known := c.look(name)
	switch {
	case found != nil:
	case known:
		add(fmt.Sprintf("the dataset has no collection %q", name), "write dataset.collection as the annotation does")
	case c.strict:
		add(fmt.Sprintf("the system has no dataset with a collection %q", name), "write dataset.collection as the annotation does, or annotate it")
	}
}

// look finds a collection; known says that its dataset is there.
func (c *termsCheck) look(name string) (found *Collection, known bool) {
	key, collection, _ := strings.Cut(name, ".")
	for i := range c.datasets {
		if c.datasets[i].Key != key {
			continue
		}
		known = true
		for j := range c.datasets[i].Collections {
			if c.datasets[i].Collections[j].Name == collection {
				return &c.datasets[i].Collections[j], true
			}
		}
	}
	return nil, known
}

// circular reports whether with leads from a collection back to it. One that only leads to a circle is not to blame for it.
func (c *termsCheck) circular(t ErasureTerms) bool {
	at := t
	for range c.terms {
		next := slices.IndexFunc(c.terms, func(o ErasureTerms) bool { return at.With != "" && o.Collection == at.With })
		if next < 0 {
			return false
		}
		if at = c.terms[next]; at.Collection == t.Collection {
			return true
		}
	}
	return false
}

// has says whether a collection has a field, which may lie inside another: "address.city".
func (c *Collection) has(path string) bool {
	fields := c.Fields
	for i, name := range strings.Split(path, ".") {
		at := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
		if at < 0 {
			return i > 0 && len(fields) == 0 // inside an object of which the annotation says no more
		}
		fields = fields[at].Fields
	}
	return true
}
