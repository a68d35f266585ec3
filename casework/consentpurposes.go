package casework

import (
	"context"
	"slices"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// PutPurpose adds a purpose, or changes the one that has its key.
func (d *Desk) PutPurpose(ctx context.Context, tx *storage.Tx, n storage.NewConsentPurpose) (storage.ConsentPurpose, error) {
	all, err := tx.ConsentPurposes(ctx)
	if err != nil {
		return storage.ConsentPurpose{}, err
	}
	of := func(p storage.ConsentPurpose) bool { return p.Key == n.Key }
	at := slices.IndexFunc(all, of)
	switch {
	case at >= 0 && all[at].Tracking != n.Tracking:
		return storage.ConsentPurpose{}, &privacy.RuleError{Code: "purpose_tracking", Message: "whether a purpose is that of tracking stays as it was said when it was added; add another one"}
	case at >= 0:
		if all[at].RetiredAt != nil && n.Retired != nil {
			n.Retired = all[at].RetiredAt
		}
		err = tx.ChangeConsentPurpose(ctx, all[at].Number, n)
	case n.Tracking && slices.ContainsFunc(all, func(p storage.ConsentPurpose) bool { return p.Tracking }):
		return storage.ConsentPurpose{}, &privacy.RuleError{Code: "purpose_tracking", Message: "there is a purpose of tracking already, and one is enough"}
	default:
		_, err = tx.AddConsentPurpose(ctx, n)
	}
	if err != nil {
		return storage.ConsentPurpose{}, err
	}
	if all, err = tx.ConsentPurposes(ctx); err != nil {
		return storage.ConsentPurpose{}, err
	}
	return all[slices.IndexFunc(all, of)], nil
}

// activePurpose finds the purpose of the tenant that has a number, unless it is retired.
func activePurpose(t storage.Tenant, number int32) (storage.ConsentPurpose, bool) {
	at := slices.IndexFunc(t.Purposes, func(p storage.ConsentPurpose) bool { return p.Number == number && p.RetiredAt == nil })
	if at < 0 {
		return storage.ConsentPurpose{}, false
	}
	return t.Purposes[at], true
}

// isChoice says whether a purpose is one that people say yes or no to: what one gets because of something that one did oneself is none.
func isChoice(p storage.ConsentPurpose) bool {
	return p.Tracking || p.Class != string(privacy.Transactional)
}

// PurposeKeys are the keys of a tenant's purposes by their numbers, with EveryPurpose.
func PurposeKeys(t storage.Tenant) map[int32]string {
	keys := map[int32]string{storage.Everything: EveryPurpose}
	for _, p := range t.Purposes {
		keys[p.Number] = p.Key
	}
	return keys
}
