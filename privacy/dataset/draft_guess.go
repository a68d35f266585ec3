package dataset

import (
	"slices"
	"strings"
)

// The reasons of guesses, as they stand behind the lines.
const (
	whyName     = "name of the column"
	whyPart     = "part of the name"
	whyOften    = "the name often means something else"
	whyKind     = "a kind of what the name says"
	whyComment  = "comment of the column"
	whyTable    = "name of the table"
	whyFree     = "free text in this table"
	whyPlace    = "a place without a street, in no table of people"
	whyKey      = "primary key"
	whyForeign  = "foreign key"
	whyShared   = "a row that others may point to"
	whyNobody   = "nothing in the name is about a person"
	whyUnknown  = "nothing in the name says what it is"
	whyMembers  = "what lies in it follows"
	whyInside   = "what lies in it is not known; name its fields"
	whyLeft     = "the reference is not followed: rows are found by another way, and this one may lead to other people's"
	whyActing   = "who worked on it; the reference is not followed, because it would bring along all that they worked on"
	whyByName   = "no foreign key says so, the name does"
	whyCompound = "one column of a key of several; each is followed by itself"
)

// name guesses a category from what a column is called, or else from what is said of it.
func (d *drafting) name(f *draftField) guess {
	if g, found := d.phrase(f.words, f); found {
		return g
	}
	if g, found := d.phrase(d.lexicon.words(cut(f.Comment)), f); found && f.Comment != "" {
		return guess{g.category, false, whyComment}
	}
	return guess{}
}

// cut takes the beginning of a comment.
func cut(text string) string {
	const beginning = 120
	if runes := []rune(text); len(runes) > beginning {
		return string(runes[:beginning])
	}
	return text
}

// phrase guesses a category from words.
func (d *drafting) phrase(words []string, f *draftField) (guess, bool) {
	m, found := d.lexicon.find(words)
	if !found {
		return guess{}, false
	}
	if slices.Contains(words[m.to:], "hash") || slices.Contains(words[m.to:], "sha") || slices.Contains(words[m.to:], "md") {
		return guess{"user.unique_id.pseudonymous", false, whyPart}, true
	}
	sure := !m.unsure && !m.part
	for _, word := range words[m.to:] {
		sure = sure && d.lexicon.harmless[word]
	}
	last := words[len(words)-1]
	changed := m.to < len(words) && d.lexicon.changing[last] && !d.lexicon.harmless[last]
	switch {
	case !fits(m.category, f.TableColumn), changed && !slices.Contains([]string{"code", "type", "category", "class", "kind"}, last):
		return guess{}, false
	case changed:
		return guess{m.category, false, whyKind}, true
	case m.unsure && !m.part:
		return guess{m.category, false, whyOften}, true
	case !sure:
		return guess{m.category, false, whyPart}, true
	default:
		return guess{m.category, true, whyName}, true
	}
}

// fits reports whether a column of that kind can hold data of the category.
func fits(category string, c *TableColumn) bool {
	starts := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return category == p || strings.HasPrefix(category, p+".") })
	}
	switch c.Kind {
	case ColumnBool:
		return starts("user.account", "user.privacy_preferences", "user.demographic.marital_status", "user.health_and_medical", "user.demographic.profile", "user.criminal_history")
	case ColumnDate, ColumnMoment:
		return starts("user.account", "user.privacy_preferences", "user.demographic.date_of_birth", "user.behavior", "user.criminal_history") ||
			strings.HasPrefix(category, "user.health_and_medical")
	case ColumnBytes:
		return starts("user.content", "user.biometric", "user.authorization", "user.name", "user.health_and_medical.genetic", "user.government_id")
	case ColumnUUID:
		return starts("user.unique_id", "user.device", "user.authorization.credentials")
	case ColumnNumber:
		return !starts("user.name", "user.contact.email", "user.contact.url", "user.contact.organization", "user.contact.address.city", "user.account.username", "user.job_title",
			"user.content.private", "user.content.self_image", "user.social", "user.authorization.password", "user.privacy_preferences", "user.device.ip_address") && category != "user.contact.address"
	default:
		return true
	}
}

