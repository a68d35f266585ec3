package postgres

import (
	"fmt"

	"github.com/privacy-docket/docket/connectors/relational"
)

// Text writes every value as text.
func (dialect) Text(c column, expr string) (text, size, head string) {
	head = "''"
	switch c.Class {
	case relational.ClassBool, relational.ClassInt, relational.ClassFloat, relational.ClassUUID, relational.ClassDate, classLocal, classMoment, relational.ClassEnum:
		return expr + "::text", "", ""
	case classMoney:
		return expr + "::numeric::text", "", ""
	case relational.ClassBytes:
		return "encode(" + expr + ", 'base64')", "octet_length(" + expr + ")", head
	case classRow, relational.ClassArray:
		text = "to_json(" + expr + ")::text"
	case relational.ClassText:
		text = expr + "::text"
		head = fmt.Sprintf("left(%s, %d)", text, relational.HeadLength)
	default:
		text = expr + "::text"
	}
	return text, "octet_length(" + text + ")", head
}

// longestNumber is how long the text of a numeric can be: PostgreSQL keeps up to 131,072 digits before the point and 16,383
// behind it.
const longestNumber = 131_072 + 16_383 + 2
