package mysql

import (
	"strings"

	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// The classes that only MySQL and MariaDB have.
const (
	classLocal  relational.Class = "datetime"
	classMoment relational.Class = "timestamp"
	classTime   relational.Class = "time of day"
	classShape  relational.Class = "geometry"
)

// classOf sorts a column by its type. A number of one digit or bit is what these servers keep truth values in.
func classOf(data, full string) relational.Class {
	switch data {
	case "tinyint":
		if strings.HasPrefix(full, "tinyint(1)") {
			return relational.ClassBool
		}
		return relational.ClassInt
	case "bit":
		if full == "bit(1)" {
			return relational.ClassBool
		}
		return relational.ClassInt
	case "smallint", "mediumint", "int", "bigint", "year":
		return relational.ClassInt
	case "decimal":
		return relational.ClassNumber
	case "float", "double":
		return relational.ClassFloat
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext":
		return relational.ClassText
	case "uuid":
		return relational.ClassUUID
	case "date":
		return relational.ClassDate
	case "datetime":
		return classLocal
	case "timestamp":
		return classMoment
	case "time":
		return classTime
	case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob":
		return relational.ClassBytes
	case "json":
		return relational.ClassJSON
	case "enum", "set":
		return relational.ClassEnum
	case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "geomcollection":
		return classShape
	}
	return relational.ClassOther
}

// numeric classes are compared as numbers with each other.
func numeric(c relational.Class) bool {
	return c == relational.ClassBool || c == relational.ClassInt || c == relational.ClassNumber
}

// textual reports whether values are compared as text, byte for byte; all other classes are compared as the server compares them.
func textual(c relational.Class) bool {
	switch c {
	case relational.ClassText, relational.ClassUUID, relational.ClassEnum, classShape, relational.ClassOther, relational.ClassMember, relational.ClassJSON:
		return true
	}
	return false
}

// Comparable takes nothing for the same that the server would have to guess about.
func (dialect) Comparable(a, b relational.Class) bool {
	return a == b || a == relational.ClassMember || b == relational.ClassMember || numeric(a) && numeric(b)
}

// Fits takes documents for lists.
func (dialect) Fits(c relational.Column, t dataset.DataType, nested bool) bool {
	if nested || t.Base == dataset.Object || t.Array {
		return c.Class == relational.ClassJSON
	}
	switch t.Base {
	case dataset.Integer:
		return numeric(c.Class)
	case dataset.Float:
		return c.Class == relational.ClassFloat || c.Class == relational.ClassNumber
	case dataset.Boolean:
		return c.Class == relational.ClassBool
	case dataset.String, dataset.ObjectID:
		switch c.Class {
		case relational.ClassBool, relational.ClassInt, relational.ClassNumber, relational.ClassFloat, relational.ClassJSON, relational.ClassBytes:
			return c.Class == relational.ClassBytes && t.Base == dataset.ObjectID // keys are often kept as their bytes
		}
	}
	return true
}
