package dataset

// Declaration is what a system's owner states about the processing in it, so that Art. 15(1) and (2) GDPR can be answered:
// purposes, categories, recipients, retention, source, automated decisions, and safeguards for third countries.
type Declaration struct {
	// System is the key of the system the declaration belongs to.
	System string `json:"system"`
	Name   Text   `json:"name"`
	// Subjects are data_subject keys of the taxonomy.
	Subjects []string `json:"subjects"`
	// Purposes answer Art. 15(1)(a), and with their categories (b).
	Purposes []Purpose `json:"purposes"`
	// Recipients answer Art. 15(1)(c) and, for third countries, 15(2).
	Recipients []Recipient `json:"recipients"`
	// Retention answers Art. 15(1)(d).
	Retention []Retention `json:"retention"`
	// Source answers Art. 15(1)(g).
	Source Source `json:"source"`
	// Decisions answer Art. 15(1)(h). None means that no decision of the kind of Art. 22 is taken.
	Decisions []Decision `json:"automated_decisions"`
	// Erasure says what Art. 17 means in the system's collections; a collection that is not named has its personal fields masked.
	Erasure []ErasureTerms `json:"erasure,omitempty"`
	// Limits say where the system marks what may not be done with a person's data: it obeys the mark.
	Limits []LimitTerms `json:"limits,omitempty"`
	// Corrections say what people correct themselves, and where the system keeps what they say of data that was not corrected.
	Corrections CorrectionTerms `json:"corrections,omitzero"`
	// Portability says where data comes from, where Source does not (Art. 20 GDPR).
	Portability PortabilityTerms `json:"portability,omitzero"`
	Line        int              `json:"-"`
}

// CorrectionTerms are a system's for corrections (Art. 16 GDPR).
type CorrectionTerms struct {
	// SelfService names fields ("dataset.collection.field") that the person corrects without a decision of the staff.
	SelfService []string `json:"self_service,omitempty"`
	// Statement is the field ("dataset.collection.field") that takes the statement of a person whose data was not corrected as they asked.
	Statement string `json:"statement,omitempty"`
}

// LimitTerms are one mark: a field that says so in the person's own rows, or a list that the person is on.
type LimitTerms struct {
	// Collection is "dataset.collection", and Field one at its top.
	Collection string `json:"collection"`
	Field      string `json:"field,omitempty"`
	// List is the field at the top of the collection that holds who is on the list: an identity of the annotation. It stands in place of Field.
	List string `json:"list,omitempty"`
	// Kinds are the limits that the mark is for: direct_marketing, restriction.
	Kinds []string `json:"kinds"`
	// Set is what the field says while a limit stands, and Clear what it says when it ends: nothing where Clear is empty. Without Clear it stays
	// as it is, for the end of an objection subscribes nobody.
	Set   string  `json:"set,omitempty"`
	Clear *string `json:"clear,omitempty"`
	// Remove takes the person off the list when the last limit that wants the mark has ended; otherwise they stay on it.
	Remove bool `json:"remove,omitempty"`
	Line   int  `json:"-"`
}

// ErasureTerms are one collection's.
type ErasureTerms struct {
	// Collection is "dataset.collection".
	Collection string        `json:"collection"`
	Method     ErasureMethod `json:"method,omitempty"`
	// Records are the kinds of record that the rows are, as the retention rules name them: invoice, payroll.
	Records []string `json:"records,omitempty"`
	// Events tell in which field the day lies that a retention rule counts from: created → placed_at.
	Events map[string]string `json:"events,omitempty"`
	// With is a collection ("dataset.collection") whose rows these belong to, as the lines of an order, or that refer to these, as orders do to
	// the customer whom an invoice names: they stay as long as those do.
	With string `json:"with,omitempty"`
	// Needs are the fields that a duty to keep the rows needs; the others are erased all the same. None means all.
	Needs []string `json:"needs,omitempty"`
	Line  int      `json:"-"`
}

