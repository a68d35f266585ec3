package activities

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// erasingAgain is the work on one person in a restored system.
type erasingAgain struct {
	*reapplying
	caseID   uuid.UUID
	duties   erasure.Circumstances
	returned storage.Returned
}

// erase plans and carries out, in this one system, what was approved when the person was erased.
func (w *reapplying) erase(ctx context.Context, id uuid.UUID) error {
	one := &erasingAgain{reapplying: w, caseID: id}
	if err := w.desk.DB().Read(ctx, w.in.Tenant, one.begin); err != nil {
		return err
	}
	w.returns(one.returned)
	was := w.old(id, one.returned)
	if !was.leads() {
		return nil
	}
	w.sum.People++
	errand, plan, err := one.plan(ctx, was)
	if err != nil {
		return err
	}
	rows, err := w.carryOut(ctx, errand, &guard{plan: plan, may: func(ctx context.Context) error {
		return w.stillMay(ctx, w.in.Tenant, w.system, one.duties.Holds, one.holds)
	}})
	w.sum.Erased += rows
	for _, l := range plan.Lines {
		w.sum.Kept += l.Rows.Kept
	}
	return err
}

// begin reads what stands against erasing somebody again, and whether they have come back.
func (w *erasingAgain) begin(ctx context.Context, tx *storage.Tx) (err error) {
	if w.returned, err = tx.Returned(ctx, w.caseID); err != nil {
		return err
	}
	if w.duties, err = w.desk.Standing(ctx, tx, w.caseID, w.known()); err != nil {
		return err
	}
	w.duties.Recourses, err = w.desk.RecoursesBefore(ctx, tx, w.caseID, w.known())
	return err
}

// known is the person as they were found, whatever of it leads to their rows.
func (w *erasingAgain) known() storage.Person { return knownAs(w.found[w.caseID].Subject) }

// holds are those of now. The work ends where the person has come back under it.
func (w *erasingAgain) holds(ctx context.Context, tx *storage.Tx) ([]erasure.Hold, error) {
	now, err := tx.Returned(ctx, w.caseID)
	if err == nil && !now.Same(w.returned) {
		err = errBackMeanwhile
	}
	if err != nil {
		return nil, err
	}
	standing, err := w.desk.Standing(ctx, tx, w.caseID, w.known())
	return standing.Holds, err
}

// plan counts the rows that something leads to, and lays out what becomes of them.
func (w *erasingAgain) plan(ctx context.Context, was restored) (errand connectors.Errand, plan *erasure.SystemPlan, err error) {
	person := was.Subject
	if len(person.Identities["email"]) == 0 {
		person.Identities["email"] = []string{nobody}
	}
	walk, stages, err := w.land.plan(person)
	if err != nil {
		return errand, nil, err
	}
	var stops []connectors.KeySet
	if w.returned.CameBack {
		stops = w.land.stops(w.system.Key, walk, w.duties.Claim)
	}
	one := &collecting{
		Collection: w.Collection, in: contract.CollectInput{Ref: contract.Ref{Tenant: w.in.Tenant}}, system: w.system, land: w.land, person: person, known: joined(was.keys, stops),
	}
	found, err := one.find(ctx, walk, stages)
	if err != nil {
		return errand, nil, err
	}
	found.Roots = joined(found.Roots, was.roots)
	found.Keys = instead(joined(found.Keys, was.roots), stops)
	if plan, _, err = one.counted(ctx, walk, found, w.duties); err != nil {
		return errand, nil, err
	}
	return connectors.Errand{
		Selection: connectors.Selection{Plan: *walk, Subject: person, Keys: found.Keys, Own: true}, Orders: plan.Orders(), Roots: found.Roots, Secret: found.Secret,
	}, plan, fit(plan)
}

func (w *reapplying) carryOut(ctx context.Context, errand connectors.Errand, ledger *guard) (rows int64, err error) {
	in := contract.CollectInput{Ref: contract.Ref{Tenant: w.in.Tenant}, System: w.system.ID}
	err = w.guarded(ctx, in, func(ctx context.Context) (err error) {
		connector, err := w.toChange(w.system, w.land.datasets[w.system.Key])
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, connector.Close()) }()
		rows, err = eraseAndReadBack(ctx, connector, errand, ledger)
		return err
	})
	return rows, err
}

// knownAs is a person as holds know them.
func knownAs(s connectors.Subject) storage.Person {
	first := func(kind string) string {
		if values := s.Identities[kind]; len(values) > 0 {
			return values[0]
		}
		return ""
	}
	return storage.Person{Email: first("email"), Phone: first("phone_number"), CustomerID: first("customer_id")}
}
