package relational

import "github.com/privacy-docket/docket/privacy/dataset"

// Class groups the types whose values can be compared with each other and are written alike. A database may have further ones.
type Class string

// The classes that every database has.
const (
	ClassBool   Class = "boolean"
	ClassInt    Class = "integer"
	ClassNumber Class = "decimal number"
	ClassFloat  Class = "floating-point number"
	ClassText   Class = "text"
	ClassUUID   Class = "uuid"
	ClassDate   Class = "date"
	ClassBytes  Class = "bytes"
	ClassJSON   Class = "json"
	ClassEnum   Class = "enumeration"
	ClassArray  Class = "array"
	ClassOther  Class = "other"
	// ClassMember is a value inside a JSON document; it is compared as text with anything.
	ClassMember Class = "json member"
)

// Kind groups classes by how their values can be masked. Those of one database alone it doesn't know.
func (c Class) Kind() dataset.ColumnKind {
	switch c {
	case ClassText:
		return dataset.ColumnText
	case ClassInt, ClassNumber, ClassFloat:
		return dataset.ColumnNumber
	case ClassBool:
		return dataset.ColumnBool
	case ClassDate:
		return dataset.ColumnDate
	case ClassUUID:
		return dataset.ColumnUUID
	case ClassBytes:
		return dataset.ColumnBytes
	case ClassJSON:
		return dataset.ColumnJSON
	default:
		return dataset.ColumnOther
	}
}
