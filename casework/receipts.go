package casework

import (
	"net/url"
	"strings"

	"github.com/privacy-docket/docket/privacy/consent/record"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// addReceipts wants addresses in documents for others to lead somewhere.
func (f *tenantFaults) addReceipts(r storage.ReceiptSettings) {
	const at = "settings.consents.receipts."
	f.addPages(map[string]string{at + "policy_url": r.PolicyURL, at + "withdraw_url": r.WithdrawURL, at + "url": r.URL})
	f.addRecipients(at+"recipients", r.Recipients)
	_, noMailbox := seal.NormalEmail(r.Email)
	f.add(r.Email != "" && noMailbox != nil, at+"email", "must be an e-mail address such as privacy@example.com")
	for key, p := range r.Purposes {
		f.addPages(map[string]string{at + "purposes." + key + ".policy_url": p.PolicyURL})
		f.addRecipients(at+"purposes."+key+".recipients", p.Recipients)
	}
}

func (f *tenantFaults) addPages(pages map[string]string) {
	for field, page := range pages {
		u, err := url.Parse(page)
		f.add(page != "" && (err != nil || u.Scheme != "https" || u.Host == ""), field, "must begin with https://")
	}
}

func (f *tenantFaults) addRecipients(field string, all []storage.ConsentRecipient) {
	for _, r := range all {
		f.add(strings.TrimSpace(r.Name) == "", field, "has one without a name")
		f.addPages(map[string]string{field: r.URL})
	}
}

// receipts are what documents about a purpose say of the controller.
type receipts struct {
	storage.ReceiptSettings
	purpose storage.ReceiptPurpose
}

func receiptsOf(t storage.Tenant, purpose string) receipts {
	return receipts{t.Settings.Consents.Receipts, t.Settings.Consents.Receipts.Purposes[purpose]}
}

// complete adds to a record what the tenant has said for it. What the person can do stands on the public request form, where nothing else was said.
func (r receipts) complete(c *record.Consent, form string) {
	c.PolicyURL, c.Purpose.Service = orElse(r.purpose.PolicyURL, r.PolicyURL), orElse(r.purpose.Service, r.Service)
	c.WithdrawAt, c.RightsAt = orElse(r.WithdrawURL, form), form
	p := &c.Controller
	p.Email, p.Contact, p.Phone, p.URL = orElse(r.Email, p.Email), orElse(r.Contact, p.Contact), r.Phone, r.URL
	p.Contact = orElse(p.Contact, p.Email)
	from := r.purpose.Recipients
	if from == nil {
		from = r.Recipients
	}
	if from == nil {
		return
	}
	c.Recipients = []record.Party{}
	for _, one := range from {
		c.Recipients = append(c.Recipients, record.Party{Name: one.Name, Contact: one.Contact, Email: one.Email, URL: one.URL, Address: record.Address{Country: one.Country}})
	}
}
