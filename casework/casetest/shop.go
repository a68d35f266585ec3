package casetest

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// ShopKey names the shop as a system and as a dataset.
const ShopKey = "shop"

// Shop is a PostgreSQL database with customers and their orders.
type Shop struct {
	w    *World
	conn *pgx.Conn
	// ID is the system's row, DSN its address.
	ID  uuid.UUID
	DSN string
}

const shopSchema = `
CREATE TABLE customers (id integer PRIMARY KEY, email text NOT NULL, name text NOT NULL);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers (id), item text NOT NULL);
CREATE INDEX ON customers (lower(email));
CREATE INDEX ON orders (customer_id);
`

// ShopAnnotation is the shop's dataset as its owner would file it.
const ShopAnnotation = `
dataset:
  - fides_key: shop
    name: Shop
    description: Customers and what they order.
    collections:
      - name: customers
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string}}
          - {name: name, data_categories: [user.name]}
      - name: orders
        fields:
          - {name: id, data_categories: [user.behavior.purchase_history], fides_meta: {primary_key: true, data_type: integer}}
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: shop, field: customers.id, direction: from}]}
          - {name: item, data_categories: [user.behavior.purchase_history]}
`

func (w *World) addShop() *Shop {
	s := &Shop{w: w}
	s.DSN = localtest.Database(w.T, localtest.Template{Name: "casetest_shop_1", Migrate: func(ctx context.Context, dsn string) error {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return fmt.Errorf("connect to the shop: %w", err)
		}
		defer conn.Close(ctx) //nolint:errcheck // the statement was checked
		_, err = conn.Exec(ctx, shopSchema)
		return err
	}})
	s.conn = storagetest.Connect(w.T, s.DSN)
	w.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		if s.ID, err = tx.AddSystem(ctx, storage.System{Key: ShopKey, Name: "The shop", Kind: "postgres", Target: s.DSN}); err != nil {
			return err
		}
		return tx.SaveDataset(ctx, s.ID, ShopKey, ShopAnnotation)
	})
	return s
}

// Exec changes the shop's database behind Docket's back.
func (s *Shop) Exec(sql string, args ...any) {
	s.w.T.Helper()
	_, err := s.conn.Exec(s.w.T.Context(), sql, args...)
	require.NoError(s.w.T, err)
}

// Stock gives the person an account with a number of orders.
func (s *Shop) Stock(p storage.Person, orders int) {
	s.w.T.Helper()
	s.Exec(`WITH c AS (INSERT INTO customers SELECT coalesce(max(id), 0) + 1, $1, $2 FROM customers RETURNING id)
		INSERT INTO orders SELECT coalesce((SELECT max(id) FROM orders), 0) + n, c.id, 'thing ' || n
		FROM c, generate_series(1, $3::integer) n`, p.Email, p.Name, orders)
}

// Move gives the system another address.
func (s *Shop) Move(dsn string) {
	s.w.T.Helper()
	s.w.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, s.ID)
		if err != nil {
			return err
		}
		system.Target = dsn
		return tx.UpdateSystem(ctx, system)
	})
}

// Block keeps everybody from reading the orders until release is called.
func (s *Shop) Block() (release func()) {
	s.w.T.Helper()
	tx, err := s.conn.Begin(s.w.T.Context())
	require.NoError(s.w.T, err)
	_, err = tx.Exec(s.w.T.Context(), "LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
	require.NoError(s.w.T, err)
	return func() { require.NoError(s.w.T, tx.Rollback(context.WithoutCancel(s.w.T.Context()))) }
}

// changeable is the shop's annotation with the day of an order, by which it is kept.
const changeable = ShopAnnotation + `          - {name: placed, data_categories: [user.behavior.purchase_history]}
`

// changeableTerms keep orders as vouchers, and delete everything else.
const changeableTerms = `
declaration:
  - system: shop
    name: {en: The shop, de: Der Laden}
    subjects: [customer]
    purposes:
      - {use: essential.service, description: {en: Selling}, lawful_basis: contract, data_categories: [user]}
    recipients: []
    retention:
      - {data_categories: [user], criteria: {en: as the law says}}
    source: {from_subject: true}
    erasure:
      - {collection: shop.orders, method: delete, records: [invoice], events: {created: placed}, needs: [customer_id, placed]}
      - {collection: shop.customers, method: delete, with: shop.orders, needs: [name]}
`

// Changeable gives orders a day, and the system a way in that may change it.
func (s *Shop) Changeable() {
	s.w.T.Helper()
	s.Exec(`ALTER TABLE orders ADD COLUMN IF NOT EXISTS placed date NOT NULL DEFAULT '2026-01-15', ALTER COLUMN item DROP NOT NULL`)
	s.w.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, s.ID)
		if err != nil {
			return err
		}
		system.Change, system.Declaration = s.DSN, changeableTerms
		if err := tx.UpdateSystem(ctx, system); err != nil {
			return err
		}
		return tx.SaveDataset(ctx, s.ID, ShopKey, changeable)
	})
}

