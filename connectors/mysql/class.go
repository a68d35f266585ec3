package mysql

import (
	"strings"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// class groups the types whose values can be compared with each other and are written alike.
type class string

// The classes.
const (
	classBool   class = "boolean"
	classInt    class = "integer"
	classNumber class = "decimal number"
	classFloat  class = "floating-point number"
	classText   class = "text"
	classUUID   class = "uuid"
	classDate   class = "date"
	classLocal  class = "datetime"
	classMoment class = "timestamp"
	classTime   class = "time of day"
	classBytes  class = "bytes"
	classJSON   class = "json"
	classEnum   class = "enumeration"
	classShape  class = "geometry"
	classOther  class = "other"
	// classMember is a value inside a JSON document; it is compared as text with anything.
	classMember class = "json member"
)

// classOf sorts a column by its type. A number of one digit or bit is what these servers keep truth values in.
func classOf(data, full string) class {
	switch data {
	case "tinyint":
		if strings.HasPrefix(full, "tinyint(1)") {
			return classBool
		}
		return classInt
	case "bit":
		if full == "bit(1)" {
			return classBool
		}
		return classInt
	case "smallint", "mediumint", "int", "bigint", "year":
		return classInt
	case "decimal":
		return classNumber
	case "float", "double":
		return classFloat
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext":
		return classText
	case "uuid":
		return classUUID
	case "date":
		return classDate
	case "datetime":
		return classLocal
	case "timestamp":
		return classMoment
	case "time":
		return classTime
	case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob":
		return classBytes
	case "json":
		return classJSON
	case "enum", "set":
		return classEnum
	case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "geomcollection":
		return classShape
	}
	return classOther
}

// numeric classes are compared as numbers with each other.
func (c class) numeric() bool { return c == classBool || c == classInt || c == classNumber }

// textual reports whether values are compared as text, byte for byte; all other classes are compared as the server compares them.
func (c class) textual() bool {
	switch c {
	case classText, classUUID, classEnum, classShape, classOther, classMember, classJSON:
		return true
	}
	return false
}

// comparable reports whether values of two classes can be compared without guessing.
func (c class) comparable(d class) bool {
	return c == d || c == classMember || d == classMember || c.numeric() && d.numeric()
}

// fits reports whether a column can hold what the annotation declares.
func (c column) fits(t dataset.DataType, nested bool) bool {
	if nested || t.Base == dataset.Object || t.Array {
		return c.class == classJSON
	}
	switch t.Base {
	case dataset.Integer:
		return c.class.numeric()
	case dataset.Float:
		return c.class == classFloat || c.class == classNumber
	case dataset.Boolean:
		return c.class == classBool
	case dataset.String, dataset.ObjectID:
		switch c.class {
		case classBool, classInt, classNumber, classFloat, classJSON, classBytes:
			return c.class == classBytes && t.Base == dataset.ObjectID // keys are often kept as their bytes
		}
	}
	return true
}
