package erasure

import (
	"cmp"
	"slices"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// LedgerSystem is the key of the ledger of consents in a plan. It is kept here and is no system that somebody connected: no key of those has a colon.
const LedgerSystem = "docket:consents"

// LedgerAddress is what a plan calls the addresses in it.
func LedgerAddress() dataset.Address {
	return dataset.Address{Dataset: "docket", Collection: "consents"}
}

// LedgerRow is an address in the ledger of consents: of which kind, and the day from which the proof of its consents is kept. Consents that were not withdrawn end with the
// erasure, so that theirs is the day of it.
type LedgerRow struct {
	Phone bool
	Day   privacy.Date
}

// The kinds of record that rules on the proof of consents name. The spoken word has a rule of its own.
const (
	recordOfConsent      = "consent_record"
	recordOfPhoneConsent = "phone_consent"
)

// Ledger lays out what becomes of addresses in the ledger of consents: what leads to the person goes, and the lines stay without a name. Where a rule keeps the proof of
// consent the address stays as long.
func Ledger(names dataset.Text, addresses []LedgerRow, c Circumstances) SystemPlan {
	out := SystemPlan{Key: LedgerSystem, Name: names.In("en"), Names: names}
	out.heeds(c)
	d := designer{Site: Site{Key: LedgerSystem}, Circumstances: c}
	l := Line{
		Order: Order{Address: LedgerAddress()}, Method: dataset.Anonymise, Rows: Rows{Own: int64(len(addresses))}, Fields: []FieldFate{{Path: []string{"address"}, Fate: FateUnchanged}},
	}
	if k, kept := d.kept(l.Address); kept {
		k.Rows, l.Rows.Kept = l.Rows.Own, l.Rows.Own
		l.Kept = []Keeping{k}
		out.Lines = []Line{l}
		return out
	}
	l.Masks, l.Fields[0].Fate = []Mask{{Path: []string{"address"}, Treatment: Null}}, Fate(Null)
	l.ledgerDuties(d, addresses)
	out.Lines = []Line{l}
	out.await(c.recourse(LedgerSystem))
	return out
}

// LedgerKeeps says whether any rule, hold, decision or recourse keeps one address.
func LedgerKeeps(address LedgerRow, c Circumstances) bool {
	part := Ledger(nil, []LedgerRow{address}, c)
	return part.Keeps()
}

// ledgerDuties tells the addresses that go from those that a rule keeps.
func (l *Line) ledgerDuties(d designer, addresses []LedgerRow) {
	kept, today := map[string]*Keeping{}, privacy.DateIn(d.Now, d.Zone)
	for _, a := range addresses {
		terms := dataset.ErasureTerms{Records: []string{recordOfConsent}}
		if a.Phone {
			terms.Records = append(terms.Records, recordOfPhoneConsent)
		}
		events := map[string]string{created: "day", withdrawn: "day", lastUsed: "day"}
		rule, until := duty{d.rules(terms), events}.keeps(a.Day, today, d.Circumstances)
		if rule == nil {
			l.Rows.Erased++
			continue
		}
		keepingOf(kept, rule).add(until, 1)
		l.Rows.Kept++
	}
	for _, k := range kept {
		l.Kept = append(l.Kept, *k)
	}
	slices.SortFunc(l.Kept, func(a, b Keeping) int { return cmp.Compare(a.Rule, b.Rule) })
}
