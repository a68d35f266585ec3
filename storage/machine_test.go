package storage_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

const checkViolation = "23514"

// arrows reads out of a trigger's function which moves it lets through.
func arrows(t *testing.T, conn *pgx.Conn, function string) (found []string) {
	t.Helper()
	var body string
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT prosrc FROM pg_proc WHERE proname = $1", function).Scan(&body))
	for _, m := range regexp.MustCompile(`\('(\w+)', '(\w+)'\)`).FindAllStringSubmatch(body, -1) {
		found = append(found, m[1]+" "+m[2])
	}
	return found
}

// The register lets cases make exactly the moves of privacy.Transitions.
func TestCaseTransitionsAreTheLaws(t *testing.T) {
	t.Parallel()
	var want []string
	for _, pair := range privacy.Transitions() {
		want = append(want, fmt.Sprintf("%s %s", pair[0], pair[1]))
	}
	require.ElementsMatch(t, want, arrows(t, storagetest.New(t).Owner(t), "cases_step"))
}

// The register lets obligations make exactly the moves of privacy.ObligationTransitions.
func TestObligationTransitionsAreTheLaws(t *testing.T) {
	t.Parallel()
	var want []string
	for _, pair := range privacy.ObligationTransitions() {
		want = append(want, fmt.Sprintf("%s %s", pair[0], pair[1]))
	}
	require.ElementsMatch(t, want, arrows(t, storagetest.New(t).Owner(t), "obligations_step"))
}

// bypass speaks to the database as docket_app of a tenant, without the Go code between.
func bypass(t *testing.T, r *storagetest.Register, tenant uuid.UUID, statement string, args ...any) error {
	t.Helper()
	conn := storagetest.Connect(t, r.DSN)
	return pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
		for _, set := range []string{"SET LOCAL ROLE docket_app", fmt.Sprintf("SET LOCAL docket.tenant = '%s'", tenant)} {
			if _, err := tx.Exec(t.Context(), set); err != nil {
				return err
			}
		}
		_, err := tx.Exec(t.Context(), statement, args...)
		return err
	})
}

func requireCode(t *testing.T, code string, err error, words ...any) {
	t.Helper()
	var pg *pgconn.PgError
	require.ErrorAs(t, err, &pg, words...)
	require.Equal(t, code, pg.Code, pg.Message)
}

// Every forbidden move of a case is refused by the database itself, and every permitted one is let through.
func TestDatabaseRefusesForbiddenCaseMoves(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	owner := r.Owner(t)
	allowed := map[[2]privacy.RequestState]bool{}
	for _, pair := range privacy.Transitions() {
		allowed[pair] = true
	}
	for _, from := range privacy.RequestStates() {
		for _, to := range privacy.RequestStates() {
			if from == to {
				continue
			}
			c := storagetest.NewCase(t, r.DB, tenant, storagetest.Proven, func(n *storage.NewCase) {
				if to == privacy.RequestExecuting {
					n.Right = privacy.Rectification // the one that is executed by the word of one
				}
			})
			placeCase(t, owner, c.ID, from)
			err := bypass(t, r, tenant, moveCase, c.ID, to, r.Clock.Now())
			if allowed[[2]privacy.RequestState{from, to}] {
				require.NoError(t, err, "%s to %s", from, to)
				continue
			}
			requireCode(t, checkViolation, err, "%s to %s", from, to)
		}
	}
}

const moveCase = `UPDATE cases SET state = $2,
	outcome = CASE WHEN $2 = 'closed' THEN 'withdrawn' END, closed_at = CASE WHEN $2 = 'closed' THEN $3::timestamptz END WHERE id = $1`

// placeCase puts a case into a state along the shortest way, step by step as the database wants it.
func placeCase(t *testing.T, owner *pgx.Conn, id uuid.UUID, state privacy.RequestState) {
	t.Helper()
	ways := map[privacy.RequestState][]privacy.RequestState{
		privacy.RequestReceived: nil, privacy.RequestVerifying: {"verifying"}, privacy.RequestClarifying: {"collecting", "clarifying"},
		privacy.RequestCollecting: {"collecting"}, privacy.RequestReviewing: {"collecting", "reviewing"},
		privacy.RequestPackaging: {"collecting", "reviewing", "packaging"}, privacy.RequestClosed: {"closed"},
		privacy.RequestDelivering: {"collecting", "reviewing", "packaging", "delivering"},
		privacy.RequestApproving:  {"collecting", "reviewing", "approving"}, privacy.RequestScheduled: {"collecting", "reviewing", "approving", "scheduled"},
		privacy.RequestExecuting: {"collecting", "reviewing", "approving", "scheduled", "executing"},
	}
	for _, step := range ways[state] {
		_, err := owner.Exec(t.Context(), moveCase, id, step, storagetest.Start())
		require.NoError(t, err)
	}
}

// A row is born where its machine begins, and nowhere else.
func TestDatabaseRefusesALateBeginning(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	c := storagetest.NewCase(t, r.DB, tenant, storagetest.Proven)
	requireCode(t, checkViolation, bypass(t, r, tenant, insertLike("cases", "state = 'delivering'"), c.ID))
	requireCode(t, checkViolation, bypass(t, r, tenant, insertLike("obligations", "state = 'overdue', kind = 'inform'"), c.ID))
	require.NoError(t, bypass(t, r, tenant, insertLike("cases", "state = 'received'"), c.ID))
	require.NoError(t, bypass(t, r, tenant, insertLike("obligations", "state = 'paused', kind = 'inform'"), c.ID))
}

