package privacy

import "strings"

// AlsoProven says what of a person was seen to be theirs beside the mailbox; nothing when it is empty.
type AlsoProven string

// What can be. A code by e-mail and a company's own sign-in prove the mailbox alone, and a passport no telephone number: whoever confirms
// an identity says what was compared.
const (
	ProvenPhone    AlsoProven = "phone_number"
	ProvenCustomer AlsoProven = "customer_id"
	ProvenBoth     AlsoProven = "phone_number_and_customer_id"
)

// Provable lists them.
func Provable() []string {
	return []string{string(ProvenPhone), string(ProvenCustomer), string(ProvenBoth)}
}

// Has says whether an identity is among what was proven.
func (a AlsoProven) Has(identity string) bool {
	for part := range strings.SplitSeq(string(a), "_and_") {
		if part == identity {
			return true
		}
	}
	return false
}
