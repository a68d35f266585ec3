package main

import (
	"context"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/sample"
)

// of gives the nth customer who speaks a language.
func (c *caseload) of(language string, nth int) sample.Customer {
	for _, who := range c.people {
		if who.Language != language {
			continue
		}
		if nth == 0 {
			return who
		}
		nth--
	}
	return sample.Customer{}
}

// scenes are the requests that can be played side by side. Those that begin at the form come first, because people take
// their time there.
func (c *caseload) scenes() []scene {
	all := append(c.atTheForm(), c.underReview()...)
	all = append(all, c.inConversation()...)
	all = append(all, c.underPressure()...)
	all = append(all, c.erasures()...)
	all = append(all, c.decisions()...)
	return append(all, c.ended()...)
}

// atTheForm are those that come in by the public page.
func (c *caseload) atTheForm() []scene {
	return []scene{
		{name: "unproven", who: c.of("fr", 0), details: "Je voudrais savoir ce que vous avez sur moi.", form: asks},
		{
			name: "agent", who: c.of("de", 0), details: "Ich bitte um eine Kopie aller Daten meiner Mandantin.", form: asksForOther,
			standing: "Ich bin ihre Rechtsanwältin und habe eine Vollmacht.", then: []step{typesCode},
		},
		{
			name: "spam", who: sample.Customer{Name: "Best Prices Now", Email: "offers@bulk.example", Language: "en", Country: "IE"},
			details: "Buy followers today!!! Visit our page", form: asks,
			then: []step{unfinished(commanded(theAgent, "spam", client.MarkSpam{Note: "An advertisement. The same text came nine times this week."}, "closed"))},
		},
		{name: "withdrawn", who: c.of("es", 0), details: "Quiero una copia de mis datos.", form: asks, then: []step{proves, unfinished(takesBack)}},
	}
}

// underReview are read and wait for staff, and two wait for proof.
func (c *caseload) underReview() []scene {
	return []scene{
		{
			name: "identity", who: c.of("de", 3), channel: "letter", details: "Bitte senden Sie mir alles, was Sie über mich haben. Eine Kopie meines Ausweises liegt bei.",
			due: 21, late: "The letter was addressed to the sales desk and was passed on.", then: []step{shown},
		},
		{
			name: "redacted", who: c.of("de", 8), channel: "email", details: "Auskunft nach Art. 15 DSGVO, bitte mit allen Nachrichten.",
			due: 16, late: "The mail went to the service desk and was passed on.", then: []step{proves, assigned, leftOut},
		},
		{
			name: "assigned", who: c.of("en", 1), channel: "phone", details: "Called on Monday and asked for everything we hold, returns included.",
			then: []step{proves, assigned, noted("Spoke to the customer: the returns of last spring are what matters to them. The rest can be brief."), c.again},
		},
		{name: "portable", who: c.of("es", 1), right: "portability", channel: "email", details: "Quiero llevar mis pedidos a otra tienda.", then: []step{proves}},
		{
			name: "wrong", who: c.of("es", 2), right: "rectification", channel: "email", details: "Mi apellido está mal escrito en las facturas: lleva tilde. Y el teléfono es el antiguo.",
			then: []step{proves},
		},
		{name: "uk", who: c.of("en", 2), regime: "uk-gdpr", country: "GB", channel: "email", details: "Please send me a copy of my data.", then: []step{proves}},
		{name: "california", who: c.of("en", 4), regime: "ccpa", country: "US", channel: "email", details: "Request to know under the CCPA.", then: []step{typesCode}},
	}
}

// again has the same person ask a second time while the first request is open.
func (c *caseload) again(ctx context.Context, p *part) error {
	return c.act(ctx, scene{name: "duplicate", who: p.who, channel: "email", details: "Any news about my data?", nth: 1})
}

// inConversation are about what people meant.
func (c *caseload) inConversation() []scene {
	return []scene{
		{
			name: "clarifying", who: c.of("fr", 1), channel: "email", details: "Envoyez-moi mes données.", due: 25, late: "The mail was found in the folder for unwanted mail.",
			then: []step{
				proves, unasked(wrote("Bonjour, nous avons bien reçu votre demande. Avez-vous aussi acheté dans notre magasin de Lyon ?")),
				unasked(answers("Oui, deux fois, avec ma carte de fidélité.")),
				asked("Merci. Voulez-vous aussi les échanges avec notre service client, ou seulement vos achats ?"),
			},
		},
		{
			name: "answered", who: c.of("de", 4), channel: "letter", details: "Alle Daten, bitte.", due: 19, late: "The letter lay in the post room over the weekend.",
			then: []step{
				proves, asked("Meinen Sie nur Ihr Kundenkonto oder auch die Anfragen an unseren Kundendienst?"),
				when("clarifying", answers("Beides, bitte. Besonders die Anfrage zum undichten Zelt.")),
				func(ctx context.Context, p *part) error { return p.await(ctx, "reviewing") },
				noted("They want the service desk's messages too. Look at the ticket about the tent first."),
			},
		},
	}
}

