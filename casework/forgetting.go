package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// keptMonths is how long the laws have records of requests kept, by regime: 24 months under 11 CCR 7101(a). Where none says, the tenant does.
func (d *Desk) keptMonths() map[string]int {
	out := map[string]int{}
	for _, rule := range d.rules.RetentionRules() {
		for _, kind := range rule.Kinds {
			regime, ok := regimeOfRecords(kind)
			if ok && rule.Keep[0].Period.Unit == privacy.Months {
				out[regime] = rule.Keep[0].Period.Count
			}
		}
	}
	return out
}

// regimeOfRecords reads the regime out of a kind of record such as ccpa_request.
func regimeOfRecords(kind string) (regime string, ok bool) {
	const suffix = "_request"
	if len(kind) <= len(suffix) || kind[len(kind)-len(suffix):] != suffix || kind == "privacy"+suffix {
		return "", false
	}
	return kind[:len(kind)-len(suffix)], true
}

// ToForget lists closed cases whose own time is over.
func (d *Desk) ToForget(ctx context.Context, tenant uuid.UUID, most int32) (ids []uuid.UUID, err error) {
	err = d.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		cutoffs := map[string]time.Time{}
		for regime, months := range d.keptMonths() {
			cutoffs[regime] = tx.Now().AddDate(0, -months, 0)
		}
		otherwise := tx.Now().AddDate(0, -tx.Tenant().Settings.CaseMonths, 0)
		ids, err = tx.CasesToForget(ctx, cutoffs, otherwise, most)
		return err
	})
	return ids, err
}

// Possessions are what the object store has of a case.
type Possessions struct{ Objects, Prefixes []string }

// Possessions lists what the object store has of a closed case. One whose person is under a hold is looked at again the next day.
func (d *Desk) Possessions(ctx context.Context, ref contract.Ref) (held bool, out Possessions, err error) {
	err = d.db.Change(ctx, ref.Tenant, System("forgetting"), func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.LockCase(ctx, ref.Case)
		if err != nil {
			return err
		}
		if held, err = d.heldBack(ctx, tx, row); err != nil || held {
			return err
		}
		out.Prefixes = []string{PartsPrefix(ref), fmt.Sprintf("documents/%s/%s/", ref.Tenant, ref.Case), fmt.Sprintf("attachments/%s/%s/", ref.Tenant, ref.Case)}
		packages, err := tx.Packages(ctx, ref.Case)
		for _, p := range packages {
			out.Objects = append(out.Objects, p.ObjectKey)
		}
		return err
	})
	return held, out, err
}

// standsWeighed says whether a limit stands that the case has set and that can end: its person is told before it does.
func standsWeighed(ctx context.Context, tx *storage.Tx, row storage.Case) (bool, error) {
	facts, err := storage.FactsOf(row)
	if err != nil {
		return false, err
	}
	weighed := facts.Ask.Weighed(privacy.Right(row.RequestRight))
	limits, err := tx.LimitsOfCase(ctx, row.ID)
	return slices.ContainsFunc(limits, func(l storage.Limit) bool {
		return l.LiftedAt == nil && slices.Contains(weighed, privacy.LimitKind(l.Kind))
	}), err
}

// stillOwes says whether the person of a closed case is still to hear something, or has something of theirs written: a limit that can end, an appeal
// that is open, a value on its way into a system; or whether a recipient of their data is still to be told of what was done (Art. 19 GDPR), which nobody
// could be once it is forgotten whose data it was.
func stillOwes(ctx context.Context, tx *storage.Tx, row storage.Case, subject storage.Subject) (bool, error) {
	weighed, err := standsWeighed(ctx, tx, row)
	if err != nil || weighed {
		return weighed, err
	}
	if open, err := appealed(ctx, tx, row, subject); err != nil || open {
		return open, err
	}
	notices, err := tx.RecipientNotices(ctx, row.ID)
	if err != nil || slices.ContainsFunc(notices, func(n storage.RecipientNotice) bool { return n.State == string(privacy.RecipientToTell) }) {
		return err == nil, err
	}
	amendments, err := tx.Amendments(ctx, row.ID)
	return len(unfinished(amendments)) > 0, err
}

// canComplain says whether the person can still turn to somebody about the end of a closed case: what it was about is kept from erasure by it.
func (d *Desk) canComplain(tx *storage.Tx, row storage.Case) (bool, error) {
	if row.Outcome == nil || row.Identity != identityProven {
		return false, nil
	}
	until, _, err := d.recourseUntil(storage.ClosedRequest{
		RequestRight: row.RequestRight, Regime: row.Regime, RegimeVersion: row.RegimeVersion, Calendar: row.Calendar, Zone: row.Zone,
		Outcome: row.Outcome, ClosedAt: row.ClosedAt, Facts: row.Facts,
	}, tx.Tenant().Zone)
	return !until.Before(privacy.DateIn(tx.Now(), tx.Tenant().Zone)), err
}

// heldBack says whether a hold stands on the person of a case, or something is still owed to them, and puts the next look off if so. A case that was reopened meanwhile is
// not forgotten either.
func (d *Desk) heldBack(ctx context.Context, tx *storage.Tx, row storage.Case) (bool, error) {
	if row.ClosedAt == nil {
		return true, nil
	}
	subject, err := tx.Subject(ctx, row.SubjectID)
	if errors.Is(err, seal.ErrNoKey) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	person, err := tx.Person(ctx, subject)
	if err != nil {
		return false, err
	}
	holds, err := tx.HoldsOn(ctx, person)
	if err != nil {
		return false, err
	}
	busy, err := stillOwes(ctx, tx, row, subject)
	if err != nil {
		return false, err
	}
	complains, err := d.canComplain(tx, row)
	if err != nil || len(holds) == 0 && !busy && !complains {
		return false, err
	}
	return true, tx.LookAgain(ctx, row.ID, tx.Now().Add(day))
}

// closeForgotten ends what others were asked: an answer could be read by nobody.
func closeForgotten(ctx context.Context, tx *storage.Tx, caseID uuid.UUID) error {
	all, err := tx.InquiryStates(ctx, caseID)
	if err != nil {
		return err
	}
	for _, i := range all {
		if !i.Open() {
			continue
		}
		if err := tx.CloseInquiry(ctx, caseID, i.ID); err != nil {
			return err
		}
	}
	return nil
}

// ForgetCase destroys what is held of the person in a closed case: their key, and everything that was sealed under it. The case stays and counts.
func (d *Desk) ForgetCase(ctx context.Context, ref contract.Ref) error {
	return d.db.Change(ctx, ref.Tenant, System("forgetting"), func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.LockCase(ctx, ref.Case)
		if err != nil || row.ForgottenAt != nil {
			return err
		}
		held, err := d.heldBack(ctx, tx, row)
		if err != nil || held {
			return err
		}
		packages, err := tx.Packages(ctx, ref.Case)
		if err != nil {
			return err
		}
		for _, p := range packages {
			if p.State == storage.PackageDestroyed {
				continue
			}
			if err := tx.DestroyPackage(ctx, p, audit.Done); err != nil {
				return err
			}
		}
		for _, kind := range []string{storage.TaskSentDocument, storage.TaskInquiry} { // nobody can look at it, or ask, any more
			if err := tx.EndTasks(ctx, row.ID, kind, "forgotten"); err != nil {
				return err
			}
		}
		if err := closeForgotten(ctx, tx, row.ID); err != nil {
			return err
		}
		return tx.ForgetCase(ctx, row)
	})
}
