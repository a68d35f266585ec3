package main

import (
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/storage"
)

// consentsOf are choices about consents as the API shows them.
func consentsOf(s storage.ConsentSettings) client.Consents {
	r := s.Receipts
	out := client.Consents{
		Canadian: s.Canadian, Confirmation: s.Confirmation, KeepIP: s.KeepIP, UnsubscribeMail: s.UnsubscribeMail, SignUps: (*client.SignUps)(s.SignUps), AskDays: s.AskDays, WarningDays: s.WarningDays,
		Receipts: client.Receipts{
			PolicyURL: r.PolicyURL, WithdrawURL: r.WithdrawURL, Contact: r.Contact, Email: r.Email, Phone: r.Phone, URL: r.URL, Service: r.Service, Recipients: recipientsOf(r.Recipients),
		},
	}
	for key, p := range r.Purposes {
		if out.Receipts.Purposes == nil {
			out.Receipts.Purposes = map[string]client.ReceiptPurpose{}
		}
		out.Receipts.Purposes[key] = client.ReceiptPurpose{PolicyURL: p.PolicyURL, Service: p.Service, Recipients: recipientsOf(p.Recipients)}
	}
	return out
}

// recipientsOf keeps none apart from not known.
func recipientsOf(all []storage.ConsentRecipient) []client.ConsentRecipient {
	if all == nil {
		return nil
	}
	out := []client.ConsentRecipient{}
	for _, r := range all {
		out = append(out, client.ConsentRecipient(r))
	}
	return out
}
