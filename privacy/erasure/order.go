// Package erasure decides what becomes of each row and field that holds a person's data when it is erased: which rows go, which values are
// masked and how, what a law or a hold keeps, and in which order. It is pure: connectors carry the orders out.
package erasure

import (
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Treatment is what a mask does to a value. Each one does nothing to a value that it has treated already, so that work which
// stopped anywhere can be begun again.
type Treatment string

// The treatments.
const (
	// Null writes no value.
	Null Treatment = "null"
	// Fixed writes Mask.Value, cast to the column's type.
	Fixed Treatment = "fixed"
	// Random writes a token that has nothing to do with the value.
	Random Treatment = "random"
	// Hash writes a token made from the value and a salt of the case: the same value gives the same token within one erasure. A hash
	// without a salt would be undone by trying every e-mail address.
	Hash Treatment = "hash"
	// KeyedHash is an HMAC of the value under a key of the case, as a token.
	KeyedHash Treatment = "keyed_hash"
	// Shape keeps the form: A to Z become X, digits 0, everything else that is no ASCII punctuation or space x.
	Shape Treatment = "format_preserving"
	// Generalise keeps what analysis needs: the year of a date, a number to tens, the network of an IP address, the first two characters of a text.
	Generalise Treatment = "generalise"
)

// Set is no treatment of an erasure: it writes Mask.Value also where there is no value, and with Mask.Only nowhere but where it says that.
const Set Treatment = "set"

// Treatments lists those that erase.
func Treatments() []Treatment {
	return []Treatment{Null, Fixed, Random, Hash, KeyedHash, Shape, Generalise}
}

// Token says whether the treatment writes a token. Tokens are TokenLength characters of hexadecimal, of which the last TokenMark
// are an HMAC over those before, under a key of the case: whoever has the key can tell them from values.
func (t Treatment) Token() bool { return t == Random || t == Hash || t == KeyedHash }

// The lengths of a token. Where a column takes less, the token is shorter; below TokenShortest there is none.
const (
	TokenLength   = 32
	TokenMark     = 8
	TokenShortest = 12
)

// Mask is one field's treatment.
type Mask struct {
	// Path is the field: a column, or with more elements a member of an object inside one.
	Path      []string  `json:"path"`
	Treatment Treatment `json:"treatment"`
	// Value is what Fixed and Set write.
	Value string `json:"value,omitempty"`
	// Only narrows Set and Null to fields that say this, and Absent narrows Set to fields that have no value.
	Only   *string `json:"only,omitempty"`
	Absent bool    `json:"absent,omitempty"`
	// Suffix stands behind a token, as in "@erased.invalid".
	Suffix string `json:"suffix,omitempty"`
	// Length is the longest text the field takes; 0 when there is no limit.
	Length int `json:"length,omitempty"`
	// Elements narrows the mask to the elements of an array that are the person's: they are taken out, and Treatment is not looked at.
	Elements bool `json:"elements,omitempty"`
}

// Order is what is to be done in one collection. Rows that it does not reach stay as they are.
type Order struct {
	dataset.Address
	// Delete takes the rows away; Masks treat their fields. One of the two.
	Delete bool   `json:"delete,omitempty"`
	Masks  []Mask `json:"masks,omitempty"`
	// Days narrows Delete and Masks to rows of certain days; nil reaches all of the person's rows.
	Days *Days `json:"days,omitempty"`
	// Trim treats fields of the rows that Days leaves: what the duty to keep them does not need.
	Trim []Mask `json:"trim,omitempty"`
	// Parts treats rows of other people in which single elements are the person's.
	Parts []Mask `json:"parts,omitempty"`
	// Claimed counts rows as the person's that theirs only point at: somebody has looked.
	Claimed bool `json:"claimed,omitempty"`
}

// Days tells rows apart by the day in one of their fields.
type Days struct {
	// Field is the field of the day: in the collection itself, or with Through in the collection that its rows belong to.
	Field   []string `json:"field"`
	Through *Through `json:"through,omitempty"`
	// Zone is the IANA zone in which moments are days.
	Zone string `json:"zone"`
	// Spans are the days whose rows are erased. All others stay, and so does a row without a day unless Undatable is in one of them.
	Spans []Span `json:"spans"`
}

// Through says how a row finds the one that it belongs to: the value at Path is the value of the field Of over there.
type Through struct {
	Path []string             `json:"path"`
	Of   dataset.FieldAddress `json:"of"`
	// Back says that the others refer to this row, as orders do to a customer: its day is the latest of theirs. A row that nobody refers to has
	// the day Unreferred, and one that a row without a day refers to the day Undatable.
	Back bool `json:"back,omitempty"`
}

// Unreferred and Undatable are the days of rows that have none by those that refer to them.
func Unreferred() privacy.Date { return privacy.NewDate(1, time.January, 1) }

// Undatable is the day of a row that a row without a day refers to.
func Undatable() privacy.Date { return privacy.NewDate(9999, time.December, 31) }

// Span is a run of days, both ends included.
type Span struct {
	From privacy.Date `json:"from"`
	To   privacy.Date `json:"to"`
}

// Has says whether a day lies in one of the spans.
func (d *Days) Has(day privacy.Date) bool {
	return slices.ContainsFunc(d.Spans, func(s Span) bool { return !day.Before(s.From) && !day.After(s.To) })
}
