package casework

import (
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// Proven is a person as far as it is proven that they are who asks: the code by e-mail and the company's own sign-in prove the mailbox, and nothing else
// that was given; see privacy.AlsoProven. What was only given may be somebody else's: nothing is done to anybody for it.
func Proven(p storage.Person, row storage.Case) storage.Person {
	var also privacy.AlsoProven
	if row.AlsoProven != nil {
		also = privacy.AlsoProven(*row.AlsoProven)
	}
	if !also.Has("phone_number") {
		p.Phone = ""
	}
	if !also.Has("customer_id") {
		p.CustomerID = ""
	}
	return p
}

// KnownBy are the identities of a person that systems are searched by and that anybody else may be told: what is proven of them.
func KnownBy(p storage.Person, row storage.Case) map[string]string {
	p = Proven(p, row)
	known := map[string]string{}
	for identity, value := range map[string]string{"email": p.Email, "phone_number": p.Phone, "customer_id": p.CustomerID} {
		if value != "" {
			known[identity] = value
		}
	}
	return known
}
