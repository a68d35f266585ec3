package dataset

import "slices"

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
}

func newRoles() roles {
	return roles{
		person: wordSet("person people human customer client user member contact subscriber lead prospect guest student pupil teacher patient driver passenger " +
			"participant attendee applicant candidate citizen resident borrower donor volunteer buyer seller author player rider traveler traveller visitor " +
			"individual subject insured policyholder beneficiary cardholder shopper recipient kunde kunden benutzer nutzer anwender mitglied kontakt interessent gast schueler " +
			"student patient fahrer teilnehmer bewerber buerger mieter spender besucher versicherter empfaenger abonnent utilisateur personne adherent membre abonne eleve " +
			"etudiant conducteur passager candidat citoyen locataire visiteur assure destinataire cliente usuario persona miembro suscriptor alumno estudiante paciente " +
			"conductor pasajero participante candidato ciudadano visitante asegurado socio lehrer signup registrant respondent party"),
		staff: wordSet("staff employee worker personnel agent operator clerk admin administrator moderator colleague mitarbeiter angestellter beschaeftigter personal sachbearbeiter " +
			"employe salarie collaborateur empleado trabajador personnelle"),
		organization: wordSet("company organization organisation org business firm vendor supplier merchant partner store shop branch agency institution school club hotel restaurant " +
			"warehouse brand manufacturer carrier bank firma unternehmen lieferant haendler filiale standort verein hersteller societe entreprise fournisseur magasin " +
			"agence empresa proveedor tienda sucursal negocio account workspace team"),
		about:    wordSet("detail data info information master record base profile stamm stammdaten daten list table tbl entity fiche dato ficha registro main"),
		somebody: wordSet("emergency notfall referrer referred referral friend freund ami amigo manager parent guardian mother father spouse partner invited inviter relative reference sponsor beneficiary next kin supervisor witness"),
		system: wordSet("from sender reply replyto noreply smtp support admin system default notify notification notifications alert webhook bcc return bounce absender expediteur remitente " +
			"server host company firma store shop"),
		acting: wordSet("created updated modified changed deleted approved assigned handled closed opened processed reviewed verified checked edited edit editor assignee approver reviewer creator updater modifier " +
			"operator agent staff clerk handler supervisor manager moderator admin erstellt geaendert bearbeitet genehmigt geloescht bearbeiter sachbearbeiter zustaendig cree modifie traite creado " +
			"modificado responsable gestor uploaded published locked resolved escalated last"),
		plain: wordSet("id code key name label title description text value sort order position rank active enabled visible created updated deleted at on iso iso2 iso3 alpha 2 3 lang language locale slug " +
			"symbol bezeichnung kuerzel nom libelle nombre descripcion color icon abbreviation short long numeric date time timestamp version parent type category"),
		changing: wordSet("id ids key code count num number cnt total type kind status state flag valid template at on by format length size order version enabled disabled sent " +
			"reason source limit policy url path field column label index idx since until expires expiry ratio score class category domain provider"),
		harmless: wordSet("1 2 3 4 5 line encrypted enc cipher normalized norm lower raw old new primary secondary main private work home business personal mobile fr en de es it " +
			"livraison facturation envio facturacion portable fixe domicile trabajo movil fijo casa privat geschaeftlich alt value text long short clean canonical verified e164 full utf8 principal " +
			"name number no nr nummer numero address adresse client customer user member person kunde cliente usuario employee patient nino titulaire"),
		generic: wordSet("name nom nombre title titel titre titulo label bezeichnung description beschreibung descripcion code value wert valeur valor text type kind typ status state"),
	}
}

// describe says what a table's rows stand for.
func (d *drafting) describe(t *draftTable) {
	for _, f := range t.fields {
		f.named = d.name(f)
	}
	t.topic = d.lexicon.topic(t.words)
	last := len(t.words) - 1
	for last > 0 && oneOf(t.words[last], d.lexicon.about) {
		last--
	}
	if last >= 0 {
		t.staff = oneOf(t.words[last], d.lexicon.staff)
		t.person = t.staff || oneOf(t.words[last], d.lexicon.person)
		t.organization = !t.person && oneOf(t.words[last], d.lexicon.organization)
	}
	named := slices.ContainsFunc(t.fields, func(f *draftField) bool {
		return f.named.sure && (f.named.category == "user.name.first" || f.named.category == "user.name.last" || f.named.category == "user.demographic.date_of_birth" ||
			f.named.category == "user.authorization.password")
	})
	if named && (t.topic == "" || t.topic == "user.account") {
		// What has a birthday, a family name or a password is somebody.
		t.person, t.organization = true, false
	}
	if t.person {
		t.topic = ""
	}
	for _, f := range t.fields {
		t.postal = t.postal || f.named.category == "user.contact.address.street" || f.named.category == "user.contact.address.postal_code"
	}
	for _, f := range t.fields {
		if t.postal && f.named.category == "" && len(f.words) == 1 && f.words[0] == "state" && fits("user.contact.address.state", f.TableColumn) {
			f.named = guess{"user.contact.address.state", true, whyName} // beside a street it is no condition
		}
	}
	if last >= 0 && slices.Contains([]string{"tenant", "tenants", "mandant", "mandanten"}, t.words[last]) {
		t.lookup = true
		return
	}
	t.lookup = !t.person && len(t.References) == 0 && !slices.ContainsFunc(t.fields, func(f *draftField) bool {
		return slices.ContainsFunc(f.words, func(w string) bool {
			return !oneOf(w, d.lexicon.plain) && !slices.Contains(t.words, w) && !sharesStem(w, t.words)
		})
	})
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
		for _, f := range t.fields {
			d.identifyField(f)
		}
	}
}

func (d *drafting) identifyField(f *draftField) {
	kind := map[string]string{"user.contact.email": identityEmail, "user.contact.phone_number": identityPhone}[f.named.category]
	if kind == "" || f.Kind != ColumnText || f.table.lookup {
		return
	}
	has := func(set map[string]bool) bool {
		return slices.ContainsFunc(f.words, func(w string) bool { return oneOf(w, set) })
	}
	switch {
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
