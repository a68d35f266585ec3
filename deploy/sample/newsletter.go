package sample

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Newsletter is the key of the newsletter, which lies with a provider behind HTTP.
const Newsletter = "sample_newsletter"

var (
	//go:embed schema/newsletter.sql
	newsletterSchema string
	//go:embed annotation/newsletter.yml
	newsletterDataset []byte
	//go:embed annotation/newsletter_service.yml
	newsletterService []byte
	//go:embed annotation/newsletter_declaration.yml
	newsletterDeclaration []byte
)

// nowhere is the service's address in its document, until it is known where it is.
const nowhere = "http://127.0.0.1:1/v1"

// LoadNewsletter makes the database behind the newsletter's service, with subscribers among the same people, replacing what was there. The service is
// to answer at an address: see NewsletterService.
func LoadNewsletter(ctx context.Context, adminDSN, prefix, address string, seed uint64, people int) (System, error) {
	system, err := NewsletterAnnotation(address)
	if err != nil {
		return System{}, err
	}
	if err := newsletter(seed, people).install(ctx, adminDSN, prefix+"_newsletter", newsletterSchema, &system); err != nil {
		return System{}, fmt.Errorf("load the sample newsletter: %w", err)
	}
	reads, changes, err := newsletterTokens(adminDSN)
	system.ReadDSN, system.ChangeDSN = "token="+reads, "token="+changes
	return system, err
}

// NewsletterAnnotation reads the newsletter's dataset, declaration and service document, without any database.
func NewsletterAnnotation(address string) (System, error) {
	system := System{Key: Newsletter, DatasetYAML: newsletterDataset, DeclarationYAML: newsletterDeclaration, ServiceYAML: []byte(strings.Replace(string(newsletterService), nowhere, address+"/v1", 1))}
	var err error
	if system.Datasets, err = dataset.Parse("newsletter.yml", newsletterDataset); err != nil {
		return System{}, fmt.Errorf("read the newsletter's dataset: %w", err)
	}
	if _, err := dataset.ParseService("newsletter_service.yml", system.ServiceYAML); err != nil {
		return System{}, fmt.Errorf("read the newsletter's service document: %w", err)
	}
	declared, err := dataset.ParseDeclarations("newsletter_declaration.yml", newsletterDeclaration)
	if err != nil {
		return System{}, fmt.Errorf("read the newsletter's declaration: %w", err)
	}
	system.Declaration = declared[0]
	return system, nil
}

// newsletterTokens are what opens the service: for reading, and for changing too.
func newsletterTokens(adminDSN string) (reads, changes string, err error) {
	admin, err := url.Parse(adminDSN)
	if err != nil {
		return "", "", fmt.Errorf("the admin DSN is no URL; write it as postgres://user:password@host:port/postgres")
	}
	secret, _ := admin.User.Password()
	return rolePassword(secret, "newsletter token that reads"), rolePassword(secret, "newsletter token that changes"), nil
}

// mailingCount is how many newsletters were sent.
const mailingCount = 40

// subscriber tells who of the people, counted from the demo person on, gets the newsletter.
func subscriber(i int) bool { return i%3 == 0 }

// newsletter invents who gets the newsletter: the demo person, and every third of the others.
func newsletter(seed uint64, people int) database {
	g := &generator{Rand: seeded(seed + 2), serial: map[string]int{}, people: makePeople(seeded(seed), max(1, people))}
	subscribers := tableOf("public", "subscribers", "id", "email", "first_name", "language", "topics", "consent", "signed_up")
	mailings := tableOf("public", "mailings", "id", "subject", "sent_on")
	sendings := tableOf("public", "sendings", "id", "subscriber_id", "mailing_id", "sent_at", "opened_at", "clicks")
	blocked := tableOf("public", "blocked", "email", "since")
	blocked.list = true
	replies := tableOf("public", "replies", "id", "subscriber_id", "sender", "received_at", "body")
	for i := range mailingCount {
		mailings.add(i+1, fmt.Sprintf("%s · %d", pick(g.Rand, products()), i+1), epoch.AddDate(0, -i, 0))
	}
	for i, p := range g.people {
		if !subscriber(i) {
			continue
		}
		id := 50_000 + p.id
		subscribers.add(id, p.email, g.maybe(4, p.first), p.lang, []string{"hiking", pick(g.Rand, []string{"climbing", "trail", "camping"})},
			map[string]any{"form": "footer", "ip": g.ip()}, g.ago(2000))
		most := 1 + g.IntN(8)
		if i == 0 {
			most = 12
		}
		for j := range most {
			sent := epoch.AddDate(0, -j, 0)
			sendings.add(g.next("sending"), id, j+1, sent, g.maybe(2, sent.Add(time.Hour)), []string{fmt.Sprintf("/shop/%d", g.IntN(90))})
		}
		if i == 0 || g.IntN(6) == 0 {
			replies.add(g.next("reply"), id, p.full(), g.ago(700), "Bitte schicken Sie mir nur noch eine Mail im Monat. "+p.first)
		}
	}
	for range 5 { // people who never subscribed
		blocked.add(fmt.Sprintf("no.mail.%d@example.net", g.next("blocked")), g.ago(900))
	}
	return database{subscribers, mailings, sendings, replies, blocked}
}
