package postgres

import "github.com/privacy-docket/docket/privacy/dataset"

// class groups the types whose values can be compared with each other and are written alike.
type class string

// The classes.
const (
	classBool   class = "boolean"
	classInt    class = "integer"
	classNumber class = "decimal number"
	classFloat  class = "floating-point number"
	classMoney  class = "money"
	classText   class = "text"
	classUUID   class = "uuid"
	classDate   class = "date"
	classLocal  class = "timestamp"
	classMoment class = "timestamp with time zone"
	classBytes  class = "bytes"
	classJSON   class = "json"
	classEnum   class = "enumeration"
	classRow    class = "composite"
	classArray  class = "array"
	classOther  class = "other"
	// classMember is a value inside a JSON document; it is compared as text with anything.
	classMember class = "json member"
)

// classOf sorts a type by its name, kind and category in the catalog.
func classOf(typname, typtype, category string) class {
	switch {
	case category == "A":
		return classArray
	case typtype == "e":
		return classEnum
	case typtype == "c":
		return classRow
	}
	switch typname {
	case "bool":
		return classBool
	case "int2", "int4", "int8", "oid":
		return classInt
	case "numeric":
		return classNumber
	case "float4", "float8":
		return classFloat
	case "money":
		return classMoney
	case "text", "varchar", "bpchar", "name", "citext", "char":
		return classText
	case "uuid":
		return classUUID
	case "date":
		return classDate
	case "timestamp":
		return classLocal
	case "timestamptz":
		return classMoment
	case "bytea":
		return classBytes
	case "json", "jsonb":
		return classJSON
	}
	return classOther
}

// comparable reports whether values of two classes can be compared without guessing.
func (c class) comparable(d class) bool {
	numeric := func(x class) bool { return x == classInt || x == classNumber }
	return c == d || c == classMember || d == classMember || numeric(c) && numeric(d)
}

// fits reports whether a column can hold what the annotation declares.
func (c column) fits(t dataset.DataType, nested bool) bool {
	if nested || t.Base == dataset.Object {
		return c.class == classJSON || c.class == classRow || c.class == classArray && (c.element == classJSON || c.element == classRow)
	}
	if t.Array {
		return c.class == classJSON || c.class == classArray && c.element.holds(t.Base)
	}
	return c.class.holds(t.Base)
}

// holds reports whether a scalar class can hold a declared base type; an undeclared type fits anything.
func (c class) holds(base string) bool {
	switch base {
	case dataset.Integer:
		return c == classInt || c == classNumber
	case dataset.Float:
		return c == classFloat || c == classNumber || c == classMoney
	case dataset.Boolean:
		return c == classBool
	case dataset.String, dataset.ObjectID:
		switch c {
		case classBool, classInt, classNumber, classFloat, classJSON, classArray, classRow, classBytes:
			return false
		}
	}
	return true
}
