package postgres

import (
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// The classes that only PostgreSQL has.
const (
	classMoney  relational.Class = "money"
	classLocal  relational.Class = "timestamp"
	classMoment relational.Class = "timestamp with time zone"
	classRow    relational.Class = "composite"
)

// classOf sorts a type by its name, kind and category in the catalog.
func classOf(typname, typtype, category string) relational.Class {
	switch {
	case category == "A":
		return relational.ClassArray
	case typtype == "e":
		return relational.ClassEnum
	case typtype == "c":
		return classRow
	}
	switch typname {
	case "bool":
		return relational.ClassBool
	case "int2", "int4", "int8", "oid":
		return relational.ClassInt
	case "numeric":
		return relational.ClassNumber
	case "float4", "float8":
		return relational.ClassFloat
	case "money":
		return classMoney
	case "text", "varchar", "bpchar", "name", "citext", "char":
		return relational.ClassText
	case "uuid":
		return relational.ClassUUID
	case "date":
		return relational.ClassDate
	case "timestamp":
		return classLocal
	case "timestamptz":
		return classMoment
	case "bytea":
		return relational.ClassBytes
	case "json", "jsonb":
		return relational.ClassJSON
	}
	return relational.ClassOther
}

// Fits looks into arrays, and takes composites for documents.
func (dialect) Fits(c column, t dataset.DataType, nested bool) bool {
	if nested || t.Base == dataset.Object {
		return c.Class == relational.ClassJSON || c.Class == classRow || c.Class == relational.ClassArray && (c.Element == relational.ClassJSON || c.Element == classRow)
	}
	if t.Array {
		return c.Class == relational.ClassJSON || c.Class == relational.ClassArray && holds(c.Element, t.Base)
	}
	return holds(c.Class, t.Base)
}

// holds reports whether a scalar class can hold a declared base type; an undeclared type fits anything.
func holds(c relational.Class, base string) bool {
	switch base {
	case dataset.Integer:
		return c == relational.ClassInt || c == relational.ClassNumber
	case dataset.Float:
		return c == relational.ClassFloat || c == relational.ClassNumber || c == classMoney
	case dataset.Boolean:
		return c == relational.ClassBool
	case dataset.String, dataset.ObjectID:
		switch c {
		case relational.ClassBool, relational.ClassInt, relational.ClassNumber, relational.ClassFloat, relational.ClassJSON, relational.ClassArray, classRow, relational.ClassBytes:
			return false
		}
	}
	return true
}
