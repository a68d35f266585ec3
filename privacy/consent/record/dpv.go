package record

import (
	"fmt"
	"time"
)

// Profile is the schema that a record is to be read by: ISO/IEC TS 27560:2023 in the words of the Data Privacy Vocabulary.
const Profile = "https://w3id.org/dpv/schema/dpv-27560#record"

// DPV is a consent record by ISO/IEC TS 27560:2023 as JSON-LD, in the words of the Data Privacy Vocabulary 2
// (https://w3id.org/dpv/guides/consent-27560). Fields are in the order of that guide.
type DPV struct {
	Context    context  `json:"@context"`
	ID         string   `json:"@id"`
	Type       string   `json:"@type"`
	ConformsTo string   `json:"dct:conformsTo"`
	Identifier string   `json:"dct:identifier"`
	Created    string   `json:"dct:created"`
	Subject    entity   `json:"dpv:hasDataSubject"`
	Notices    []notice `json:"dpv:hasNotice,omitempty"`
	Process    process  `json:"dpv:hasProcess"`
	Entities   []entity `json:"dpv:hasEntity"`
	Events     []event  `json:"dpv:hasConsentStatus,omitempty"`
	Status     standing `json:"dpv:hasStatus"`
	Remarks    []string `json:"skos:note,omitempty"`
}

// The nodes that others refer to within a record.
const (
	person     = "_:person"
	controller = "_:controller"
	officer    = "_:officer"
)

// reference is to a node, or to a term.
type reference struct {
	ID string `json:"@id"`
}

// standing is the state of the consent at a moment.
type standing struct {
	Type     string    `json:"@type"`
	At       string    `json:"dct:date"`
	Duration *duration `json:"dpv:hasDuration,omitempty"`
}

// duration is how long something is valid.
type duration struct {
	Type  string `json:"@type"`
	Value string `json:"rdf:value,omitempty"`
}

// NewDPV writes a record. The error is a *MissingError where there is nothing that a record could be of; fields of the standard that are not on record are left
// out of the document, which names them.
func NewDPV(c *Consent) (*DPV, error) {
	if m := c.identified(); len(m) > 0 {
		return nil, &MissingError{Document: "a consent record (ISO/IEC TS 27560)", Fields: m}
	}
	out := &DPV{
		Context: vocabulary(), ID: "urn:uuid:" + c.ID, Type: "dpv:ConsentRecord", ConformsTo: Profile, Identifier: c.ID, Created: utc(c.Issued),
		Subject: entity{ID: person, Type: []string{"dpv:DataSubject"}, Identifier: c.Person},
		Process: newProcess(c), Entities: newEntities(c), Status: newStanding(c.Status, c.Issued),
	}
	texts := textsOf(c.Events)
	out.Notices, out.Events = newNotices(texts), newEvents(c, texts)
	out.Remarks = remarks(c, texts)
	return out, nil
}

func newStanding(s Status, at time.Time) standing {
	state := map[State]string{
		Asked: "dpv:ConsentRequested", Granted: "dpv:ConsentGiven", Implied: "dpv:ConsentGiven", Withdrawn: "dpv:ConsentWithdrawn", Expired: "dpv:ConsentExpired",
	}[s.State]
	if state == "" {
		state = "dpv:ConsentUnknown"
	}
	out := standing{Type: state, At: utc(at)}
	switch {
	case s.State == Implied && s.Until.IsZero():
		out.Duration = untilEvent("end of what implies it, or withdrawal of the consent")
	case s.stands():
		out.Duration = lasting(s.Until)
	}
	return out
}

// remarks name the fields that the standard wants and that are not on record, and how many events are no matter of consent.
func remarks(c *Consent, texts []Text) (out []string) {
	var m missing
	m.unless(len(texts) > 0, "the text that was shown, its version and its language (privacy_notice, language)")
	m.unless(c.Storage != nil, "where the data is kept and for how long (storage_locations, retention_period)")
	m.unless(len(c.Countries) > 0, "the jurisdiction (jurisdiction)")
	m.unless(c.Recipients != nil, "whether third parties receive the data (recipient_third_parties)")
	m.unless(c.WithdrawAt != "", "where consent is withdrawn (withdrawal_method)")
	m.unless(c.Controller.Address != Address{}, "the controller's postal address (party_address)")
	m.unless(c.Controller.reachable(), "how the controller is reached (party_contact)")
	for _, what := range m {
		out = append(out, "Not on record: "+what+".")
	}
	if left := len(c.Events) - len(newEvents(c, texts)); left > 0 {
		out = append(out, fmt.Sprintf("Left out, as the laws named here read no consent into them, are events of relations and addresses: %d.", left))
	}
	return out
}
