package dataset

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// File is one annotation file.
type File struct {
	Name string
	Text []byte
}

// Parse reads one annotation file. The error is a Problems value that lists everything wrong with it, each with its line.
//
// A collection has to be reachable from an identity with what the file itself says; a reference to a dataset in another
// file counts as reaching. Where only the other file holds the reference, read both with ParseFiles.
func Parse(name string, text []byte) ([]Dataset, error) {
	return ParseFiles([]File{{Name: name, Text: text}})
}

// ParseFiles reads several annotation files that refer to each other, and checks them together.
func ParseFiles(files []File) ([]Dataset, error) {
	var all []Dataset
	var problems Problems
	for _, f := range files {
		r := reader{source: &source{file: f.Name}, taxonomy: NewTaxonomy()}
		all = append(all, r.file(f.Text)...)
		problems = append(problems, r.problems...)
	}
	if len(problems) > 0 {
		// References between half-read datasets would only produce problems that aren't there.
		return nil, problems.err()
	}
	if _, problems = build(all, false); len(problems) > 0 {
		return nil, problems.err()
	}
	return all, nil
}

// reader turns nodes into datasets, noting problems instead of stopping at the first.
type reader struct {
	*source
	taxonomy Taxonomy
	// own are the categories that the file declares beside the taxonomy's.
	own map[string]bool
}

// file reads the whole document.
func (r reader) file(text []byte) []Dataset {
	root := r.load(text)
	if root == nil {
		return nil
	}
	top := r.keeping(root, "", keptIn("file"), "dataset")
	r.own = r.declared(top)
	items := top.list("dataset")
	if len(items) == 0 && len(r.problems) == 0 {
		r.add(root.Line, "", "there is no dataset in the file", "write dataset: and a list of datasets below it")
	}
	var out []Dataset
	for _, n := range items {
		out = append(out, r.dataset(n))
	}
	return out
}

// dataset reads one dataset.
func (r reader) dataset(n *yaml.Node) Dataset {
	o := r.keeping(n, "", keptIn("dataset"), "fides_key", "organization_fides_key", "tags", "name", "description", "data_categories", "meta",
		"fides_meta", "fidesops_meta", "collections")
	d := Dataset{File: r.source.file, Line: n.Line, Key: o.required("fides_key")}
	o.path = d.Key
	r.name(o, "fides_key", d.Key)
	d.Name, d.Description = o.str("name"), o.str("description")
	d.Categories = r.annotated(o)
	d.Meta = o.anyMap("meta")
	meta := r.meta(o, "dataset_meta", "after")
	d.After = meta.names("after")
	r.namespace(meta, &d)
	seen := map[string]int{}
	for _, c := range o.list("collections") {
		coll := r.collection(c, d.Key)
		r.once(seen, coll.Name, coll.Line, d.Key, "collection")
		d.Collections = append(d.Collections, coll)
	}
	if len(d.Collections) == 0 {
		o.problem("collections", "the dataset has no collections", "list its tables under collections")
	}
	d.Notes = r.taken()
	return d
}

// collection reads one collection.
func (r reader) collection(n *yaml.Node, parent string) Collection {
	o := r.keeping(n, parent, keptIn("collection"), "name", "description", "data_categories", "fides_meta", "fidesops_meta", "fields")
	c := Collection{Line: n.Line, Name: o.required("name")}
	o.path = parent + "." + c.Name
	r.name(o, "name", c.Name)
	c.Description = o.str("description")
	c.Categories = r.annotated(o)
	meta := r.meta(o, "collection_meta", "after", "erase_after", "skip_processing")
	c.After, c.EraseAfter = meta.names("after"), meta.names("erase_after")
	c.Skip = meta.boolean("skip_processing")
	c.Fields = r.fields(o)
	if len(c.Fields) == 0 {
		o.problem("fields", "the collection has no fields", "list its columns under fields")
	}
	return c
}

// namespace takes the schema from the place where newer files name it.
func (r reader) namespace(meta object, d *Dataset) {
	n := meta.get("namespace")
	if n == nil {
		return
	}
	schema, _ := meta.anyMap("namespace")["schema"].(string)
	if _, said := d.Meta["schema"]; said || schema == "" {
		r.note(n.Line, meta.path, "namespace is kept and not used")
		return
	}
	if d.Meta == nil {
		d.Meta = map[string]any{}
	}
	d.Meta["schema"] = schema
	r.note(n.Line, meta.path, fmt.Sprintf("the schema %s is taken from namespace", quoted(schema)))
}

// meta opens fides_meta under either of its names.
func (r reader) meta(o object, place string, allowed ...string) object {
	now, old := o.get("fides_meta"), o.get("fidesops_meta")
	if now != nil && old != nil {
		o.problem("fidesops_meta", "both fides_meta and fidesops_meta are given", "move everything into fides_meta")
	}
	if now == nil {
		now = old
	}
	if now == nil {
		return object{src: r.source, path: o.path, line: o.line}
	}
	return r.keeping(now, o.path, keptIn(place), allowed...)
}

// wellNamed is the shape of every name. Path separators and quotes are impossible, so names can appear in file names.
var wellNamed = regexp.MustCompile(`^[\p{L}\p{N}_.\-]{1,128}$`)

// checkName reports whether a name has that shape.
func checkName(name string) bool { return wellNamed.MatchString(name) && strings.Trim(name, ".") != "" }

// name refuses names with other characters.
func (r reader) name(o object, key, name string) {
	if name == "" || checkName(name) {
		return
	}
	if strings.ContainsAny(name, "<>") {
		o.problem(key, fmt.Sprintf("the name %q is a placeholder", name), "write the dataset's own name in its place")
		return
	}
	o.problem(key, fmt.Sprintf("the name %q is not accepted", name),
		"use up to 128 letters, digits and _ . -; a table named otherwise can be read through a view")
}

// once refuses a second thing of the same name.
func (r reader) once(seen map[string]int, name string, line int, path, what string) {
	if name == "" {
		return
	}
	if first, twice := seen[name]; twice {
		r.add(line, path, fmt.Sprintf("the %s %q stands twice, first in line %d", what, name, first), "rename or remove one")
		return
	}
	seen[name] = line
}
