package sample

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"time"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Loyalty is the key of the loyalty programme, which is older than the other systems and lies in MariaDB.
const Loyalty = "sample_loyalty"

var (
	//go:embed schema/loyalty.sql
	loyaltySchema string
	//go:embed annotation/loyalty.yml
	loyaltyDataset []byte
	//go:embed annotation/loyalty_declaration.yml
	loyaltyDeclaration []byte
)

// LoadLoyalty makes the database of the loyalty programme on the MariaDB of the admin's DSN, with members among the customers that Load makes
// with the same seed and number of people, replacing what was there. Its annotation refers to the shop's.
func LoadLoyalty(ctx context.Context, adminDSN, prefix string, seed uint64, people int) (System, error) {
	system, err := LoyaltyAnnotation()
	if err != nil {
		return System{}, err
	}
	if err := installMariaDB(ctx, adminDSN, prefix+"_loyalty", loyaltySchema, loyalty(seed, people), &system); err != nil {
		return System{}, fmt.Errorf("load the sample loyalty programme: %w", err)
	}
	return system, nil
}

// LoyaltyAnnotation reads the programme's dataset and declaration, without any database.
func LoyaltyAnnotation() (System, error) {
	system := System{Key: Loyalty, DatasetYAML: loyaltyDataset, DeclarationYAML: loyaltyDeclaration}
	var err error
	if system.Datasets, err = dataset.Parse("loyalty.yml", loyaltyDataset); err != nil {
		return System{}, fmt.Errorf("read the loyalty programme's dataset: %w", err)
	}
	declared, err := dataset.ParseDeclarations("loyalty_declaration.yml", loyaltyDeclaration)
	if err != nil {
		return System{}, fmt.Errorf("read the loyalty programme's declaration: %w", err)
	}
	system.Declaration = declared[0]
	return system, nil
}

// loyaltyTables are the tables that belong to members, while they fill.
type loyaltyTables struct {
	members, cards, bookings, till *table
}

// loyalty invents the programme. Every second customer of the shop is in it.
func loyalty(seed uint64, people int) database {
	g := &generator{Rand: seeded(seed + 1), serial: map[string]int{}, people: makePeople(seeded(seed), max(1, people))}
	t := loyaltyTables{
		members:  tableOf("", "members", "number", "email", "shop_customer_id", "salutation", "full_name", "birthday", "tier", "joined_on", "newsletter", "preferences"),
		cards:    tableOf("", "cards", "code", "member", "issued_on", "valid_until", "blocked"),
		bookings: tableOf("", "bookings", "id", "member", "order_id", "ordered_on", "amount", "points", "text"),
		till:     tableOf("", "till_lines", "member", "store", "at", "line"),
	}
	for i, p := range g.people {
		if member(i, p) {
			g.member(t, p)
		}
	}
	tiers := tableOf("", "tiers", "code", "name", "needed")
	tiers.add("B", "Birke", 0)
	tiers.add("E", "Eiche", 500)
	tiers.add("L", "Lärche", 2000)
	return database{tiers, t.members, t.cards, t.bookings, t.till}
}

// member tells who of the people, counted from the demo person on, is in the programme.
func member(i int, p person) bool { return p.inShop && i%2 == 0 }

// member invents one person's rows. The demo person joined on paper: her e-mail address is not known, and the shop's number leads to her.
func (g *generator) member(t loyaltyTables, p person) {
	number := 7_000_000 + p.id
	email, birthday := any(p.email), any("0000-00-00")
	if p.email == DemoEmail {
		email = nil
	}
	if g.IntN(3) > 0 {
		birthday = p.birthday.Format(time.DateOnly)
	}
	salutations := map[string][]string{"de": {"Frau", "Herr"}, "fr": {"Mme", "M."}, "es": {"Sra.", "Sr."}}[p.lang]
	if salutations == nil {
		salutations = []string{"Ms", "Mr"}
	}
	preferences := g.maybe(2, map[string]any{
		"favourites": []string{pick(g.Rand, products()), pick(g.Rand, products())},
		"household":  map[string]any{"size": 1 + g.IntN(5), "partner": g.maybe(2, pick(g.Rand, locales()[0].first))},
	})
	t.members.add(number, email, customerID(p), g.maybe(2, pick(g.Rand, salutations)), p.full(), birthday, pick(g.Rand, []string{"B", "B", "E", "L"}),
		g.ago(6000).Format(time.DateOnly), g.IntN(2) == 0, preferences)
	for i := range 1 + g.IntN(2) {
		code := fmt.Appendf(nil, "HB%05d%d", p.id, i)
		t.cards.add(code, number, g.ago(3000).Format(time.DateOnly), 2024+g.IntN(8), []byte{byte(g.IntN(2))})
	}
	for range 2 + g.IntN(12) {
		g.booking(t, number)
	}
	for range g.IntN(6) {
		g.tillLine(t, number)
	}
}

// booking invents points for an order, now and then some that nobody ordered anything for.
func (g *generator) booking(t loyaltyTables, member int) {
	if g.IntN(5) == 0 {
		t.bookings.add(g.next("booking"), member, nil, nil, nil, 50, pick(g.Rand, []string{"Zum Geburtstag", "Bienvenue !", "Sorry for the delay", "¡Gracias!"}))
		return
	}
	cents := 990 + g.IntN(40_000)
	t.bookings.add(g.next("booking"), member, g.uuid(), g.ago(4500).Format(time.DateOnly), euros(cents), cents/100, pick(g.Rand, products()))
}

// tillLine invents what a till sent. Now and then it sends a line twice.
func (g *generator) tillLine(t loyaltyTables, member int) {
	values := []any{
		member, pick(g.Rand, []string{"Hamburg Hafenstraße", "Köln Ehrenfeld", "München Sendling"}), g.ago(1500),
		pick(g.Rand, products()) + " x" + strconv.Itoa(1+g.IntN(3)),
	}
	t.till.add(values...)
	if g.IntN(7) == 0 {
		t.till.add(values...)
	}
}
