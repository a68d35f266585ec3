package mysql

import (
	"fmt"

	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// listed reports whether the field is a list of values: these servers have no arrays, and lists are kept as JSON.
func listed(f field) bool {
	return f.Col.Class == relational.ClassJSON && len(f.Path) == 1 && f.Decl.Type.Array && f.Decl.Type.Base != dataset.Object && len(f.Decl.Fields) == 0
}

// Text writes a value as the server gives it, where that can be read.
func (dialect) Text(c relational.Column, expr string) (text, size, head string) {
	head = "''"
	switch c.Class {
	case relational.ClassBool, relational.ClassInt:
		if c.Bits {
			expr += " + 0"
		}
		return expr, "", ""
	case relational.ClassNumber, relational.ClassFloat:
		return expr, "", ""
	case relational.ClassDate, classLocal, classMoment, classTime, relational.ClassUUID:
		return "CAST(" + expr + " AS CHAR)", "", ""
	case relational.ClassBytes:
		return expr, "OCTET_LENGTH(" + expr + ")", head
	case relational.ClassJSON:
		return expr, "OCTET_LENGTH(" + expr + ")", head
	case classShape:
		text = "ST_AsText(" + expr + ")"
		return text, "OCTET_LENGTH(" + text + ")", head
	case relational.ClassText, relational.ClassEnum:
		text = expr
		if c.Charset != "utf8mb4" {
			text = "CONVERT(" + expr + " USING utf8mb4)"
		}
		head = fmt.Sprintf("LEFT(%s, %d)", text, relational.HeadLength)
	default:
		text = "CAST(" + expr + " AS CHAR)"
	}
	return text, "OCTET_LENGTH(" + text + ")", head
}
