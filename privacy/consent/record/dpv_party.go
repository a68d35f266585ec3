package record

import "fmt"

// entity is a party, or the person.
type entity struct {
	ID         string     `json:"@id"`
	Type       []string   `json:"@type"`
	Identifier string     `json:"dct:identifier,omitempty"`
	Name       string     `json:"dpv:hasName,omitempty"`
	Contact    *contact   `json:"schema:contactPoint,omitempty"`
	Address    *place     `json:"schema:address,omitempty"`
	URL        string     `json:"schema:url,omitempty"`
	Policy     *policy    `json:"dpv:hasNotice,omitempty"`
	Officer    *reference `json:"dpv:hasDataProtectionOfficer,omitempty"`
}

type contact struct {
	Type  string `json:"@type"`
	Name  string `json:"schema:name,omitempty"`
	Email string `json:"schema:email,omitempty"`
	Phone string `json:"schema:telephone,omitempty"`
}

type place struct {
	Type       string `json:"@type"`
	Street     string `json:"schema:streetAddress,omitempty"`
	PostalCode string `json:"schema:postalCode,omitempty"`
	Locality   string `json:"schema:addressLocality,omitempty"`
	Region     string `json:"schema:addressRegion,omitempty"`
	Country    string `json:"schema:addressCountry,omitempty"`
}

// policy is the controller's privacy policy.
type policy struct {
	Type string `json:"@type"`
	URL  string `json:"schema:url"`
}

// newEntities are the controller, its data protection officer and third parties.
func newEntities(c *Consent) []entity {
	first := newEntity(controller, "dpv:DataController", &c.Controller)
	if c.PolicyURL != "" {
		first.Policy = &policy{Type: "dpv:PrivacyNotice", URL: c.PolicyURL}
	}
	out := []entity{first}
	if c.Officer != nil {
		out[0].Officer = &reference{officer}
		out = append(out, newEntity(officer, "dpv:DataProtectionOfficer", c.Officer))
	}
	for i := range c.Recipients {
		out = append(out, newEntity(recipient(i), "dpv:ThirdParty", &c.Recipients[i]))
	}
	return out
}

// recipient names the nodes of third parties.
func recipient(i int) string { return fmt.Sprintf("_:recipient-%d", i+1) }

func newEntity(id, role string, p *Party) entity {
	out := entity{ID: id, Type: []string{role}, Identifier: p.ID, Name: p.Name, URL: p.URL}
	if p.reachable() {
		out.Contact = &contact{Type: "schema:ContactPoint", Name: p.Contact, Email: p.Email, Phone: p.Phone}
	}
	if a := p.Address; a != (Address{}) {
		out.Address = &place{
			Type: "schema:PostalAddress", Street: a.Street, PostalCode: a.PostalCode, Locality: a.Locality, Region: a.Region, Country: a.Country,
		}
	}
	return out
}

// reachable says whether there is a way to turn to a party.
func (p *Party) reachable() bool { return p.Contact != "" || p.Email != "" || p.Phone != "" }