// Whoever gives an obligation another date, with whatever statement, the date that stood is kept.
func TestDatabaseKeepsEveryDate(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	c := storagetest.NewCase(t, r.DB, tenant)
	var before []storage.Obligation
	dates := func() (seqs []int32, dues []time.Time) {
		storagetest.Read(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
			all, err := tx.ObligationDates(ctx, c.ID)
			for _, d := range all {
				if d.ObligationID == before[0].ID {
					seqs, dues = append(seqs, d.Seq), append(dues, d.Due.UTC())
				}
			}
			return err
		})
		return seqs, dues
	}
	storagetest.Read(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		before, err = tx.Obligations(ctx, c.ID)
		return err
	})
	first := before[0].Due.UTC()
	later, latest := first.Add(24*time.Hour), first.Add(48*time.Hour)
	for _, due := range []time.Time{later, latest} {
		require.NoError(t, bypass(t, r, tenant, "UPDATE obligations SET due = $2, date_seq = 77 WHERE id = $1", before[0].ID, due))
	}
	require.NoError(t, bypass(t, r, tenant, "UPDATE obligations SET date_seq = 99, citation = citation WHERE id = $1", before[0].ID))
	seqs, dues := dates()
	require.Equal(t, []int32{1, 2, 3}, seqs)
	require.Equal(t, []time.Time{first, later, latest}, dues)
}

// insertLike inserts a copy of a case's row with other values, under a new id.
func insertLike(table, changes string) string {
	key := map[string]string{"cases": "id", "obligations": "case_id"}[table]
	return `INSERT INTO ` + table + ` SELECT (jsonb_populate_record(x, to_jsonb(x) || jsonb_build_object('id', gen_random_uuid(),
		'reference', gen_random_uuid()::text) || (SELECT to_jsonb(c) FROM (SELECT ` + asColumns(changes) + `) c))).* FROM ` + table + ` x WHERE ` + key + ` = $1`
}

func asColumns(changes string) string {
	return regexp.MustCompile(`(\w+) = ('\w+')`).ReplaceAllString(changes, "$2 AS $1")
}

// Every forbidden move of an obligation is refused by the database itself.
func TestDatabaseRefusesForbiddenObligationMoves(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	const move = `UPDATE obligations SET state = $2, met_at = CASE WHEN $2 = 'met' THEN updated_at END,
		waived_reason = CASE WHEN $2 = 'waived' THEN 'test' END WHERE case_id = $1`
	for _, from := range privacy.ObligationStates() {
		for _, to := range privacy.ObligationStates() {
			if from == to {
				continue
			}
			c := storagetest.NewCase(t, r.DB, tenant)
			if from != privacy.ObligationOpen {
				require.NoError(t, bypass(t, r, tenant, move, c.ID, from))
			}
			err := bypass(t, r, tenant, move, c.ID, to)
			if from.MayBecome(to) == nil {
				require.NoError(t, err, "%s to %s", from, to)
				continue
			}
			requireCode(t, checkViolation, err, "%s to %s", from, to)
		}
	}
}

// Art. 12(6) GDPR, fail closed: without proof of identity a case cannot stand where data is handled, by any way.
func TestDatabaseFailsClosedOnIdentity(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	c := storagetest.NewCase(t, r.DB, tenant)
	requireCode(t, checkViolation, bypass(t, r, tenant, moveCase, c.ID, "collecting", r.Clock.Now()))
	requireCode(t, checkViolation, bypass(t, r, tenant, "UPDATE cases SET identity = 'proven' WHERE id = $1", c.ID), "a proof needs a method")

	for _, state := range []privacy.RequestState{"collecting", "reviewing", "packaging", "delivering", "clarifying"} {
		proven := storagetest.NewCase(t, r.DB, tenant, storagetest.Proven)
		placeCase(t, r.Owner(t), proven.ID, state)
		err := bypass(t, r, tenant, "UPDATE cases SET identity = 'unproven' WHERE id = $1", proven.ID)
		requireCode(t, checkViolation, err, state)
	}
}

// A move that the machine forbids is refused by the code before the database hears of it, and nothing is written.
func TestMoveCaseAsksTheMachine(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	c := storagetest.NewCase(t, r.DB, tenant)
	err := r.DB.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.LockCase(ctx, c.ID)
		if err != nil {
			return err
		}
		_, _, err = tx.MoveCase(ctx, row, storage.Move{Event: privacy.EventApproved, Key: "k"})
		return err
	})
	var refused *privacy.TransitionError
	require.ErrorAs(t, err, &refused)

	err = r.DB.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
		owed, err := tx.Obligations(ctx, c.ID)
		if err != nil {
			return err
		}
		return errors.Join(
			tx.MoveObligation(ctx, owed[0], storage.ObligationOpen, ""), // no move at all
			tx.MoveObligation(ctx, owed[0], "lost", ""),
		)
	})
	var lost *privacy.ObligationError
	require.ErrorAs(t, err, &lost)
	storagetest.Read(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		steps, err := tx.Transitions(ctx, c.ID)
		require.Len(t, steps, 1)
		return err
	})
}
