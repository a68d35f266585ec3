package record

import (
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// KantaraVersion is the edition of the specification that a receipt is written by.
const KantaraVersion = "KI-CR-v1.1.0"

// Kantara is a receipt of one consent by the Kantara Initiative's Consent Receipt Specification 1.1.0 (20 February 2018), sections 4.3 to 4.5.
type Kantara struct {
	Version      string `json:"version"`
	Jurisdiction string `json:"jurisdiction"`
	// Timestamp is in seconds since 1970 (4.3.3).
	Timestamp int64 `json:"consentTimestamp"`
	// Method says how consent was obtained.
	Method      string              `json:"collectionMethod"`
	ID          string              `json:"consentReceiptID"`
	PublicKey   string              `json:"publicKey,omitempty"`
	Language    string              `json:"language,omitempty"`
	Principal   string              `json:"piiPrincipalId"`
	Controllers []KantaraController `json:"piiControllers"`
	PolicyURL   string              `json:"policyUrl"`
	Services    []KantaraService    `json:"services"`
	Sensitive   bool                `json:"sensitive"`
	// SensitiveCategories is never null: the schema wants a list.
	SensitiveCategories []string `json:"spiCat"`
}

// KantaraController is who collects the data (4.4).
type KantaraController struct {
	Name     string         `json:"piiController"`
	OnBehalf bool           `json:"onBehalf"`
	Contact  string         `json:"contact"`
	Address  KantaraAddress `json:"address"`
	Email    string         `json:"email"`
	Phone    string         `json:"phone"`
	URL      string         `json:"piiControllerUrl,omitempty"`
}

// KantaraAddress is a postal one, in the words of schema.org.
type KantaraAddress struct {
	Street     string `json:"streetAddress,omitempty"`
	PostalCode string `json:"postalCode,omitempty"`
	Locality   string `json:"addressLocality,omitempty"`
	Region     string `json:"addressRegion,omitempty"`
	Country    string `json:"addressCountry,omitempty"`
}

// KantaraService is what the purpose belongs to (4.5).
type KantaraService struct {
	Service  string           `json:"service"`
	Purposes []KantaraPurpose `json:"purposes"`
}

// KantaraPurpose is what consent was given for.
type KantaraPurpose struct {
	Purpose    string   `json:"purpose"`
	Categories []string `json:"purposeCategory"`
	// Type is EXPLICIT, or says how else consent came about (4.5.6).
	Type string   `json:"consentType"`
	Data []string `json:"piiCategory"`
	// Termination says when the consent ends.
	Termination string `json:"termination"`
	Disclosure  bool   `json:"thirdPartyDisclosure"`
	ThirdParty  string `json:"thirdPartyName,omitempty"`
}

// NewKantara writes the receipt of a consent that stands. publicKey is the controller's, empty where it signs nothing. The error is a *NoConsentError where no
// consent stands, and a *MissingError where the specification wants something that is not on record.
func NewKantara(c *Consent, publicKey string) (*Kantara, error) {
	m := c.identified()
	if len(m) > 0 {
		return nil, &MissingError{Document: "a consent receipt (Kantara 1.1)", Fields: m}
	}
	granted := c.granting()
	if granted == nil {
		return nil, &NoConsentError{State: c.Status.State}
	}
	m.receipt(c, granted)
	if len(m) > 0 {
		return nil, &MissingError{Document: "a consent receipt (Kantara 1.1)", Fields: m}
	}
	return &Kantara{
		Version: KantaraVersion, Jurisdiction: strings.Join(c.Countries, ", "), Timestamp: granted.At.Unix(), Method: method(granted), ID: c.ID,
		PublicKey: publicKey, Language: c.language(granted), Principal: c.Person, Controllers: []KantaraController{newController(&c.Controller)},
		PolicyURL: c.PolicyURL, Services: []KantaraService{{Service: c.Purpose.Service, Purposes: []KantaraPurpose{newPurpose(c, granted)}}},
		Sensitive: len(c.Sensitive) > 0, SensitiveCategories: append([]string{}, c.Sensitive...),
	}, nil
}

// granting is the event that the consent rests on as it stands: the last by which it was given, or, where it is implied, the last by which it is for as long.
func (c *Consent) granting() (last *Event) {
	if !c.Status.stands() {
		return nil
	}
	for i := range c.Events {
		e := &c.Events[i]
		_, kind := wordsFor(c.Events[:i+1], c.implies())
		switch {
		case e.Kind == consent.Withdrawn:
			last = nil
		case kind == "" || (kind == impliedConsent) != (c.Status.State == Implied):
		case last == nil || e.Until == c.Status.Until || last.Until != c.Status.Until:
			last = e
		}
	}
	return last
}

// language is that of the text that was shown with an event, or before it.
func (c *Consent) language(granted *Event) (tag string) {
	for i := range c.Events {
		if e := &c.Events[i]; e.Text != nil && !e.At.After(granted.At) {
			tag = e.Text.Language
		}
		if &c.Events[i] == granted {
			return tag
		}
	}
	return tag
}

func newController(p *Party) KantaraController {
	return KantaraController{
		Name: p.Name, Contact: p.Contact, Address: KantaraAddress(p.Address), Email: p.Email, Phone: p.Phone, URL: p.URL,
	}
}

func newPurpose(c *Consent, granted *Event) KantaraPurpose {
	out := KantaraPurpose{
		Purpose: c.Purpose.Title, Categories: []string{category(c.Purpose.Use)}, Type: "EXPLICIT", Data: []string{dataCategory(c.Channel)},
		Termination: termination(c), Disclosure: len(c.Recipients) > 0,
	}
	if c.Status.State == Implied {
		out.Type = "Implied: " + about(granted) + " on " + day(granted)
	}
	var names []string
	for _, r := range c.Recipients {
		names = append(names, r.Name)
	}
	out.ThirdParty = strings.Join(names, ", ")
	return out
}

// termination says when the consent ends: when it is withdrawn, or by itself after the last day of what is implied.
func termination(c *Consent) string {
	if c.Status.State == Implied && c.Status.Until.IsZero() {
		return "When what implies it ends, or consent is withdrawn: " + c.WithdrawAt
	}
	if c.Status.Until.IsZero() {
		return "When consent is withdrawn: " + c.WithdrawAt
	}
	return "After " + c.Status.Until.String() + ", or earlier when consent is withdrawn: " + c.WithdrawAt
}

// day is that of an event, in the zone that it was reckoned in.
func day(e *Event) string {
	zone := e.Zone
	if zone == nil {
		zone = time.UTC
	}
	return privacy.DateIn(e.At, zone).String()
}
