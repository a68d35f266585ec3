package sample

import (
	"fmt"
	"strings"
)

// crmTables are the tables that belong to contacts, while they fill.
type crmTables struct {
	contacts, addresses, activities, tickets, messages, consents *table
}

// staffCount is how many people work at the desks.
const staffCount = 24

// crm invents the customer relations.
func (g *generator) crm() database {
	t := crmTables{
		contacts:   tableOf("crm", "contacts", "id", "account_id", "email", "phone", "first_name", "last_name", "birthday", "language", "tags", "preferences", "created_at"),
		addresses:  tableOf("crm", "addresses", "id", "contact_id", "kind", "street", "postal_code", "city", "country"),
		activities: tableOf("crm", "activities", "id", "contact_id", "staff_id", "kind", "at", "minutes", "note"),
		tickets:    tableOf("crm", "tickets", "id", "contact_id", "subject", "status", "opened_at", "cc", "origin"),
		messages:   tableOf("crm", "messages", "id", "ticket_id", "author", "sent_at", "body", "attachment"),
		consents:   tableOf("crm", "consents", "contact_id", "purpose", "granted", "at", "evidence"),
	}
	accounts := g.accounts()
	for _, p := range g.people {
		if p.inCRM {
			g.contact(t, p, len(accounts.rows))
		}
	}
	g.demoContact(t)
	return database{countries(), g.staff(), accounts, t.contacts, t.addresses, t.activities, t.tickets, t.messages, t.consents}
}

// countries is a table without anybody's data.
func countries() *table {
	t := tableOf("crm", "countries", "code", "name")
	for _, c := range [][2]string{{"DE", "Germany"}, {"FR", "France"}, {"ES", "Spain"}, {"IE", "Ireland"}, {"PL", "Poland"}, {"GR", "Greece"}} {
		t.add(c[0], c[1])
	}
	return t
}

// staff invents who works there.
func (g *generator) staff() *table {
	t := tableOf("crm", "staff", "id", "email", "full_name", "role")
	all := locales()
	for i := range staffCount {
		l := pick(g.Rand, all)
		first, last := pick(g.Rand, l.first), pick(g.Rand, l.last)
		t.add(i+1, fmt.Sprintf("staff%02d@halden-birk.example", i+1), first+" "+last, pick(g.Rand, []string{"service", "sales", "returns"}))
	}
	return t
}

// accounts invents companies that buy.
func (g *generator) accounts() *table {
	t := tableOf("crm", "accounts", "id", "name", "vat_id", "city", "country")
	for i := range max(5, len(g.people)/25) {
		l := pick(g.Rand, locales())
		t.add(i+1, fmt.Sprintf("%s %s", pick(g.Rand, l.last), pick(g.Rand, []string{"Reisen GmbH", "Alpinisme SARL", "Montaña S.L.", "Outdoors Ltd."})),
			g.maybe(2, fmt.Sprintf("%s%09d", l.country, g.IntN(1_000_000_000))), pick(g.Rand, l.cities), l.country)
	}
	return t
}

// contact invents one person's rows.
func (g *generator) contact(t crmTables, p person, accounts int) {
	var account any
	if g.IntN(4) == 0 {
		account = 1 + g.IntN(accounts)
	}
	tags := g.maybe(2, []string{pick(g.Rand, []string{"vip", "climber", "family"}), pick(g.Rand, []string{"a,b", "trail \"runner\"", "été"})})
	prefs := g.maybe(2, map[string]any{"channel": pick(g.Rand, []string{"email", "phone", "none"}), "newsletter": g.IntN(2) == 0})
	t.contacts.add(p.id, account, p.email, g.maybe(1, p.phone), p.first, p.last, g.maybe(3, p.birthday), p.lang, tags, prefs, g.ago(2000))
	t.addresses.add(g.next("address"), p.id, "home", p.street, p.postal, p.city, p.country)
	for range g.IntN(5) {
		t.activities.add(g.next("activity"), p.id, 1+g.IntN(staffCount), pick(g.Rand, []string{"call", "visit", "letter"}), g.ago(900), g.maybe(2, 1+g.IntN(60)), g.maybe(2, pick(g.Rand, notes())))
	}
	for range g.IntN(3) {
		g.ticket(t, p, pick(g.Rand, subjects()), nil)
	}
	for _, purpose := range []string{"newsletter", "profiling"}[:g.IntN(3)] {
		t.consents.add(p.id, purpose, g.IntN(4) > 0, g.ago(1500), map[string]any{"form": "signup-" + p.lang, "ip": g.ip()})
	}
}

// ticket invents a ticket with its messages.
func (g *generator) ticket(t crmTables, p person, subject string, cc []string) int {
	id := g.next("ticket")
	opened := g.ago(700)
	origin := map[string]any{"channel": pick(g.Rand, []string{"mail", "web", "phone"}), "device": map[string]any{"ip": g.ip(), "agent": "Mozilla/5.0 (sample)"}}
	t.tickets.add(id, p.id, subject, pick(g.Rand, []string{"open", "closed", "waiting"}), opened, cc, g.maybe(1, origin))
	for i := range 1 + g.IntN(4) {
		author := p.full()
		if i%2 == 1 {
			author = "service desk"
		}
		var attachment any
		if g.IntN(6) == 0 {
			attachment = []byte(strings.Repeat(string(rune('A'+g.IntN(26))), 200+g.IntN(2000)))
		}
		t.messages.add(g.next("message"), id, author, opened.AddDate(0, 0, i), pick(g.Rand, messages()), attachment)
	}
	return id
}
