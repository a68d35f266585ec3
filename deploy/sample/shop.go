package sample

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// shopTables are the tables that belong to customers, while they fill.
type shopTables struct {
	customers, addresses, orders, items, payments, reviews, events *table
}

// shop invents the web shop.
func (g *generator) shop() database {
	t := shopTables{
		customers: tableOf("public", "customers", "id", "email", "full_name", "phone", "crm_contact_id", "created_at", "newsletter", "settings", "nickname"),
		addresses: tableOf("public", "addresses", "id", "street", "postal_code", "city", "country"),
		orders:    tableOf("public", "orders", "id", "customer_id", "shipping_address_id", "placed_at", "status", "total", "note"),
		items:     tableOf("public", "order_items", "order_id", "line", "product_id", "quantity", "price"),
		payments:  tableOf("public", "payments", "id", "order_id", "method", "card_last4", "amount", "paid_at"),
		reviews:   tableOf("public", "reviews", "id", "customer_id", "product_id", "stars", "title", "body", "photos", "written_at"),
		events:    tableOf("public", "newsletter_events", "email", "event", "campaign", "at", "client"),
	}
	for _, p := range g.people {
		if p.inShop {
			g.customer(t, p)
		}
	}
	g.demoCustomer(t)
	return database{catalogue(), t.customers, t.addresses, t.orders, t.items, t.payments, t.reviews, t.events, dailySales()}
}

// price of a product in cents; it is fixed, so that totals can be checked.
func price(product int) int { return 990 + product*1370%29000 }

// euros writes cents as the database's numeric reads them.
func euros(cents int) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

// catalogue is the list of products.
func catalogue() *table {
	t := tableOf("public", "products", "id", "name", "price")
	for i, name := range products() {
		t.add(i+1, name, euros(price(i+1)))
	}
	return t
}

// dailySales is a table of totals without anybody's data.
func dailySales() *table {
	t := tableOf("public", "daily_sales", "day", "orders", "revenue")
	for i := range 90 {
		t.add(epoch.AddDate(0, 0, -i).Truncate(24*time.Hour), 40+i%17, euros(400000+i*1234))
	}
	return t
}

// customerID keeps the shop's numbers apart from the CRM's.
func customerID(p person) int64 { return 1_000_000 + int64(p.id) }

// customer invents one person's rows.
func (g *generator) customer(t shopTables, p person) {
	id := customerID(p)
	settings := g.maybe(2, map[string]any{"currency": "EUR", "wishlist": []int{1 + g.IntN(20), 1 + g.IntN(20)}})
	var contact any
	if p.inCRM {
		contact = p.id
	}
	t.customers.add(id, p.email, p.full(), g.maybe(2, p.phone), contact, g.ago(1800), g.IntN(2) == 0, settings, strings.ToLower(p.first))
	t.addresses.add(id, p.street, p.postal, p.city, p.country)
	for range g.IntN(6) {
		g.order(t, id, nil)
	}
	for range g.IntN(2) {
		text := pick(g.Rand, reviews())
		g.review(t, id, text[0], text[1])
	}
	for range g.IntN(5) {
		g.event(t, p.email)
	}
}

// order invents an order with its items and its payment, which add up.
func (g *generator) order(t shopTables, customer int64, note any) {
	id, placed, total := g.uuid(), g.ago(1200), 0
	row := len(t.orders.rows)
	t.orders.add(id, customer, customer, placed, pick(g.Rand, []string{"delivered", "delivered", "returned", "sent"}), "0", note)
	for line := range 1 + g.IntN(4) {
		product, quantity := 1+g.IntN(len(products())), 1+g.IntN(3)
		total += price(product) * quantity
		t.items.add(id, line+1, product, quantity, euros(price(product)))
	}
	t.orders.rows[row][5] = euros(total)
	method, last4 := pick(g.Rand, []string{"card", "card", "invoice", "transfer"}), any(nil)
	if method == "card" {
		last4 = fmt.Sprintf("%04d", g.IntN(10000))
	}
	t.payments.add(g.next("payment"), id, method, last4, euros(total), g.maybe(1, placed.Add(time.Hour)))
}

// review invents a review.
func (g *generator) review(t shopTables, customer int64, title, body string) {
	n := g.next("review")
	t.reviews.add(n, customer, 1+g.IntN(len(products())), 1+g.IntN(5), title, g.maybe(1, body), g.maybe(3, []string{"img/" + strconv.Itoa(n) + "-1.jpg", "img/" + strconv.Itoa(n) + "-2.jpg"}), g.ago(800))
}

// event invents a line of the mailing service. Now and then it delivers one twice.
func (g *generator) event(t shopTables, email string) {
	kind, campaign, at := pick(g.Rand, []string{"sent", "opened", "clicked"}), fmt.Sprintf("2026-%02d", 1+g.IntN(9)), g.ago(270)
	client := g.maybe(2, map[string]any{"ip": g.ip(), "agent": "Mail/16.0"})
	t.events.add(email, kind, campaign, at, client)
	if g.IntN(8) == 0 {
		t.events.add(email, kind, campaign, at, client)
	}
}
