package record

import (
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// process is what is done with the data: why, with which data, by whom, on which ground.
type process struct {
	Type         string         `json:"@type"`
	Purpose      purpose        `json:"dpv:hasPurpose"`
	Service      *titled        `json:"dpv:hasService,omitempty"`
	Data         []personalData `json:"dpv:hasPersonalData"`
	Controller   reference      `json:"dpv:hasDataController"`
	Recipients   []reference    `json:"dpv:hasRecipient,omitempty"`
	Storage      []condition    `json:"dpv:hasStorageCondition,omitempty"`
	Basis        []reference    `json:"dpv:hasLegalBasis,omitempty"`
	Jurisdiction []reference    `json:"dpv:hasJurisdiction,omitempty"`
	Laws         []law          `json:"dpv:hasApplicableLaw,omitempty"`
	Control      *control       `json:"dpv:hasConsentControl,omitempty"`
	Rights       *control       `json:"dpv:hasRight,omitempty"`
}

type purpose struct {
	Type        string `json:"@type"`
	Identifier  string `json:"dct:identifier,omitempty"`
	Broader     string `json:"skos:broader,omitempty"`
	Title       string `json:"dct:title"`
	Description string `json:"dct:description,omitempty"`
}

type titled struct {
	Type  string `json:"@type"`
	Title string `json:"dct:title"`
}

type personalData struct {
	Type    string `json:"@type"`
	Broader string `json:"skos:broader,omitempty"`
	Title   string `json:"dct:title,omitempty"`
}

// condition is where data is kept, or for how long.
type condition struct {
	Type     string      `json:"@type"`
	Location []reference `json:"dpv:hasLocation,omitempty"`
	Duration *duration   `json:"dpv:hasDuration,omitempty"`
}

// law is one that applies, in the edition of its rules.
type law struct {
	Type        string `json:"@type"`
	Identifier  string `json:"dct:identifier"`
	Title       string `json:"dct:title"`
	Description string `json:"dct:description"`
}

// control is where something is done.
type control struct {
	Type []string `json:"@type"`
	At   string   `json:"dpv:isExercisedAt"`
}

func newProcess(c *Consent) process {
	p := process{
		Type: "dpv:Process", Controller: reference{controller}, Basis: basis(c), Storage: newStorage(c.Storage),
		Purpose: purpose{
			Type: "dpv:Purpose", Identifier: c.Purpose.ID, Broader: broader(c.Purpose.Use), Title: c.Purpose.Title, Description: c.Purpose.Description,
		},
		Data: []personalData{{Type: "dpv:PersonalData", Broader: address(c.Channel)}},
	}
	for _, category := range c.Sensitive {
		p.Data = append(p.Data, personalData{Type: "dpv:SensitivePersonalData", Title: category})
	}
	if c.Purpose.Service != "" {
		p.Service = &titled{Type: "dpv:Service", Title: c.Purpose.Service}
	}
	for i := range c.Recipients {
		p.Recipients = append(p.Recipients, reference{recipient(i)})
	}
	p.Jurisdiction = places(c.Countries)
	for _, l := range c.Laws {
		p.Laws = append(p.Laws, law{Type: "dpv:Law", Identifier: l.ID + " " + l.Version, Title: l.Name, Description: l.Citation.Text})
	}
	if c.WithdrawAt != "" {
		p.Control = &control{Type: []string{"dpv:WithdrawConsent"}, At: c.WithdrawAt}
	}
	if c.RightsAt != "" {
		p.Rights = &control{Type: []string{"dpv:DataSubjectRight"}, At: c.RightsAt}
	}
	return p
}

// broader is the vocabulary's word for a kind of purpose; none where there is no word that says the same.
func broader(use privacy.UsePurpose) string {
	return map[privacy.UsePurpose]string{
		privacy.UseService: "dpv:ServiceProvision", privacy.UseSecurity: "dpv:EnforceSecurity", privacy.UseMarketing: "dpv:DirectMarketing",
		privacy.UseAdvertising: "dpv:TargetedAdvertising", privacy.UseSale: "dpv:SellDataToThirdParties", privacy.UseResearch: "dpv:ResearchAndDevelopment",
	}[use]
}

// address is the data that a message on a channel is sent to.
func address(by privacy.MessageChannel) string {
	switch by {
	case privacy.BySMS, privacy.ByPhone:
		return "pd:TelephoneNumber"
	case privacy.ByPost:
		return "pd:PhysicalAddress"
	case privacy.ByPush:
		return "pd:UID"
	default:
		return "pd:EmailAddress"
	}
}

// basis is the kinds of consent that were ever given.
func basis(c *Consent) (out []reference) {
	for i := range c.Events {
		_, kind := wordsFor(c.Events[:i+1], c.implies())
		if one := (reference{kind}); kind != "" && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

func newStorage(s *Storage) (out []condition) {
	if s == nil {
		return nil
	}
	if len(s.Countries) > 0 {
		out = append(out, condition{Type: "dpv:StorageLocation", Location: places(s.Countries)})
	}
	if !s.Retention.IsZero() {
		out = append(out, condition{Type: "dpv:StorageDuration", Duration: &duration{Type: "dpv:TemporalDuration", Value: iso(s.Retention)}})
	}
	return out
}

// iso writes a period as ISO 8601 has it; working days have no form there.
func iso(p privacy.Period) string {
	switch p.Unit {
	case privacy.Years:
		return fmt.Sprintf("P%dY", p.Count)
	case privacy.Months:
		return fmt.Sprintf("P%dM", p.Count)
	case privacy.Weeks:
		return fmt.Sprintf("P%dW", p.Count)
	case privacy.Days:
		return fmt.Sprintf("P%dD", p.Count)
	case privacy.Hours:
		return fmt.Sprintf("PT%dH", p.Count)
	default:
		return p.String()
	}
}

func places(codes []string) (out []reference) {
	for _, code := range codes {
		out = append(out, reference{"loc:" + code})
	}
	return out
}
