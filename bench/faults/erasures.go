package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/bench/rig"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local"
)

// The people who are erased while servers die, and the rows of each: enough that a batch is not all of them.
const (
	erasedPeople = 20
	erasedRows   = 30_000
	erasureKills = 20
	// batchSeconds is how long the system takes over each batch, so that servers die within one.
	batchSeconds = 3.0
)

// The annotation and the declaration of a system in which one collection is deleted and others are masked. Nothing but the
// customer's row says whose the others are.
const (
	ledgerDataset = `dataset:
  - fides_key: ledger
    name: Ledger
    collections:
      - name: customers
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string}}
          - {name: full_name, data_categories: [user.name]}
      - name: visits
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: customer_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: ledger, field: customers.id, direction: from}]}}
          - {name: page, data_categories: [user.behavior]}
      - name: notes
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: customer_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: ledger, field: customers.id, direction: from}]}}
          - {name: words, data_categories: [user.content.private]}
`
	ledgerDeclaration = `declaration:
  - system: ledger
    name: {en: Ledger}
    subjects: [customer]
    purposes:
      - {use: essential.service, description: {en: Service}, lawful_basis: contract, data_categories: [user]}
    recipients: []
    retention:
      - {data_categories: [user], criteria: {en: as long as you are a customer}}
    source: {from_subject: true}
    automated_decisions: []
    erasure:
      - {collection: ledger.visits, method: delete}
`
)

// erasures has people erased while worker, server, PostgreSQL and Temporal are killed in turn: each erasure ends, nothing of
// the person is left, nobody else's row is touched, and what is on record of it is what was done.
func erasures(ctx context.Context, o options) (found []violation, err error) {
	_, _ = fmt.Fprintf(o.out, "erasures: %d people with %d rows each, %d kills, seed %d\n", erasedPeople, 2*erasedRows+1, erasureKills, o.seed)
	s, err := newScene(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.end(o.out, found, err)) }()
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	e := &erasing{scene: s, options: o}
	if err := e.play(ctx); err != nil {
		return nil, err
	}
	return s.broken, e.judge(ctx)
}

// erasing is the erasures of a scene on their way.
type erasing struct {
	*scene
	options
	dsn      string
	approver *rig.Officer
	requests []uuid.UUID
	retried  int
	killer   killer
}

func (e *erasing) play(ctx context.Context) error {
	if err := e.keepLedger(ctx); err != nil {
		return err
	}
	if err := e.plan(ctx); err != nil {
		return err
	}
	for _, id := range e.requests {
		read, err := e.staff.Erasure(ctx, id)
		if err != nil {
			return err
		}
		if err := e.approver.Approve(ctx, client.NewIdempotencyKey(), id, read.SHA256); err != nil {
			return err
		}
	}
	chance := rand.New(rand.NewPCG(e.seed, 0)) //nolint:gosec // a schedule that can be repeated, not a secret
	parts := []*local.Part{e.worker, e.Stack.Part(local.Postgres), e.worker, e.server.Part, e.Stack.Part(local.Temporal)}
	staying, stop := context.WithCancel(ctx)
	wait := e.keepUp(staying, parts)
	if err := e.unrecorded(ctx); err != nil {
		stop()
		return err
	}
	for i := range erasureKills {
		pause(ctx, between(chance, 200*time.Millisecond, 4*time.Second))
		e.killer.outage(ctx, parts[i%len(parts)], between(chance, 0, 2*time.Second))
	}
	began := time.Now()
	err := until(ctx, "the end of all erasures", e.rest)
	stop()
	wait()
	_, _ = fmt.Fprintf(e.out, "  kills: %v; the last erasure %s after the last of them; %d systems tried again by a person\n", e.killer.kills(), time.Since(began).Round(time.Second), e.retried)
	return err
}

// keepLedger makes the system with everybody's rows, and somebody who may approve.
func (e *erasing) keepLedger(ctx context.Context) (err error) {
	e.dsn = strings.Replace(e.Owner, "/docket?", "/ledger?", 1)
	owner, err := e.Connect(ctx)
	if err != nil {
		return err
	}
	_, err = owner.Exec(ctx, "CREATE DATABASE ledger")
	if err := errors.Join(err, owner.Close(ctx)); err != nil {
		return fmt.Errorf("make the ledger: %w", err)
	}
	_, err = e.ledger(ctx, fmt.Sprintf(`CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL, full_name text NOT NULL);
		CREATE TABLE visits (id bigserial PRIMARY KEY, customer_id int NOT NULL, page text NOT NULL);
		CREATE TABLE notes (id bigserial PRIMARY KEY, customer_id int NOT NULL, words text);
		INSERT INTO customers SELECT g, 'customer' || g || '@example.net', 'Customer ' || g FROM generate_series(0, %[1]d) g;
		INSERT INTO visits (customer_id, page) SELECT c, 'page ' || g FROM generate_series(0, %[1]d) c, generate_series(1, %[2]d) g;
		INSERT INTO notes (customer_id, words) SELECT c, 'words ' || g FROM generate_series(0, %[1]d) c, generate_series(1, %[2]d) g;
		CREATE INDEX ON visits (customer_id); CREATE INDEX ON notes (customer_id); ANALYZE;
		CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(%[3]f); RETURN NULL; END $$;
		CREATE TRIGGER slow AFTER DELETE ON visits FOR EACH STATEMENT EXECUTE FUNCTION slow();
		CREATE TRIGGER slow AFTER UPDATE ON notes FOR EACH STATEMENT EXECUTE FUNCTION slow();
		CREATE ROLE ledger_reader LOGIN PASSWORD 'reader'; CREATE ROLE ledger_changer LOGIN PASSWORD 'changer';
		GRANT SELECT ON ALL TABLES IN SCHEMA public TO ledger_reader; GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ledger_changer`, erasedPeople, erasedRows, batchSeconds))
	if err != nil {
		return err
	}
	t, err := e.AddTenant(ctx, "erasing")
	if err != nil {
		return err
	}
	if e.staff, err = client.New(client.Config{URL: e.server.URL, Key: t.Key, Transport: e.manners}); err != nil {
		return err
	}
	made, err := e.staff.CreateSystem(ctx, client.NewSystem{
		Key: "ledger", Name: "Ledger", Kind: "postgres", Target: e.as("ledger_reader:reader"), Change: e.as("ledger_changer:changer"), Declaration: ledgerDeclaration,
	})
	if err != nil {
		return fmt.Errorf("add the ledger: %w", err)
	}
	if _, err := e.staff.PutDataset(ctx, made.ID, []byte(ledgerDataset)); err != nil {
		return fmt.Errorf("annotate the ledger: %w", err)
	}
	e.approver, err = e.AddOfficer(ctx, "erasing", e.server)
	return err
}

