package dataset

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ParseDeclarations reads the declarations that system owners write beside their datasets. It is as strict as Parse, and its
// error is a Problems value too.
func ParseDeclarations(name string, text []byte) ([]Declaration, error) {
	r := reader{source: &source{file: name}, taxonomy: NewTaxonomy()}
	root := r.load(text)
	if root == nil {
		return nil, r.problems.err()
	}
	top := r.object(root, "", "declaration")
	var out []Declaration
	seen := map[string]int{}
	for _, n := range top.list("declaration") {
		d := r.declaration(n)
		r.once(seen, d.System, d.Line, d.System, "system")
		out = append(out, d)
	}
	if len(out) == 0 && len(r.problems) == 0 {
		r.add(root.Line, "", "there is no declaration in the file", "write declaration: and a list of declarations below it")
	}
	if len(r.problems) > 0 {
		return nil, r.problems.err()
	}
	return out, nil
}

// declaration reads one system's declaration.
func (r reader) declaration(n *yaml.Node) Declaration {
	o := r.object(n, "", "system", "name", "subjects", "purposes", "recipients", "retention", "source", "automated_decisions", "erasure", "limits", "corrections", "portability")
	d := Declaration{Line: n.Line, System: o.required("system")}
	o.path = d.System
	r.name(o, "system", d.System)
	d.Name = r.text(o, "name", true)
	d.Subjects = o.keys("subjects", r.taxonomy.subjects)
	for _, p := range r.some(o, "purposes", "Art. 15(1)(a) GDPR asks for the purposes") {
		d.Purposes = append(d.Purposes, r.purpose(p, o.path))
	}
	for _, p := range o.list("recipients") {
		d.Recipients = append(d.Recipients, r.recipient(p, o.path))
	}
	o.sameMailbox(d.Recipients)
	for _, p := range r.some(o, "retention", "Art. 15(1)(d) GDPR asks for periods or criteria") {
		d.Retention = append(d.Retention, r.retention(p, o.path))
	}
	d.Source = r.origin(o)
	for _, p := range o.list("automated_decisions") {
		q := r.object(p, o.path+".automated_decisions", "name", "logic", "significance")
		d.Decisions = append(d.Decisions, Decision{Name: r.text(q, "name", true), Logic: r.text(q, "logic", true), Significance: r.text(q, "significance", true)})
	}
	seen := map[string]int{}
	for _, p := range o.list("erasure") {
		t := r.erasureTerms(p, o.path)
		r.once(seen, t.Collection, t.Line, o.path, "collection")
		d.Erasure = append(d.Erasure, t)
	}
	for _, p := range o.list("limits") {
		d.Limits = append(d.Limits, r.limitTerms(p, o.path))
	}
	r.listsOnce(d.Limits, o.path)
	if n := o.get("corrections"); n != nil {
		d.Corrections = r.correctionTerms(n, o.path)
	}
	if n := o.get("portability"); n != nil {
		d.Portability = r.portabilityTerms(n, o.path)
	}
	return d
}

// correctionTerms reads what people correct themselves in a system.
func (r reader) correctionTerms(n *yaml.Node, path string) CorrectionTerms {
	o := r.object(n, path+".corrections", "self_service", "statement")
	t := CorrectionTerms{SelfService: o.names("self_service")}
	if s := o.scalar("statement"); s != nil {
		t.Statement = *s
	}
	for _, name := range t.SelfService {
		if !fieldName(name) {
			o.problem("self_service", fmt.Sprintf("%q names no field", name), "write dataset.collection.field")
		}
	}
	if t.Statement != "" && !fieldName(t.Statement) {
		o.problem("statement", fmt.Sprintf("%q names no field", t.Statement), "write dataset.collection.field")
	}
	return t
}

// portabilityTerms reads what people can take along, and what not.
func (r reader) portabilityTerms(n *yaml.Node, path string) PortabilityTerms {
	o := r.object(n, path+".portability", "inferred", "provided")
	t := PortabilityTerms{Inferred: o.names("inferred"), Provided: o.names("provided")}
	for key, list := range map[string][]string{"inferred": t.Inferred, "provided": t.Provided} {
		for _, name := range list {
			if !fieldName(name) && !fieldName(name+".x") {
				o.problem(key, fmt.Sprintf("%q names neither a field nor a collection", name), "write dataset.collection.field or dataset.collection")
			}
		}
	}
	return t
}

