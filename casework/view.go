package casework

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

const day = 24 * time.Hour

// View tells a workflow how its case stands.
func (d *Desk) View(ctx context.Context, ref contract.Ref) (view contract.View, err error) {
	err = d.db.Read(ctx, ref.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, ref.Case)
		if err != nil {
			return err
		}
		view, err = viewOf(ctx, tx, row)
		return err
	})
	return view, err
}

func viewOf(ctx context.Context, tx *storage.Tx, row storage.Case) (contract.View, error) {
	settings := tx.Tenant().Settings
	view := contract.View{
		State: privacy.RequestState(row.State), Run: row.Run, Identity: row.Identity,
		Policy: contract.Policy{
			VerifyRemind: time.Duration(settings.VerifyRemindDays) * day, VerifyClose: time.Duration(settings.VerifyDays) * day,
		},
	}
	obligations, err := tx.Obligations(ctx, row.ID)
	if err != nil {
		return contract.View{}, err
	}
	for _, o := range obligations {
		view.Obligations = append(view.Obligations, contract.Obligation{
			ID: o.ID, Kind: o.Kind, State: o.State, Due: o.Due, EarliestSafe: o.EarliestSafe, Ladder: o.Ladder,
			Acknowledged: o.AcknowledgedAt != nil,
		})
	}
	if view.Round, err = tx.LatestRound(ctx, row.ID); err != nil {
		return contract.View{}, err
	}
	right := privacy.Right(row.RequestRight)
	view.Limits, view.Corrects, view.Contests = right.Limits(), right == privacy.Rectification, right == privacy.AutomatedDecision
	if view.Limits || view.Corrects {
		amendments, err := tx.Amendments(ctx, row.ID)
		if err != nil {
			return contract.View{}, err
		}
		view.Amendments = len(unfinished(amendments))
	}
	if view.State == privacy.RequestScheduled {
		plan, err := tx.ErasurePlanState(ctx, row.ID)
		if err != nil {
			return contract.View{}, err
		}
		view.NotBefore = *plan.NotBefore
	}
	packages, err := tx.Packages(ctx, row.ID)
	if err != nil {
		return contract.View{}, err
	}
	for _, p := range packages {
		if p.State == storage.PackageReady {
			view.Package = &contract.PackageInput{
				Ref: contract.Ref{Tenant: row.TenantID, Case: row.ID}, Package: p.ID, Expires: *p.ExpiresAt,
			}
		}
	}
	return view, nil
}

// sorted gives obligations in an order that does not depend on chance.
func sorted(owed map[privacy.ObligationKind]storage.Obligation) []storage.Obligation {
	return slices.SortedFunc(maps.Values(owed), func(a, b storage.Obligation) int { return cmp.Compare(a.Kind, b.Kind) })
}
