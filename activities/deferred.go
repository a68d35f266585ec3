package activities

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

func newSecret() ([]byte, error) {
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("make the secret of an erasure: %w", err)
	}
	return secret, nil
}

// deferred is what an exception keeps, and how to find it when the case is long forgotten.
type deferred struct {
	Systems []deferredSystem `json:"systems"`
	// Known is what the person is known by: a hold that is placed later is found by it.
	Known storage.Person `json:"known"`
	// Beside is what their rows said is theirs too: a hold or another request is found by it when the rows are gone.
	Beside []storage.Identities `json:"beside,omitempty"`
	// Counted is the day on which the rows were counted; the zero value is the day of the deferral.
	Counted privacy.Date `json:"counted,omitzero"`
	// Recourses are those that the plan knew: some are found only by what the person's rows said, which may be erased by now.
	Recourses []erasure.Recourse `json:"recourses,omitempty"`
	// Ledger is what the ledger of consents keeps: it is found by Known.
	Ledger *erasure.SystemPlan `json:"ledger,omitempty"`
}

// left is what lists may show of it.
func (d *deferred) left() (out []erasure.Left) {
	for i := range d.Systems {
		out = append(out, d.Systems[i].Plan.Left()...)
	}
	if d.Ledger != nil {
		out = append(out, d.Ledger.Left()...)
	}
	return out
}

type deferredSystem struct {
	Key     string             `json:"key"`
	Walk    dataset.Plan       `json:"walk"`
	Subject connectors.Subject `json:"subject"`
	Warrant warrant            `json:"warrant"`
	Plan    erasure.SystemPlan `json:"plan"`
	// ByHand says that people erased here, and do so again.
	ByHand bool `json:"by_hand,omitempty"`
	// Telling are the categories of what is being erased: whoever is given any of them is told when it is done.
	Telling []string `json:"telling,omitempty"`
}

// Defer keeps what the plan leaves to its time; nothing when it leaves nothing that has an end.
func (e *Erasures) Defer(ctx context.Context, in contract.ErasureInput) (out contract.DeferralInput, err error) {
	out.Ref = in.Ref
	err = e.desk.DB().Change(ctx, in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.LockCase(ctx, in.Case); err != nil {
			return err
		}
		w := &erasing{Erasures: e, in: in}
		if w.subject, w.person, _, err = personOf(ctx, tx, in.Case); err != nil {
			return err
		}
		if w.plan, err = tx.ErasurePlan(ctx, w.subject, in.Case); err != nil {
			return err
		}
		if err := w.ledgerNow(ctx, tx); err != nil {
			return err
		}
		due, ok := nextLook(w.plan.Plan.Systems, tx.Now(), tx.Tenant().Zone)
		if !ok || w.plan.ID != in.Plan {
			return nil
		}
		body, err := w.rest(ctx, tx)
		if err != nil || len(body.Systems) == 0 && body.Ledger == nil {
			return err
		}
		made, err := tx.Defer(ctx, w.plan, due, body, body.left())
		out.Deferral, out.Due = made.ID, made.Due
		return err
	})
	return out, named(err)
}

// ledgerNow takes what the ledger of consents keeps as it is now: it goes on while the plan is carried out.
func (w *erasing) ledgerNow(ctx context.Context, tx *storage.Tx) error {
	at := slices.IndexFunc(w.plan.Plan.Systems, func(s erasure.SystemPlan) bool { return s.Key == erasure.LedgerSystem })
	if at < 0 {
		return nil
	}
	row, err := tx.Case(ctx, w.in.Case)
	if err != nil {
		return err
	}
	part, ok, err := w.desk.LedgerToErase(ctx, tx, row, w.subject)
	if ok {
		w.plan.Plan.Systems[at] = part
	}
	return err
}

// nextLook is when some of what is kept may go, or is looked at because nobody can say.
func nextLook(systems []erasure.SystemPlan, now time.Time, zone *time.Location) (at time.Time, ok bool) {
	var all erasure.Rest
	for i := range systems {
		all.Add(systems[i].Rest(now, zone, privacy.Date{}, true))
	}
	return all.Next, !all.Next.IsZero()
}

// rest gathers what the kept rows are found by, from the systems that were erased in by a connector or by people.
func (w *erasing) rest(ctx context.Context, tx *storage.Tx) (out deferred, err error) {
	if w.land, err = survey(ctx, tx); err != nil {
		return out, err
	}
	walk, _, err := w.land.plan(w.person)
	if err != nil {
		return out, err
	}
	if out.Known, err = provenOf(ctx, tx, w.in.Case, w.subject); err != nil {
		return out, err
	}
	if out.Beside, err = tx.SurveyedIdentities(ctx, w.subject, w.in.Case); err != nil {
		return out, err
	}
	out.Counted, out.Recourses = privacy.DateIn(w.plan.Plan.Made, tx.Tenant().Zone), w.plan.Plan.Recourses
	runs, err := tx.ErasureRuns(ctx, w.plan.ID)
	if err != nil {
		return out, err
	}
	for _, part := range w.plan.Plan.Systems {
		if part.Key == erasure.LedgerSystem && part.Keeps() {
			out.Ledger = &part
			continue
		}
		if _, ends := nextLook([]erasure.SystemPlan{part}, tx.Now(), time.UTC); !ends {
			continue
		}
		for _, run := range runs {
			if run.SystemKey != part.Key || run.State != storage.RunDone && run.State != storage.RunByHand {
				continue
			}
			one := deferredSystem{Key: part.Key, Walk: *walk, Subject: w.person, Plan: part, ByHand: run.State == storage.RunByHand}
			if _, err := tx.Warrant(run, w.subject, &one.Warrant); err != nil {
				return out, err
			}
			out.Systems = append(out.Systems, one)
		}
	}
	return out, nil
}
