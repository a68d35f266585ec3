// Package packaging turns collected data into the package that answers an access or portability request: one ZIP file
// with a readable cover, the data as JSON and as CSV, and a manifest with a SHA-256 per file.
//
// A collection comes in parts. A few of them are read and encoded side by side, and no more than some megabytes of what comes
// of them is held. A ZIP is written one file after the other, so each collection is read twice, once for JSON and once for
// CSV; its parts must give the same rows both times. Encryption is the
// caller's: the io.Writer that Write is given is expected to encrypt.
package packaging

import (
	"io"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Contents is everything that goes into a package.
type Contents struct {
	Cover Cover
	// Systems in the order in which they are shown.
	Systems []System
	// Redactions are applied while the rows are written.
	Redactions []Redaction
	// Attachments are files that go in as they are: documents, images.
	Attachments []Attachment
	// Level is the compression level from 1 (fast) to 6 (small); 0 means DefaultLevel.
	Level int
}

// DefaultLevel is what the benchmarks in package.md were measured with.
const DefaultLevel = 1

// Statement is one, with its moment.
type Statement struct {
	Text string
	At   time.Time
}

// Cover is what the first page says about the request and the organisation.
type Cover struct {
	// Language of the cover: en, de, fr or es; others fall back to English.
	Language string
	// Reference of the case.
	Reference string
	// Right is access or portability.
	Right string
	// Regime is the law's id: gdpr, uk-gdpr, ccpa, …
	Regime string
	// Received and Built are when the request came and when the package was made. Built is also the time stamp of
	// every file in the ZIP.
	Received, Built time.Time
	// Zone of the dates; nil means UTC.
	Zone       *time.Location
	Controller Controller
	Authority  Authority
	// Question is what was asked in the person's own words; may be empty.
	Question string
	// Statements are what the person wanted to be kept beside data that was not corrected as they asked, oldest first.
	Statements []Statement
}

// Controller is the organisation that answers.
type Controller struct {
	Name, Address, Contact string
	// DPO is the data protection officer's name or function, DPOContact how to reach them; may be empty.
	DPO, DPOContact string
}

// Authority is where the person can complain; empty when the tenant has not named one.
type Authority struct {
	Name, URL string
}

// System is one data system that was searched.
type System struct {
	// Key becomes a folder name.
	Key string
	// Title for people; Key is used when it is empty.
	Title string
	// Declaration holds the Art. 15(1) and (2) information.
	Declaration dataset.Declaration
	Collections []Collection
	// Beyond are what the right does not reach, by reason: data that was not provided by the person, or rests on neither consent nor contract (Art. 20
	// GDPR).
	Beyond []Beyond
}

// Beyond is one field, or a collection as a whole where Field is empty, that a right does not reach.
type Beyond struct {
	Collection, Field string
	// Reason is one of privacy.DecidePortability.
	Reason string
}

// Collection is one table's rows about the person.
type Collection struct {
	// Dataset is the key of the annotation that it is of.
	Dataset string
	// Name becomes a file name.
	Name        string
	Description string
	Columns     []Column
	// Parts hold the rows, one behind the other.
	Parts []Part

	files unpacked
}

// Part is some of a collection's rows. Several parts are read at a time.
type Part struct {
	// Size is about how many bytes of memory it takes to read the part.
	Size int64
	// Rows yields every row in the same order each time it is called, and stops with yield's error when that
	// returns one. The row may be reused after yield has returned.
	Rows func(yield func(Row) error) error
}

// Column is one column, in the order of the row's values.
type Column struct {
	Name       string
	Categories []string
	// Beyond says why the right does not reach the column (see Beyond): it is in no file then, and rows are still told by it.
	Beyond string
	// File says that its binary values were files: each goes in as one, under files/, and the data say which. Named is the column with their names.
	File  bool
	Named string
}

// Value is one typed value as the systems gave it.
type Value = connectors.Value

// Row is one row's values in the order of the columns.
type Row = connectors.Row

// Attachment is a file that goes in as it is, under attachments/.
type Attachment struct {
	Name string
	// Open gives the bytes.
	Open func() (io.ReadCloser, error)
}