// fieldName says whether a text is dataset.collection.field.
func fieldName(text string) bool {
	parts := strings.Split(text, ".")
	return len(parts) == 3 && !slices.Contains(parts, "")
}

// erasureTerms reads what erasing means in one collection.
func (r reader) erasureTerms(n *yaml.Node, path string) ErasureTerms {
	o := r.object(n, path+".erasure", "collection", "method", "records", "events", "with", "needs")
	t := ErasureTerms{Line: n.Line, Collection: o.required("collection"), Method: ErasureMethod(o.str("method")),
		Records: o.names("records"), With: o.str("with"), Needs: o.names("needs"), Events: map[string]string{}}
	o.path += "." + t.Collection
	o.oneOf("method", string(t.Method), string(MaskFields), string(DeleteRows), string(Anonymise))
	if t.Method == "" {
		t.Method = MaskFields
	}
	for event, field := range o.anyMap("events") {
		name, text := field.(string)
		if !text {
			o.problem("events", "an event names a field", "write it as event: field")
		}
		t.Events[event] = name
	}
	if len(t.Records) > 0 && len(t.Events) == 0 {
		o.problem("events", "the kinds of record are named and no field tells the day that their retention counts from", "add events: {created: …} with the field's name")
	}
	if t.With != "" && len(t.Records) > 0 {
		o.problem("with", "the rows stay with those of another collection, and for kinds of record of their own", "remove one of with and records")
	}
	return t
}

// some returns a list that has to have items.
func (r reader) some(o object, key, why string) []*yaml.Node {
	items := o.list(key)
	if len(items) == 0 && (o.get(key) == nil || o.get(key).Kind == yaml.SequenceNode) {
		o.problem(key, key+" is missing: "+why, "list at least one under "+key)
	}
	return items
}

// text reads a text per language; English has to be there, the others are optional.
func (r reader) text(o object, key string, needed bool) Text {
	n := o.get(key)
	if n == nil {
		if needed {
			o.problem(key, key+" is missing", "add "+key+": {en: …}")
		}
		return nil
	}
	q := r.object(n, o.path+"."+key, "en", "de", "fr", "es")
	t := Text{}
	for _, language := range []string{"en", "de", "fr", "es"} {
		if s := q.str(language); s != "" {
			t[language] = s
		}
	}
	if n.Kind == yaml.MappingNode && t["en"] == "" {
		q.problem("en", "the English text is missing", "add en: … (it is shown where a language is missing)")
	}
	return t
}

// purpose reads one purpose with its lawful basis.
func (r reader) purpose(n *yaml.Node, path string) Purpose {
	o := r.object(n, path+".purposes", "use", "description", "lawful_basis", "legitimate_interest", "data_categories")
	p := Purpose{Use: o.required("use"), Description: r.text(o, "description", true), Basis: LawfulBasis(o.required("lawful_basis"))}
	if p.Use != "" && !r.taxonomy.Use(p.Use) {
		o.unknownKey("use", p.Use, r.taxonomy.uses)
	}
	bases := []LawfulBasis{Consent, Contract, LegalObligation, VitalInterests, PublicTask, LegitimateInterests}
	if p.Basis != "" && !slices.Contains(bases, p.Basis) {
		o.problem("lawful_basis", fmt.Sprintf("unknown lawful_basis %q", p.Basis), fmt.Sprintf("use one of %v (Art. 6(1) GDPR)", bases))
	}
	p.Interest = r.text(o, "legitimate_interest", p.Basis == LegitimateInterests)
	if p.Interest != nil && p.Basis != LegitimateInterests {
		o.problem("legitimate_interest", "legitimate_interest is given with another lawful basis", "remove it or change lawful_basis")
	}
	p.Categories = r.categories(o)
	return p
}

