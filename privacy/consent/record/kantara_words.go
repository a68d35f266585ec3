package record

import "github.com/privacy-docket/docket/privacy"

// receipt adds what the specification wants of a receipt beside what every document needs.
func (m *missing) receipt(c *Consent, granted *Event) {
	p := &c.Controller
	m.unless(len(c.Countries) > 0, "the jurisdiction")
	m.unless(method(granted) != "", "how consent was obtained")
	m.unless(p.Contact != "", "whom to turn to at the controller")
	m.unless(p.Address != Address{}, "the controller's postal address")
	m.unless(p.Email != "", "the controller's mail address")
	m.unless(p.Phone != "", "the controller's phone")
	m.unless(c.PolicyURL != "", "the address of the privacy policy")
	m.unless(c.Purpose.Service != "", "the service that the purpose belongs to")
	m.unless(category(c.Purpose.Use) != "", "the category of the purpose")
	m.unless(c.WithdrawAt != "", "where consent is withdrawn")
	m.unless(c.Recipients != nil, "whether third parties receive the data")
	for _, r := range c.Recipients {
		m.unless(r.Name != "", "the name of a third party")
	}
}

// method says in words how consent was obtained; empty where it is not on record.
func method(e *Event) string {
	words := map[How]string{
		ByForm: "form", ByImport: "imported from an earlier record", ByStaff: "recorded by staff", ByAPI: "sent by another system of the controller",
		ByConfirmation: "confirmed from the mailbox (double opt-in)", ByOneClick: "one click", ByPage: "page of preferences", BySystem: "data system of the controller",
	}[e.How]
	if words != "" && e.Source != "" {
		words += ": " + e.Source
	}
	return words
}

// category is the specification's word for a kind of purpose (its appendix); none where there is no word that says the same.
func category(use privacy.UsePurpose) string {
	return map[privacy.UsePurpose]string{
		privacy.UseService: "2 - Contracted Service", privacy.UseMarketing: "6 - Marketing", privacy.UseAnalytics: "16 - Improve Performance",
	}[use]
}

// dataCategory is the specification's word for what a message is sent to.
func dataCategory(by privacy.MessageChannel) string {
	if by == privacy.ByPush {
		return "5 - Network/Service"
	}
	return "2 - Contact"
}
