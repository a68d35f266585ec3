package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"

	docket "github.com/privacy-docket/docket/client"
)

// busy is the person of whom a system holds very much.
const busy = "busy@bench.example"

// eventsSchema is a system with one large table: what a web shop notes of its visitors.
const eventsSchema = `
CREATE TABLE people (id bigint PRIMARY KEY, email text NOT NULL);
CREATE INDEX ON people (lower(email));
CREATE TABLE events (id bigint PRIMARY KEY, person_id bigint NOT NULL REFERENCES people (id), kind text NOT NULL, amount numeric(12, 2) NOT NULL,
	note text NOT NULL, ok boolean NOT NULL, at timestamptz NOT NULL);
INSERT INTO people VALUES (1, '` + busy + `'), (2, 'other@bench.example');
`

const eventsRows = `
INSERT INTO events SELECT i, 1 + i % 10 / 9, (ARRAY['login', 'order_placed', 'newsletter_opened', 'basket_changed'])[1 + i % 4], i % 977 + i % 100 / 100.0,
	'row ' || i || ' has a note, with a comma and the number ' || md5(i::text), i % 3 = 0, timestamptz '2024-01-01 00:00Z' + i * interval '1 minute'
FROM generate_series(1, $1::bigint) i;
`

const eventsDataset = `
dataset:
  - fides_key: events
    name: Events
    description: What visitors did.
    collections:
      - name: people
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string}}
      - name: events
        fields:
          - {name: id, data_categories: [user.behavior.browsing_history], fides_meta: {primary_key: true, data_type: integer}}
          - name: person_id
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: events, field: people.id, direction: from}]}
          - {name: kind, data_categories: [user.behavior.browsing_history]}
          - {name: amount, data_categories: [user.behavior.purchase_history]}
          - {name: note, data_categories: [user.behavior.browsing_history]}
          - {name: ok, data_categories: [user.behavior.browsing_history]}
          - {name: at, data_categories: [user.behavior.browsing_history]}
`

const eventsDeclaration = `
declaration:
  - system: events
    name: {en: Events, de: Ereignisse, fr: Événements, es: Eventos}
    subjects: [customer]
    purposes:
      - use: essential.service
        description: {en: Running the shop, de: Betrieb des Ladens, fr: Exploitation de la boutique, es: Funcionamiento de la tienda}
        lawful_basis: contract
        data_categories: [user.unique_id, user.contact.email, user.behavior]
    recipients: []
    retention:
      - data_categories: [user.unique_id, user.contact.email, user.behavior]
        period: P2Y
        criteria: {en: from the event, de: ab dem Ereignis, fr: à compter de l'événement, es: desde el evento}
    source: {from_subject: true}
`

// eventsSystem fills a database with n events of one person among others, and makes it a system of the tenant. It gives
// the URL of the database.
func (s *site) eventsSystem(ctx context.Context, staff *docket.Client, n int) (dsn string, err error) {
	admin, err := pgx.Connect(ctx, s.Stack.Addresses().PostgresAdminDSN)
	if err != nil {
		return "", fmt.Errorf("connect to make the system: %w", err)
	}
	_, err = admin.Exec(ctx, "CREATE DATABASE events")
	if err := errors.Join(err, admin.Close(ctx)); err != nil {
		return "", fmt.Errorf("make the system's database: %w", err)
	}
	u, err := url.Parse(s.Stack.Addresses().PostgresAdminDSN)
	if err != nil {
		return "", fmt.Errorf("read the database's address: %w", err)
	}
	u.Path = "/events"
	conn, err := pgx.Connect(ctx, u.String())
	if err != nil {
		return "", fmt.Errorf("connect to fill the system: %w", err)
	}
	_, err = conn.Exec(ctx, eventsSchema)
	if err == nil {
		_, err = conn.Exec(ctx, eventsRows, n*10/9)
	}
	for _, then := range []string{"CREATE INDEX ON events (person_id)", "VACUUM ANALYZE"} {
		if err == nil {
			_, err = conn.Exec(ctx, then)
		}
	}
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return "", fmt.Errorf("fill the system: %w", err)
	}
	made, err := staff.CreateSystem(ctx, docket.NewSystem{Key: "events", Name: "Events", Kind: "postgres", Target: u.String(), Declaration: eventsDeclaration})
	if err != nil {
		return "", err
	}
	_, err = staff.PutDataset(ctx, made.ID, []byte(eventsDataset))
	return u.String(), err
}