// categories reads data categories of which there has to be at least one.
func (r reader) categories(o object) []string {
	r.some(o, "data_categories", "the person is told which categories it is about")
	return o.keys("data_categories", r.taxonomy.categories)
}

// country is the shape of an ISO 3166-1 alpha-2 code.
var country = regexp.MustCompile(`^[A-Z]{2}$`)

// recipient reads one recipient; outside the EEA it needs a safeguard.
func (r reader) recipient(n *yaml.Node, path string) Recipient {
	o := r.object(n, path+".recipients", "name", "role", "purpose", "country", "safeguard", "safeguard_text", "data_categories", "email", "language", "identities", "system")
	p := Recipient{Name: o.required("name"), Role: o.required("role"), Purpose: r.text(o, "purpose", true),
		Country: o.required("country"), Safeguard: o.str("safeguard"), Line: n.Line}
	o.oneOf("role", p.Role, "processor", "controller", "authority")
	o.oneOf("safeguard", p.Safeguard, "adequacy", "scc", "bcr", "derogation")
	if p.Country != "" && !country.MatchString(p.Country) {
		o.problem("country", fmt.Sprintf("%q is no country code", p.Country), "write the two capital letters of ISO 3166-1, such as US")
	}
	third := country.MatchString(p.Country) && p.ThirdCountry()
	if third && p.Safeguard == "" {
		o.problem("safeguard", "the recipient is in a third country and no safeguard is named (Art. 15(2) GDPR)", "add safeguard: adequacy, scc, bcr or derogation")
	}
	p.SafeguardText = r.text(o, "safeguard_text", third)
	p.Categories = r.categories(o)
	p.System = o.str("system")
	p.Email, p.Language = o.mailbox()
	p.Identities = o.toldIdentities()
	if p.Email == "" {
		for _, key := range []string{"language", "identities"} {
			if o.get(key) != nil {
				o.problem(key, key+" belongs to a recipient with a mailbox", "add email, or remove it")
			}
		}
		p.Language, p.Identities = "", nil
	}
	if p.Email != "" && p.System != "" {
		o.problem("system", "the recipient is told at its mailbox or as whoever has a system, not both", "remove system or email")
	}
	return p
}

// sameMailbox refuses recipients of one name that are to be written to at different places: what is on record of them goes by their name.
func (o object) sameMailbox(all []Recipient) {
	at := map[string]Recipient{}
	for _, p := range all {
		before, known := at[p.Name]
		if at[p.Name] = p; known && (before.Email != p.Email || before.Language != p.Language || before.System != p.System) {
			o.problem("recipients", fmt.Sprintf("%q is there twice, with different mailboxes, languages or systems", p.Name), "give both the same, or names that tell them apart")
		}
	}
}

// oneOf refuses a value that is not among the known ones.
func (o object) oneOf(key, value string, known ...string) {
	if value != "" && !slices.Contains(known, value) {
		o.problem(key, fmt.Sprintf("unknown %s %q", key, value), "use one of "+strings.Join(known, ", "))
	}
}

// period is the shape of the durations that retention uses: whole years, months, weeks and days.
var period = regexp.MustCompile(`^P(\d{1,3}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?$`)

// retention reads how long some categories are kept.
func (r reader) retention(n *yaml.Node, path string) Retention {
	o := r.object(n, path+".retention", "data_categories", "period", "criteria")
	p := Retention{Categories: r.categories(o), Period: o.str("period"), Criteria: r.text(o, "criteria", true)}
	if p.Period != "" && (!period.MatchString(p.Period) || p.Period == "P") {
		o.problem("period", fmt.Sprintf("%q is no period", p.Period), "write an ISO 8601 duration of years, months, weeks or days, such as P10Y")
	}
	return p
}

// origin reads where the data comes from.
func (r reader) origin(o object) Source {
	n := o.get("source")
	if n == nil {
		o.problem("source", "source is missing: Art. 15(1)(g) GDPR asks where the data comes from", "add source: {from_subject: true} or a text")
		return Source{}
	}
	q := r.object(n, o.path+".source", "from_subject", "text")
	s := Source{FromSubject: q.boolean("from_subject")}
	s.Text = r.text(q, "text", !s.FromSubject)
	return s
}
