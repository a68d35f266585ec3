package dataset

import (
	_ "embed"
	"slices"
)

//go:embed taxonomy/roles.txt
var roleWords string

// roles are words that say what part a table or a column plays. Each stands in one number; stems finds the others.
type roles struct {
	// person, staff and organization are what a table's rows stand for.
	person, staff, organization map[string]bool
	// about are words behind a person's that leave the table being about the person: customer_details.
	about map[string]bool
	// somebody are people who are named in another person's row.
	somebody map[string]bool
	// system marks addresses that belong to a system and not to a person: smtp_from_email.
	system map[string]bool
	// acting marks columns that say who worked on a row, and not whom it is about.
	acting map[string]bool
	// plain are the words of columns that a mere list has.
	plain map[string]bool
	// changing are words that make something else of what stands before them; harmless ones don't.
	changing, harmless map[string]bool
	// generic are words that say nothing without their table.
	generic map[string]bool
	// sharing are columns of a key of several that many rows share.
	sharing map[string]bool
}

func newRoles() roles {
	sets := map[string]map[string]bool{}
	eachWord(roleWords, func(part, word string) {
		if sets[part] == nil {
			sets[part] = map[string]bool{}
		}
		sets[part][word] = true
	})
	return roles{
		person: sets["person"], staff: sets["staff"], organization: sets["organization"], about: sets["about"], somebody: sets["somebody"], system: sets["system"],
		acting: sets["acting"], plain: sets["plain"], changing: sets["changing"], harmless: sets["harmless"], generic: sets["generic"], sharing: sets["sharing"],
	}
}

// describe says what a table's rows stand for.
func (d *drafting) describe(t *draftTable) {
	for _, f := range t.all() {
		f.named = d.name(f)
		t.postal = t.postal || f.named.category == "user.contact.address.street" || f.named.category == "user.contact.address.postal_code"
	}
	t.topic = d.lexicon.topic(t.words)
	d.standsFor(t)
	if (t.topic == "" || t.topic == "user.account") && slices.ContainsFunc(t.fields, func(f *draftField) bool { return f.named.sure && ofSomebody(f.named.category) || t.isLogin(f) }) {
		t.person, t.organization = true, false
	}
	if t.person {
		t.topic = ""
	}
	for _, f := range t.fields {
		if t.postal && f.named.category == "" && slices.Equal(f.words, []string{"state"}) && fits("user.contact.address.state", f.TableColumn) {
			f.named = guess{"user.contact.address.state", true, whyName} // beside a street it is no condition
		}
	}
	t.lookup = t.lookup || !t.person && len(t.References) == 0 && !slices.ContainsFunc(t.fields, d.saysMore)
}

// standsFor reads the last word of a table's name that is not about how it is kept.
func (d *drafting) standsFor(t *draftTable) {
	last := len(t.words) - 1
	for last > 0 && oneOf(t.words[last], d.lexicon.about) {
		last--
	}
	if last < 0 {
		return
	}
	t.staff = oneOf(t.words[last], d.lexicon.staff)
	t.person = t.staff || oneOf(t.words[last], d.lexicon.person)
	t.organization = !t.person && oneOf(t.words[last], d.lexicon.organization)
	t.lookup = slices.ContainsFunc(stems(t.words[last]), func(w string) bool { return w == "tenant" || w == "mandant" })
}

// isLogin reports whether a column makes of a table of accounts one of people, and not of companies.
func (t *draftTable) isLogin(f *draftField) bool {
	return t.organization && t.topic == "user.account" && (f.named.category == "user.contact.email" || f.named.category == "user.account.username")
}

// ofSomebody are the categories of which a row has one only where it stands for a person: what has a birthday, a family name or a password is somebody.
func ofSomebody(category string) bool {
	return slices.Contains([]string{"user.name.first", "user.name.last", "user.demographic.date_of_birth", "user.authorization.password"}, category)
}

// saysMore reports whether a column has words that a mere list's columns don't have.
func (d *drafting) saysMore(f *draftField) bool {
	return slices.ContainsFunc(f.words, func(w string) bool { return !oneOf(w, d.lexicon.plain) && !sharesStem(w, f.table.words) })
}

// sharesStem reports whether a word is one of the others in another number: country in countries.
func sharesStem(word string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(stems(w), word) })
}

// The identities that Docket knows people by.
const (
	identityEmail    = "email"
	identityPhone    = "phone_number"
	identityCustomer = "customer_id"
)

// identify gives the columns by which a person is found their identity.
func (d *drafting) identify() {
	for _, t := range d.tables {
		for _, f := range t.all() {
			d.identifyField(f)
		}
	}
}

func (d *drafting) identifyField(f *draftField) {
	kind := map[string]string{"user.contact.email": identityEmail, "user.contact.phone_number": identityPhone}[f.named.category]
	if kind == "" || f.Kind != ColumnText || f.table.lookup || f.named.why == whyKind {
		return
	}
	has := func(set map[string]bool) bool {
		return slices.ContainsFunc(f.words, func(w string) bool { return oneOf(w, set) })
	}
	switch {
	case f.listed:
		f.named.sure, f.named.why = false, "in a list it may be somebody else's, so nobody is found by it"
	case has(d.lexicon.somebody):
		f.named.sure, f.named.why = false, "it may be somebody else's in a person's row, so nobody is found by it"
	case !f.table.person && has(d.lexicon.system):
		f.named.sure, f.named.why = false, "it may be a system's own address, so nobody is found by it"
	case f.table.organization:
		f.named.sure, f.named.why = false, "it may be an organisation's, so nobody is found by it"
	case kind == identityPhone && f.table.topic != "" && !f.table.person:
		f.named.why = "name of the column; nobody is found by a number outside a table of people"
	default:
		f.identity = kind
	}
}

// identifyByNumber lets people be found by the company's own number for them, where no table here says whose it is.
func (d *drafting) identifyByNumber(f *draftField) {
	if f.named.category != "user.unique_id" || len(f.links) > 0 || f.Array || f.Kind != ColumnText && f.Kind != ColumnNumber && f.Kind != ColumnUUID || f.table.lookup {
		return
	}
	staff := slices.ContainsFunc(f.words, func(w string) bool { return oneOf(w, d.lexicon.staff) })
	customer := slices.ContainsFunc(f.words, func(w string) bool {
		return slices.Contains([]string{"customer", "client", "kunde", "kunden", "kundennummer", "kundennr", "cliente", "member", "mitglied", "mitgliedsnummer"}, w)
	})
	switch {
	case staff || d.isActing(f):
	case f.table.person && f.key && f.Kind != ColumnText:
		// A table of people that is keyed by a number of its own: other tables lead here by it.
	case customer:
		f.identity = identityCustomer
	case slices.Contains(f.words, "user") || slices.Contains(f.words, "usuario") || slices.Contains(f.words, "utilisateur") || slices.Contains(f.words, "benutzer"):
		f.identity = identityCustomer
		f.named.sure, f.named.why = false, "no table here holds the users; it is taken to be the number that the company knows people by"
	}
}

// isActing reports whether a column says who worked on a row.
func (d *drafting) isActing(f *draftField) bool {
	return slices.ContainsFunc(f.words, func(w string) bool { return d.lexicon.acting[w] })
}
