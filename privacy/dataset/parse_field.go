package dataset

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fields reads the fields of a collection or of an object.
func (r reader) fields(o object) []Field {
	var out []Field
	seen := map[string]int{}
	for _, n := range o.list("fields") {
		f := r.field(n, o.path)
		r.once(seen, f.Name, f.Line, o.path, "field")
		out = append(out, f)
	}
	return out
}

// field reads one field and what is nested in it.
func (r reader) field(n *yaml.Node, parent string) Field {
	o := r.keeping(n, parent, keptIn("field"), "name", "description", "data_categories", "fides_meta", "fidesops_meta", "fields")
	f := Field{Line: n.Line, Name: o.required("name")}
	o.path = parent + "." + f.Name
	r.name(o, "name", f.Name)
	f.Description = o.str("description")
	f.Categories = r.annotated(o)
	f.Fields = r.fields(o)
	meta := r.meta(o, "field_meta", fieldMeta()...)
	f.Identity, f.RequestField = meta.str("identity"), meta.str("custom_request_field")
	r.name(meta, "identity", f.Identity)
	r.name(meta, "custom_request_field", f.RequestField)
	f.PrimaryKey, f.ReadOnly = meta.boolean("primary_key"), meta.boolean("read_only")
	f.ReturnAllElements = meta.boolean("return_all_elements")
	f.Length = meta.positive("length")
	f.Type = r.dataType(meta, len(f.Fields) > 0)
	f.Masking = r.masking(meta)
	for _, ref := range meta.list("references") {
		f.References = append(f.References, r.reference(ref, o.path))
	}
	r.checkObject(o, f)
	return f
}

// dataType reads a type's name, with [] for arrays. Where a database's own type holds others, the nested fields say that it is an object.
func (r reader) dataType(meta object, nested bool) DataType {
	s := meta.str("data_type")
	base, array := strings.CutSuffix(s, "[]")
	known := []string{String, Integer, Float, Boolean, Object, ObjectID}
	if s == "" || slices.Contains(known, base) {
		return DataType{Base: base, Array: array}
	}
	if as, sql := sqlType(base); sql {
		if nested {
			as = Object
		}
		if as == "" {
			r.note(meta.lineOf("data_type"), meta.path, fmt.Sprintf("data_type %s is kept and not used: the format has no such type", quoted(s)))
			return DataType{}
		}
		r.note(meta.lineOf("data_type"), meta.path, fmt.Sprintf("data_type %s is read as %s", quoted(s), as))
		return DataType{Base: as, Array: array}
	}
	meta.problem("data_type", fmt.Sprintf("unknown data_type %q", s),
		"use one of "+strings.Join(known, ", ")+", with [] behind it for arrays")
	return DataType{}
}

// sqlType reads the names that databases have for their types, which some programs write. Empty is a type that the format has nothing for.
func sqlType(name string) (base string, known bool) {
	name, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(name)), "(")
	for base, names := range map[string]string{
		Integer: "bigint smallint int int2 int4 int8 int64 tinyint mediumint serial bigserial long",
		Float:   "numeric decimal real double float4 float8 float64 number money bignumeric",
		String:  "varchar char text citext character nvarchar nchar bpchar longtext mediumtext str",
		Boolean: "bool bit",
		"":      "json jsonb struct record map variant super date datetime timestamp timestamptz time timetz interval bytea blob binary varbinary bytes uuid inet cidr enum xml geometry geography point array",
	} {
		if slices.Contains(strings.Fields(names), name) {
			return base, true
		}
	}
	return "", false
}

// masking reads a masking override.
func (r reader) masking(meta object) *Masking {
	n := meta.get("masking_strategy_override")
	if n == nil {
		return nil
	}
	o := r.object(n, meta.path, "strategy", "configuration")
	return &Masking{Strategy: o.required("strategy"), Configuration: o.anyMap("configuration")}
}

// reference reads one reference.
func (r reader) reference(n *yaml.Node, path string) Reference {
	o := r.object(n, path, "dataset", "field", "direction")
	ref := Reference{Line: n.Line, Dataset: o.required("dataset"), Field: o.required("field"), Direction: Direction(o.str("direction"))}
	if ref.Direction != Both && ref.Direction != To && ref.Direction != From {
		o.problem("direction", fmt.Sprintf("unknown direction %q", ref.Direction), "write to or from, or leave it out for both")
	}
	if len(ref.Field) > maxName || len(ref.Dataset) > maxName {
		o.problem("field", fmt.Sprintf("the reference's names have more than %d bytes", maxName), "correct them")
	}
	if ref.Field != "" && !strings.Contains(ref.Field, ".") {
		o.problem("field", fmt.Sprintf("%q does not name a field", ref.Field), "write it as collection.field")
	}
	return ref
}

// checkObject keeps objects and plain fields apart: what is said of an object is said of its members.
func (r reader) checkObject(o object, f Field) {
	isObject := f.Type.Base == Object || len(f.Fields) > 0
	if !isObject {
		if f.ReturnAllElements && !f.Type.Array {
			o.src.add(f.Line, o.path, "return_all_elements is set on a field that is no array", "declare data_type with [] or remove it")
		}
		return
	}
	if f.Type.Base != "" && f.Type.Base != Object {
		o.src.add(f.Line, o.path, "a field of type "+f.Type.String()+" can't have nested fields", "declare it as object or object[]")
	}
	if len(f.Categories) > 0 {
		o.src.add(f.Line, o.path, "a field of type object has data categories of its own", "give the categories to its nested fields")
	}
	if f.Identity != "" || f.RequestField != "" || f.PrimaryKey || len(f.References) > 0 {
		o.src.add(f.Line, o.path, "a field of type object can't find rows by itself", "move identity, primary_key and references to a nested field")
	}
}
