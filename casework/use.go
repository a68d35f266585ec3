package casework

import (
	"context"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// MayUse says what stands against using the data of people so now, of each in turn; nothing where it may be used.
func (d *Desk) MayUse(ctx context.Context, tx *storage.Tx, use privacy.Use, people ...storage.Person) ([][]privacy.Block, error) {
	limits, err := tx.LimitsOn(ctx, people...)
	if err != nil {
		return nil, err
	}
	suppressed, err := tx.SuppressionsOn(ctx, people...)
	if err != nil {
		return nil, err
	}
	out := make([][]privacy.Block, len(people))
	for i := range people {
		out[i] = privacy.MayUse(use, standingOn(limits[i], suppressed[i]))
	}
	return out, nil
}

// standingOn is what stands on one person.
func standingOn(limits []storage.LimitOn, suppressed []storage.Suppressed) (all []privacy.StandingLimit) {
	for _, l := range limits {
		one := privacy.StandingLimit{
			Kind: privacy.LimitKind(l.Kind), Provisional: l.Provisional, Since: l.Since, Citation: privacy.Citation{Text: l.Citation, Mark: privacy.Verified},
		}
		if l.EndsAt != nil {
			one.Ends = *l.EndsAt
		}
		all = append(all, one)
	}
	for _, s := range suppressed {
		all = append(all, privacy.StandingLimit{Kind: privacy.LimitSuppressed, Since: s.AddedAt, Citation: privacy.LimitSuppressed.Citation()})
	}
	return all
}

// CameBack ends the suppression of somebody who was erased and has come back by themselves, or who never was the one.
func (d *Desk) CameBack(ctx context.Context, tx *storage.Tx, person storage.Person, reason string) (ended int64, err error) {
	ended, err = tx.EndSuppression(ctx, person, reason)
	if err == nil && ended == 0 {
		err = &privacy.RuleError{Code: "not_suppressed", Message: "nobody who is known by this is suppressed: check how it is written, and that it is what the person was erased by"}
	}
	return ended, err
}

// TakeSignal opts a person out of sale and sharing whose browser asks for it; the zero value says that they are opted out already. Signals come with
// every page that is opened: one of them is a request, and nobody gets letters for it.
func (d *Desk) TakeSignal(ctx context.Context, tx *storage.Tx, n NewRequest) (Opened, error) {
	standing, err := tx.LimitsOn(ctx, n.Person)
	if err != nil {
		return Opened{}, err
	}
	for _, l := range standing[0] {
		if l.Kind == string(privacy.LimitSale) {
			return Opened{}, nil
		}
	}
	if n.Regime, err = d.optingOut(tx, n.Regime); err != nil {
		return Opened{}, err
	}
	n.Right, n.Ask = privacy.OptOut, privacy.Ask{Against: []privacy.LimitKind{privacy.LimitSale, privacy.LimitAdvertising}}
	return d.Open(ctx, tx, n)
}

// optingOut is the law under which somebody opts out: the one named, or the first of the tenant's that lets them.
func (d *Desk) optingOut(tx *storage.Tx, named string) (string, error) {
	if named != "" {
		return named, nil
	}
	tenant := tx.Tenant()
	for _, id := range append([]string{tenant.Regime}, tenant.Settings.Regimes...) {
		regime, err := d.rules.Regime(id, tx.Now())
		if err != nil {
			return "", err
		}
		if _, ok := regime.Rights[privacy.OptOut]; ok {
			return id, nil
		}
	}
	return "", &privacy.RuleError{Code: privacy.CodeRightUnknown, Message: "none of the tenant's laws gives a right to opt out; name one that does"}
}
