package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// Recourses are what a person's closed requests keep from erasure today, under the rules that each was accepted under. beside are values that are found
// to be theirs too.
func (d *Desk) Recourses(ctx context.Context, tx *storage.Tx, person storage.Person, beside ...storage.Identities) ([]erasure.Recourse, error) {
	closed, err := tx.ClosedRequests(ctx, person, beside...)
	if err != nil {
		return nil, err
	}
	return d.recourses(ctx, tx, closed)
}

// RecoursesBefore are those of requests that had come to their end when the person was erased under a case: a later one was not about what a backup
// brings back. They are found by what the restored rows say, and by the tombstones of the case: rows that are found by their keys say nothing.
func (d *Desk) RecoursesBefore(ctx context.Context, tx *storage.Tx, caseID uuid.UUID, person storage.Person) ([]erasure.Recourse, error) {
	erased, err := tx.Case(ctx, caseID)
	if err != nil {
		return nil, err
	}
	said, err := tx.ClosedRequests(ctx, person)
	if err != nil {
		return nil, err
	}
	entombed, err := tx.ClosedRequestsOnErased(ctx, caseID)
	if err != nil {
		return nil, err
	}
	var before []storage.ClosedRequest
	for _, r := range slices.Concat(said, entombed) {
		known := slices.ContainsFunc(before, func(o storage.ClosedRequest) bool { return o.ID == r.ID })
		if !known && r.ID != caseID && (erased.ClosedAt == nil || r.ClosedAt.Before(*erased.ClosedAt)) {
			before = append(before, r)
		}
	}
	return d.recourses(ctx, tx, before)
}

func (d *Desk) recourses(ctx context.Context, tx *storage.Tx, closed []storage.ClosedRequest) (out []erasure.Recourse, err error) {
	today := privacy.DateIn(tx.Now(), tx.Tenant().Zone)
	for _, request := range closed {
		until, citation, err := d.recourseUntil(request, tx.Tenant().Zone)
		if err != nil {
			return nil, err
		}
		if until.Before(today) {
			continue
		}
		systems, all, err := covered(ctx, tx, request.ID)
		if err != nil {
			return nil, err
		}
		if all || len(systems) > 0 {
			out = append(out, erasure.Recourse{Request: request.Reference, Systems: systems, Until: until, Citation: citation})
		}
	}
	return out, nil
}

// recourseUntil is the last day of a closed request's recourse as the tenant's calendar shows the moment at which it ends; zero without one.
func (d *Desk) recourseUntil(r storage.ClosedRequest, home *time.Location) (until privacy.Date, citation privacy.Citation, err error) {
	regime, err := d.rules.RegimeVersion(r.Regime, r.RegimeVersion)
	if err != nil {
		return until, citation, fmt.Errorf("the rules the request was accepted under: %w", err)
	}
	if regime.Recourse == nil {
		return until, citation, nil
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return until, citation, fmt.Errorf("zone of the request: %w", err)
	}
	var facts storage.CaseFacts
	if err := json.Unmarshal(r.Facts, &facts); err != nil {
		return until, citation, fmt.Errorf("read the request's facts: %w", err)
	}
	last, err := regime.RecourseUntil(privacy.Ended{
		Right: privacy.Right(r.RequestRight), Outcome: privacy.Outcome(*r.Outcome), Proven: true, At: *r.ClosedAt, Zone: zone, Calendar: r.Calendar, Holidays: facts.Holidays,
	})
	if err != nil || last.IsZero() {
		return until, citation, err
	}
	return privacy.DateIn(last.EndIn(zone), home), regime.Recourse.Citation, nil
}

// covered are the systems that a request was about: those of its newest collection that were not left out. One that was answered before anything was
// collected, as a refusal can be, was about all.
func covered(ctx context.Context, tx *storage.Tx, id uuid.UUID) (systems []string, all bool, err error) {
	round, err := tx.LatestRound(ctx, id)
	if err != nil {
		return nil, false, fmt.Errorf("read the round: %w", err)
	}
	if round == 0 {
		return nil, true, nil
	}
	runs, err := tx.Runs(ctx, id, round)
	if err != nil {
		return nil, false, fmt.Errorf("read runs: %w", err)
	}
	for _, run := range runs {
		if run.State != storage.RunExcluded {
			systems = append(systems, run.SystemKey)
		}
	}
	return systems, false, nil
}

// accessRule is why an open request to see the data keeps it.
func accessRule() privacy.Citation {
	return privacy.Citation{Text: "PIPEDA 8(8); Art. 15 GDPR", Mark: privacy.Verified}
}

// Asked are what a person's open requests to see their data keep from erasure: through today, for whoever looks again tomorrow.
func (d *Desk) Asked(ctx context.Context, tx *storage.Tx, person storage.Person, beside ...storage.Identities) (out []erasure.Recourse, err error) {
	open, err := tx.OpenAccess(ctx, person, beside...)
	for _, reference := range open {
		out = append(out, erasure.Recourse{Request: reference, Until: privacy.DateIn(tx.Now(), tx.Tenant().Zone), Citation: accessRule()})
	}
	return out, err
}

// CodeRecourse is of the refusal to erase what a request that was closed meanwhile keeps.
const CodeRecourse privacy.RuleCode = "recourse"

// recoursed wants no request of the person's to keep what the plan would erase, and the plan not to know it: one that was closed since.
func (f *file) recoursed(ctx context.Context, person storage.Person, plan erasure.Plan, beside []storage.Identities) error {
	now, err := f.Recourses(ctx, f.tx, person, beside...)
	if err != nil {
		return err
	}
	for _, r := range now {
		if !slices.ContainsFunc(plan.Recourses, func(known erasure.Recourse) bool { return known.Same(r) }) {
			return &privacy.RuleError{
				Code: CodeRecourse, Citation: r.Citation,
				Message: "the request " + r.Request + " of the same person keeps data until " + r.Until.String() + ", which the plan does not know of; have the plan made anew",
			}
		}
	}
	return nil
}

// sameRecourses says whether systems were counted with the same recourses in mind.
func sameRecourses(a, b []erasure.Recourse) bool {
	return slices.EqualFunc(a, b, func(x, y erasure.Recourse) bool { return x.Same(y) })
}

// accessOpen wants no request to see the data to be open (PIPEDA 8(8), and every law under which the person may see what was held).
func (f *file) accessOpen(ctx context.Context, person storage.Person, beside []storage.Identities) error {
	open, err := f.tx.OpenAccess(ctx, person, beside...)
	if err != nil || len(open) == 0 {
		return err
	}
	return &privacy.RuleError{
		Code: "access_open", Citation: accessRule(),
		Message: "the person has asked to see their data and has no answer yet (" + strings.Join(open, ", ") + "); erase when that is closed",
	}
}