// ofAnybody reports whether data of the category is about a person wherever it stands.
func ofAnybody(category string) bool {
	return slices.ContainsFunc([]string{"user.contact", "user.name", "user.government_id", "user.financial.bank_account", "user.financial.credit_card", "user.unique_id",
		"user.authorization", "user.device.ip_address", "user.demographic.date_of_birth"},
		func(p string) bool { return category == p || strings.HasPrefix(category, p+".") })
}

// ofPeopleOnly reports whether words of the category mean something else outside tables of people: the weight of a parcel.
func ofPeopleOnly(category string) bool {
	return slices.ContainsFunc([]string{"user.demographic", "user.biometric", "user.job_title", "user.workplace", "user.childrens", "user.sensor", "user.location", "user.account",
		"user.contact.organization", "user.content.public", "user.social"},
		func(p string) bool {
			return category == p || strings.HasPrefix(category, p+".") && category != "user.location.precise" && category != "user.demographic.date_of_birth"
		})
}

// categorize says what a field holds, from its name, what it leads to, and what its table is about.
func (d *drafting) categorize(f *draftField) guess {
	t := f.table
	switch {
	case f.isObject() && len(f.inside) > 0:
		return guess{"", true, whyMembers}
	case f.isObject():
		return guess{"", false, whyInside}
	case len(f.links) > 0:
		return d.linked(f)
	case t.distance >= 0:
		return d.owned(f)
	case t.organization && strings.HasPrefix(f.named.category, "user.contact.address"):
		return guess{"user.contact.organization", true, whyTable}
	case !t.person && !t.postal && strings.HasPrefix(f.named.category, "user.contact.address"):
		return guess{"system.operations", t.pointed, whyPlace}
	case f.named.category != "" && ofAnybody(f.named.category) && !t.lookup:
		return f.named
	case f.named.category != "" && t.person:
		return f.named
	case t.pointed:
		return d.shared(f)
	default:
		return guess{"system.operations", true, whyNobody}
	}
}

// shared guesses for rows that a person's rows point to.
func (d *drafting) shared(f *draftField) guess {
	if f.table.organization {
		if f.key {
			return guess{"system.operations", true, whyKey}
		}
		return guess{"user.contact.organization", true, whyTable}
	}
	return guess{"system.operations", true, whyShared}
}

// linked guesses for a column that leads to another table.
func (d *drafting) linked(f *draftField) guess {
	l := f.links[0]
	g := guess{"system.operations", l.sure && !l.composite, whyForeign}
	if !l.sure {
		g.why = whyByName
	} else if l.composite {
		g.why = whyCompound
	}
	switch to := l.to.table; {
	case to.person:
		g.category = "user.unique_id"
	case f.named.identifies():
		g.category = f.named.category
	case to.organization:
		g.category = "user.contact.organization"
	case f.table.distance < 0:
	case to.topic == "user.behavior.purchase_history", f.table.topicOrOwners() == "user.behavior.purchase_history" && to.topic == "" && !to.lookup:
		g.category = "user.behavior.purchase_history"
	}
	switch {
	case l.acting:
		g.sure, g.why = false, whyActing
	case l.to.table.distance >= 0 && f.table.distance >= 0 && !(l.owns() && d.owner(f.table, l)):
		g.sure, g.why = false, whyLeft
	}
	return g
}

// identifies reports whether a guess names what people are known by, so that a reference doesn't change it.
func (g guess) identifies() bool {
	return g.category == "user.contact.email" || g.category == "user.contact.phone_number"
}

// topicOrOwners is what a table is about, or else what the table is about that its rows are found by.
func (t *draftTable) topicOrOwners() string {
	for range 8 {
		if t.topic != "" || t.person {
			return t.topic
		}
		i := slices.IndexFunc(t.links, func(l *draftLink) bool { return l.owns() && l.to.table != t })
		if i < 0 {
			return ""
		}
		t = t.links[i].to.table
	}
	return ""
}

// owned guesses for a person's own rows.
func (d *drafting) owned(f *draftField) guess {
	t, topic := f.table, f.table.topicOrOwners()
	if g := d.named(f, topic); g.category != "" {
		return g
	}
	if f.key && len(t.Key) == 1 {
		switch {
		case t.person:
			return guess{"user.unique_id", true, whyKey}
		case topic == "user.behavior.purchase_history" && t.topic == topic:
			return guess{topic, true, whyKey}
		}
		return guess{"system.operations", true, whyKey}
	}
	if t.person || topic == "" {
		return d.unnamed(f)
	}
	return d.about(f, topic)
}