func (e *erasing) as(who string) string {
	_, after, _ := strings.Cut(e.dsn, "@")
	return "postgres://" + who + "@" + after
}

// ledger asks the system behind everybody's back; a query gives its first value.
func (e *erasing) ledger(ctx context.Context, sql string) (n int64, err error) {
	conn, err := pgx.Connect(ctx, e.dsn)
	if err != nil {
		return 0, fmt.Errorf("connect to the ledger: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // every statement was checked
	if !strings.HasPrefix(sql, "SELECT") {
		_, err = conn.Exec(ctx, sql)
		return 0, err
	}
	return n, conn.QueryRow(ctx, sql).Scan(&n)
}

// plan files the requests and proposes what is planned for each.
func (e *erasing) plan(ctx context.Context) error {
	for i := range erasedPeople {
		filed, err := e.staff.CreateRequest(ctx, client.NewIdempotencyKey(), client.NewRequest{
			Person: client.Person{Name: fmt.Sprintf("Customer %d", i+1), Email: fmt.Sprintf("customer%d@example.net", i+1)}, Right: "erasure", Language: "en", Channel: "staff",
		})
		if err != nil {
			return fmt.Errorf("file an erasure: %w", err)
		}
		e.requests = append(e.requests, filed.ID)
	}
	for _, id := range e.requests {
		for _, step := range []struct {
			in      string
			command client.Command
		}{{"verifying", client.ConfirmIdentity{Note: "Seen at the desk."}}, {"reviewing", client.ProposePlan{}}} {
			if err := e.stands(ctx, id, step.in); err != nil {
				return err
			}
			if _, err := e.staff.Command(ctx, client.NewIdempotencyKey(), id, step.command); err != nil {
				return fmt.Errorf("lead an erasure to its approval: %w", err)
			}
		}
	}
	return nil
}

func (e *erasing) stands(ctx context.Context, id uuid.UUID, state string) error {
	return until(ctx, "the state "+state, func(ctx context.Context) (bool, error) {
		r, err := e.staff.Request(ctx, id)
		return err == nil && r.State == state, err
	})
}

// rest says whether all have ended; a system that was given up on is tried again, as a person does.
func (e *erasing) rest(ctx context.Context) (bool, error) {
	left := 0
	for _, id := range e.requests {
		r, err := e.staff.Request(ctx, id)
		if err != nil {
			return false, err
		}
		if r.State == "closed" {
			continue
		}
		left++
		plan, err := e.staff.Erasure(ctx, id)
		if err != nil {
			return false, err
		}
		for _, system := range plan.Systems {
			if system.State != "failed" {
				continue
			}
			if _, err := e.staff.Command(ctx, client.NewIdempotencyKey(), id, client.RetrySystem{System: system.Key}); err != nil {
				return false, err
			}
			e.retried++
		}
	}
	return left == 0, nil
}

// unrecorded kills the worker between the commit of a batch and the record of it, which the register is kept from taking.
func (e *erasing) unrecorded(ctx context.Context) error {
	conn, err := e.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // it only locks
	err = until(ctx, "a batch under way", func(ctx context.Context) (begun bool, err error) {
		return begun, conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM erasure_steps WHERE collection = 'visits')").Scan(&begun)
	})
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "BEGIN; LOCK TABLE erasure_steps IN EXCLUSIVE MODE"); err != nil {
		return fmt.Errorf("keep the register from recording: %w", err)
	}
	err = until(ctx, "a batch that is committed and not recorded", func(ctx context.Context) (bool, error) {
		left, err := e.ledger(ctx, "SELECT count(*) FROM visits WHERE customer_id > 0")
		return left <= (erasedPeople-1)*erasedRows, err
	})
	if err != nil {
		return err
	}
	e.killer.outage(ctx, e.worker, 0)
	_, err = conn.Exec(ctx, "ROLLBACK")
	return err
}
