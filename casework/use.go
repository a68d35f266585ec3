package casework

import (
	"context"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// MayUse says what stands against using a person's data so now; nothing when it may be used.
func (d *Desk) MayUse(ctx context.Context, tx *storage.Tx, person storage.Person, use privacy.Use) ([]privacy.Block, error) {
	limits, err := tx.LimitsOn(ctx, person)
	if err != nil {
		return nil, err
	}
	standing := make([]privacy.StandingLimit, len(limits))
	for i, l := range limits {
		standing[i] = privacy.StandingLimit{
			Kind: privacy.LimitKind(l.Kind), Provisional: l.Provisional, Since: l.Since, Citation: privacy.Citation{Text: l.Citation, Mark: privacy.Verified},
		}
		if l.EndsAt != nil {
			standing[i].Ends = *l.EndsAt
		}
	}
	suppressed, err := tx.SuppressedAny(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, s := range suppressed {
		standing = append(standing, privacy.StandingLimit{Kind: privacy.LimitSuppressed, Since: s.AddedAt, Citation: privacy.LimitSuppressed.Citation()})
	}
	return privacy.MayUse(use, standing), nil
}

// TakeSignal opts a person out of sale and sharing whose browser asks for it; the zero value says that they are opted out already. Signals come with
// every page that is opened: one of them is a request, and nobody gets letters for it.
func (d *Desk) TakeSignal(ctx context.Context, tx *storage.Tx, n NewRequest) (Opened, error) {
	standing, err := tx.LimitsOn(ctx, n.Person)
	if err != nil {
		return Opened{}, err
	}
	for _, l := range standing {
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
