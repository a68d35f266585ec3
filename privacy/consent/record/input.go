// Package record writes what is on record of a consent in the forms that others read: a consent record by ISO/IEC TS 27560 in the words of the W3C's Data
// Privacy Vocabulary, and a consent receipt by Kantara's specification 1.1. It is pure. What is not on record is left out and named, and never made up.
package record

import (
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// Consent is what is on record of one person, for one purpose on one channel.
type Consent struct {
	// ID is that of the record, a UUID that stays the same as events are added; Issued is when the document is written.
	ID     string
	Issued time.Time
	// Person is a pseudonym under which the controller finds the person: never an address or a name.
	Person     string
	Controller Party
	// Officer is the data protection officer; nil where there is none.
	Officer *Party
	Purpose Purpose
	Channel privacy.MessageChannel
	// Countries are those whose law applies: ISO 3166-1 alpha-2 codes, or EEA.
	Countries []string
	Laws      []Law
	// Events are the lines of the ledger, the oldest first.
	Events []Event
	Status Status
	// WithdrawAt is where the person withdraws, RightsAt where they learn of their rights and use them, PolicyURL the privacy policy: absolute addresses.
	WithdrawAt, RightsAt, PolicyURL string
	// Recipients are third parties that receive the data; nil where it is not on record whether there are any, empty where there are none.
	Recipients []Party
	Storage    *Storage
	// Sensitive are categories of sensitive data that the consent is about.
	Sensitive []string
}

// Party is a controller, its data protection officer, or a third party.
type Party struct {
	ID, Name string
	// Contact is a person or an office to turn to.
	Contact, Email, Phone, URL string
	Address                    Address
}

// Address is a postal one.
type Address struct {
	Street, PostalCode, Locality, Region string
	// Country is an ISO 3166-1 alpha-2 code.
	Country string
}

// Purpose is what consent is given for.
type Purpose struct {
	ID, Title, Description string
	// Use says of what kind it is; empty where that is not on record.
	Use privacy.UsePurpose
	// Service is what the purpose belongs to.
	Service string
}

// Text is what a person was shown when they were asked, in the version and language that they saw.
type Text struct {
	ID, Version string
	// Language is a BCP 47 tag.
	Language string
	// SHA256 is the checksum of the text, in hexadecimal digits.
	SHA256 string
	// Shown is the first day on which the version was used; zero where that is not on record.
	Shown privacy.Date
}

// How is the way in which an event came on record.
type How string

// The ways, as the ledger names them.
const (
	ByForm         How = "form"
	ByImport       How = "import"
	ByStaff        How = "staff"
	ByAPI          How = "api"
	ByConfirmation How = "confirmation" // double opt-in: from the mailbox
	ByOneClick     How = "one_click"
	ByPage         How = "page"   // of preferences
	BySystem       How = "system" // a data system of the controller
	ByTimer        How = "timer"  // a day came
)

// Event is one line of the ledger, with its evidence.
type Event struct {
	Kind consent.Kind
	// At is when it happened, Recorded when it came on record. Zone is the one that the day was reckoned in; nil where that is not on record.
	At, Recorded time.Time
	Zone         *time.Location
	How          How
	// Source is where it came from: the name of a form, of a list, of a system.
	Source string
	// Text is what was shown; nil where that is not on record.
	Text *Text
	// Relation is what a refreshed, begun or ended relation is about.
	Relation privacy.ConsentEvent
	// NoSolicitation says that a statement against unsolicited messages came with an address.
	NoSolicitation bool
	// Until is the last day on which what is implied by it lets messages go; zero without end.
	Until privacy.Date
}

// Law is one that applies to the messages.
type Law struct {
	ID, Version, Name string
	Citation          privacy.Citation
	// Implies says that the law reads consent into relations and published addresses (CASL s.10(9)-(14); Spam Act 2003 Sch 2). By others they are no consent.
	Implies bool
}

// Storage is where and for how long the data is kept.
type Storage struct {
	Countries []string
	Retention privacy.Period
}