// named takes what the column's name says, as far as that can be believed in such a table.
func (d *drafting) named(f *draftField, topic string) guess {
	g := f.named
	if name := d.calls(f); name != "" {
		return guess{name, f.table.person, whyName}
	}
	switch {
	case g.category == "" || f.identity != "" || f.table.person:
		return g
	case topic == "user.content.public" && g.category == "user.content.private", topic == "user.privacy_preferences" && g.category != "user.device.ip_address":
		return guess{}
	case (topic == "user.behavior.purchase_history" || topic == "user.financial") && strings.HasPrefix(g.category, "user.biometric"):
		return guess{}
	case ofPeopleOnly(g.category) && !strings.HasPrefix(topic, g.category) && !strings.HasPrefix(g.category, topic):
		return guess{g.category, false, whyPart}
	}
	return g
}

// calls gives the category of a column that is called name and no more: it is the name of what the table's rows stand for.
func (d *drafting) calls(f *draftField) string {
	last := len(f.words) - 1
	if last < 0 || f.Kind != ColumnText || !slices.Contains([]string{"name", "nom", "nombre"}, f.words[last]) {
		return ""
	}
	before := f.words[:last]
	personal := slices.ContainsFunc(before, func(w string) bool { return oneOf(w, d.lexicon.person) || oneOf(w, d.lexicon.staff) })
	switch {
	case f.named.category != "" && len(before) > 0:
		return ""
	case f.table.person && len(before) == 0, personal:
		return "user.name"
	case f.table.organization && len(before) == 0:
		return "user.contact.organization"
	case f.table.distance == 0 && f.table.topic == "" && len(before) == 0:
		return "user.name"
	}
	return ""
}

// unnamed guesses for a column of a person whose name says nothing.
func (d *drafting) unnamed(f *draftField) guess {
	switch {
	case f.Kind == ColumnDate || f.Kind == ColumnMoment:
		return guess{"user.account", f.table.person, whyTable}
	case f.table.staff && slices.ContainsFunc(f.words, func(w string) bool { return w == "role" || w == "position" || w == "title" || w == "rank" }):
		return guess{"user.job_title", true, whyName}
	case f.Kind == ColumnBool, slices.ContainsFunc(f.words, func(w string) bool { return w == "status" || w == "state" || w == "type" || w == "role" }):
		return guess{"user.account", false, whyTable}
	case slices.Contains(f.words, "id") || f.Kind == ColumnUUID:
		return guess{"user.unique_id", false, whyUnknown}
	}
	return guess{"user", false, whyUnknown}
}

// about guesses from what the table is about.
func (d *drafting) about(f *draftField, topic string) guess {
	words := func(list ...string) bool {
		return slices.ContainsFunc(f.words, func(w string) bool { return slices.Contains(list, w) })
	}
	content := strings.HasPrefix(topic, "user.content")
	switch {
	case f.Kind == ColumnUUID, f.key && f.Kind == ColumnNumber, len(f.words) > 1 && words("id", "key"), words("line", "position", "pos", "seq", "version", "zeile", "ligne", "linea"):
		return guess{"system.operations", words("id", "line") || f.key, whyName}
	case topic == "user.content.private" && words("status", "state", "priority", "channel", "kind", "type", "format", "mime"):
		return guess{"system.operations", true, whyName}
	case topic == "user.content.private" && f.Kind != ColumnText && f.Kind != ColumnBytes && f.Kind != ColumnOther:
		return guess{"user.behavior", true, whyTable}
	case f.Kind != ColumnText || content || topic == "user.privacy_preferences":
		return guess{topic, true, whyTable}
	case slices.ContainsFunc(f.words, func(w string) bool { return d.lexicon.generic[w] }):
		return guess{topic, true, whyTable}
	case f.Length > 0 && f.Length <= 40:
		return guess{topic, true, whyTable}
	}
	return guess{topic, false, whyTable}
}