// ErasureMethod is what erasing does to the rows of a collection that nothing keeps.
type ErasureMethod string

// The methods.
const (
	MaskFields ErasureMethod = "mask" // the default
	DeleteRows ErasureMethod = "delete"
	// Anonymise keeps what analysis needs and nothing that leads to the person.
	Anonymise ErasureMethod = "anonymise"
)

// Text is a text in several languages, by two-letter code. English is always there.
type Text map[string]string

// In returns the text in a language, or in English.
func (t Text) In(language string) string {
	if s := t[language]; s != "" {
		return s
	}
	return t["en"]
}

// Purpose is one use of the data and what allows it.
type Purpose struct {
	// Use is a data_use key of the taxonomy.
	Use         string      `json:"use"`
	Description Text        `json:"description"`
	Basis       LawfulBasis `json:"lawful_basis"`
	// Interest names the legitimate interest; Art. 13(1)(d) and 14(2)(b) ask for it when the basis is Art. 6(1)(f).
	Interest   Text     `json:"legitimate_interest,omitempty"`
	Categories []string `json:"data_categories"`
}

// LawfulBasis is a letter of Art. 6(1) GDPR, by name.
type LawfulBasis string

// The bases of Art. 6(1)(a) to (f) GDPR.
const (
	Consent             LawfulBasis = "consent"
	Contract            LawfulBasis = "contract"
	LegalObligation     LawfulBasis = "legal_obligation"
	VitalInterests      LawfulBasis = "vital_interests"
	PublicTask          LawfulBasis = "public_task"
	LegitimateInterests LawfulBasis = "legitimate_interests"
)

// Recipient is somebody the data is disclosed to.
type Recipient struct {
	Name string `json:"name"`
	// Role is processor, controller or authority.
	Role    string `json:"role"`
	Purpose Text   `json:"purpose"`
	// Country is the ISO 3166-1 code of where the recipient processes.
	Country string `json:"country"`
	// Safeguard is needed outside the European Economic Area: adequacy (Art. 45), scc or bcr (Art. 46, 47), derogation (Art. 49).
	Safeguard string `json:"safeguard,omitempty"`
	// SafeguardText tells the person what it is and where to get a copy.
	SafeguardText Text     `json:"safeguard_text,omitempty"`
	Categories    []string `json:"data_categories"`
	// Email is the mailbox that is told what was corrected, erased or restricted (Art. 19 GDPR). Language is what it reads, Identities what they are
	// told of the person. System is in place of these where the recipient has a system that somebody is asked about: it is told over its connector. With
	// neither a member of staff tells them.
	Email      string   `json:"email,omitempty"`
	Language   string   `json:"language,omitempty"`
	Identities []string `json:"identities,omitempty"`
	System     string   `json:"system,omitempty"`
	// Line is where it stands in its document.
	Line int `json:"-"`
}

// ThirdCountry reports whether the recipient is outside the European Economic Area, so that Art. 15(2) applies.
func (r Recipient) ThirdCountry() bool { return !inEEA(r.Country) }

// Retention is how long some categories are kept: a period, the criteria that decide it, or both.
type Retention struct {
	Categories []string `json:"data_categories"`
	// Period is an ISO 8601 duration of whole years, months, weeks or days: P10Y.
	Period string `json:"period,omitempty"`
	// Criteria say what the period counts from, or what decides when there is none.
	Criteria Text `json:"criteria"`
}

// Source is where the data comes from.
type Source struct {
	// FromSubject is set when everything comes from the person; Text is then optional.
	FromSubject bool `json:"from_subject"`
	Text        Text `json:"text,omitempty"`
}

// Decision is an automated decision, profiling included, with legal or similarly significant effect.
type Decision struct {
	Name         Text `json:"name"`
	Logic        Text `json:"logic"`
	Significance Text `json:"significance"`
}
