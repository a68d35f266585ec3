package sample

import "math/rand/v2"

// Customer is somebody who is in both systems.
type Customer struct {
	Name, Email, Phone string
	// Language and Country are theirs, by ISO 639 and ISO 3166.
	Language, Country string
}

// Customers gives those whom Load makes in both systems with this seed and number of people, without the demo person.
func Customers(seed uint64, people int) []Customer {
	return customers(seed, people, func(_ int, p person) bool { return p.inCRM && p.inShop })
}

// RegularsIn is among how many people there is one of Regulars, on average.
const RegularsIn = 15

// Regulars gives those who are in the shop, in the loyalty programme and among the newsletter's subscribers, without the demo person.
func Regulars(seed uint64, people int) []Customer {
	return customers(seed, people, func(i int, p person) bool { return member(i, p) && subscriber(i) })
}

func customers(seed uint64, people int, wanted func(i int, p person) bool) (out []Customer) {
	for i, p := range makePeople(seeded(seed), max(1, people)) {
		if i > 0 && wanted(i, p) {
			out = append(out, Customer{Name: p.full(), Email: p.email, Phone: p.phone, Language: p.lang, Country: p.country})
		}
	}
	return out
}

// seeded gives the numbers that everything is invented from.
func seeded(seed uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, 0x68616c64656e)) //nolint:gosec // invented data, no secrets
}