// underPressure are those whose time runs out or was extended.
func (c *caseload) underPressure() []scene {
	return []scene{
		{
			name: "soon", who: c.of("fr", 2), channel: "letter", details: "Copie de toutes mes données personnelles.", due: 3,
			late: "The letter lay with a colleague who was on leave.", then: []step{proves, assigned},
		},
		{
			name: "overdue", who: c.of("de", 5), channel: "letter", details: "Ich verlange Auskunft über alle meine Daten.", due: -2,
			late: "The letter was filed with invoices and found there.", then: []step{proves, noted("The officer knows. An apology goes out with the answer.")},
		},
		{
			name: "extended", who: c.of("en", 5), channel: "email", details: "Everything about me and about the group orders of my club.", due: 9,
			late: "The mail went to the sales desk and was passed on.", then: []step{proves, extended, noted("Sixteen requests of the same club in one week.")},
		},
	}
}

// erasures are plans that somebody looks at: one to be proposed, one to be approved by somebody else.
func (c *caseload) erasures() []scene {
	return []scene{
		{
			name: "erasure", who: c.of("de", 7), right: "erasure", channel: "email", details: "Bitte löschen Sie mein Konto und alles, was Sie sonst über mich haben.",
			due: 23, late: "The mail went to the service desk and was passed on.", then: []step{proves},
		},
		{
			name: "proposed", who: c.of("en", 6), right: "erasure", channel: "phone", details: "Wants everything erased. Knows that invoices are kept.",
			then: []step{proves, when("reviewing", commanded(theAgent, "propose", client.ProposePlan{Note: "Two invoices of last year stay; everything else goes."}, "approving"))},
		},
	}
}

// decisions are about what a machine took alone: one that the agent had prepared, so that somebody else has to look at it.
func (c *caseload) decisions() []scene {
	return []scene{{
		name: "decision", who: c.of("en", 7), right: "automated_decision", channel: "email", due: 18, late: "The mail went to the billing desk and was passed on.",
		contest: &client.Contest{
			Decision: "You refused me payment in instalments", Taken: "On the day of my last order", Effect: "I could not keep the tent and the sleeping bags.",
			View: "I have paid every invoice on time for four years. The one that was late was my neighbour's: we have the same name.",
		},
		then: []step{proves, when("reviewing", prepared)},
	}}
}

// ended are closed, each in another way: one by itself, once the systems are marked and the person is on the newsletter's list.
func (c *caseload) ended() []scene {
	return []scene{
		{
			name: "advertising", who: c.of("de", 9), right: "objection", against: []string{"direct_marketing"}, channel: "email",
			details: "Keine Werbung mehr, bitte.", then: []step{func(ctx context.Context, p *part) error { return p.await(ctx, "closed") }},
		},
		{
			name: "fulfilled", who: c.of("fr", 3), channel: "email", details: "Mes données, s'il vous plaît.", due: 12, late: "The mail went to the service desk and was passed on.",
			then: []step{proves, when("reviewing", commanded(theAgent, "approve", client.Approve{}, "closed"))},
		},
		{
			name: "refused", who: c.of("de", 6), channel: "email", details: "Und heute wieder: alle meine Daten!", due: 8, late: "The mail went to the service desk and was passed on.",
			then: []step{proves, unfinished(commanded(theOfficer, "refuse", client.Refuse{
				Reason: "repetitive", Explanation: "Wir haben Ihnen dieselbe Auskunft in diesem Monat schon dreimal gegeben. Seither ist nichts hinzugekommen.",
			}, "closed"))},
		},
		{
			name: "cancelled", who: c.of("en", 3), channel: "phone", details: "Asked for a copy of the data.",
			then: []step{unfinished(commanded(theOfficer, "cancel", client.Cancel{Note: "Entered by mistake: the caller wanted a copy of an invoice and has it."}, "closed"))},
		},
	}
}