// limiting declares where the shop marks limits.
const limiting = `    limits:
      - {collection: shop.customers, field: mailing, kinds: [direct_marketing], set: "no", clear: "yes"}
      - {collection: shop.customers, field: blocked, kinds: [restriction, legitimate_interest], set: true, clear: ""}
`

// Limiting is Changeable in a shop that marks whom it must not write to, and whose data is restricted.
func (s *Shop) Limiting() {
	s.w.T.Helper()
	s.Changeable()
	s.Exec(`ALTER TABLE customers ADD COLUMN mailing text NOT NULL DEFAULT 'yes', ADD COLUMN blocked boolean`)
	s.w.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, s.ID)
		if err != nil {
			return err
		}
		system.Declaration += limiting
		if err := tx.UpdateSystem(ctx, system); err != nil {
			return err
		}
		marked := strings.Replace(changeable, "      - name: orders", "          - {name: mailing}\n          - {name: blocked, fides_meta: {data_type: boolean}}\n      - name: orders", 1)
		return tx.SaveDataset(ctx, s.ID, ShopKey, marked)
	})
}

// listing declares that the shop has lists of whom it must not write to, and of whose data is only kept.
const listing = `    limits:
      - {collection: shop.do_not_contact, list: address, kinds: [direct_marketing]}
      - {collection: shop.frozen, list: address, kinds: [restriction, legitimate_interest], clear: remove}
      - {collection: shop.no_calls, list: number, kinds: [direct_marketing]}
`

const lists = `      - name: do_not_contact
        fields:
          - {name: address, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string}}
          - {name: remark, data_categories: [user.content.private]}
      - name: no_calls
        fields:
          - {name: number, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number, data_type: string}}
      - name: frozen
        fields:
          - {name: address, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string}}
`

// Listing is Changeable in a shop that keeps lists of people in place of fields in their rows, with somebody else on each.
func (s *Shop) Listing() {
	s.w.T.Helper()
	s.Changeable()
	s.Exec(`CREATE TABLE do_not_contact (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, address text NOT NULL, remark text, since timestamptz NOT NULL DEFAULT now())`)
	s.Exec(`CREATE TABLE frozen (address text NOT NULL)`)
	s.Exec(`CREATE TABLE no_calls (number text NOT NULL)`)
	for _, table := range []string{"do_not_contact", "frozen"} {
		s.Exec(`INSERT INTO ` + table + ` (address) VALUES ('other@example.org'), ('x' || 'other@example.org')`)
	}
	s.w.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, s.ID)
		if err != nil {
			return err
		}
		system.Declaration += listing
		if err := tx.UpdateSystem(ctx, system); err != nil {
			return err
		}
		return tx.SaveDataset(ctx, s.ID, ShopKey, changeable+lists)
	})
}

// correctable lets people correct a field themselves, and takes their statements.
const correctable = `    corrections:
      self_service: [shop.customers.nickname, shop.customers.email]
      statement: shop.customers.statement
`

// Correctable is Changeable in a shop where people correct their nickname themselves.
func (s *Shop) Correctable() {
	s.w.T.Helper()
	s.Changeable()
	s.Exec(`ALTER TABLE customers ADD COLUMN nickname varchar(20), ADD COLUMN born date, ADD COLUMN statement text`)
	s.w.Change(func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, s.ID)
		if err != nil {
			return err
		}
		system.Declaration += correctable
		if err := tx.UpdateSystem(ctx, system); err != nil {
			return err
		}
		annotated := strings.Replace(changeable, "      - name: orders", `          - {name: nickname, data_categories: [user.name]}
          - {name: born, data_categories: [user.demographic.date_of_birth], fides_meta: {data_type: string}}
          - {name: statement}
      - name: orders`, 1)
		return tx.SaveDataset(ctx, s.ID, ShopKey, annotated)
	})
}

// Text asks the shop's database for a text.
func (s *Shop) Text(sql string, args ...any) (text string) {
	s.w.T.Helper()
	require.NoError(s.w.T, s.conn.QueryRow(s.w.T.Context(), sql, args...).Scan(&text))
	return text
}

// Count asks the shop's database for a number.
func (s *Shop) Count(sql string, args ...any) (n int) {
	s.w.T.Helper()
	require.NoError(s.w.T, s.conn.QueryRow(s.w.T.Context(), sql, args...).Scan(&n))
	return n
}
