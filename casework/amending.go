package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/amendment"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// amend has the systems marked that declare where they mark limits of these kinds, or has the marks taken away, but for those that stand still.
// The other systems are expected to ask before they use data.
func (f *file) amend(ctx context.Context, purpose string, kinds []privacy.LimitKind, standing ...privacy.LimitKind) error {
	if len(kinds) == 0 {
		return nil
	}
	if err := f.passOnLimits(ctx, purpose, kinds, standing); err != nil {
		return err
	}
	systems, err := f.tx.Systems(ctx)
	if err != nil {
		return err
	}
	before, err := f.tx.Amendments(ctx, f.row.ID)
	if err != nil {
		return err
	}
	round := nextRound(before)
	for _, system := range systems {
		orders, err := marks(system, purpose, kinds, standing)
		if err != nil {
			return err
		}
		if system.State != storage.SystemActive || len(orders) == 0 {
			continue
		}
		if err := f.tx.AddAmendment(ctx, f.row.ID, f.subject, system, round, purpose, orders); err != nil {
			return err
		}
	}
	return nil
}

// passOnLimits tells those who have systems that nobody here reads of the limits, or of those that ended.
func (f *file) passOnLimits(ctx context.Context, purpose string, kinds, standing []privacy.LimitKind) error {
	if purpose == storage.AmendLimit {
		return f.passOn(ctx, privacy.InquireLimit, storage.InquiryBody{Limits: limitNames(kinds)})
	}
	ended := slices.DeleteFunc(slices.Clone(kinds), func(k privacy.LimitKind) bool { return slices.Contains(standing, k) })
	if len(ended) == 0 {
		return nil
	}
	return f.passOn(ctx, privacy.InquireLift, storage.InquiryBody{Limits: limitNames(ended)})
}

// nextRound numbers what is set together: what comes later goes behind what came before.
func nextRound(before []storage.Amendment) int32 {
	round := int32(1)
	for _, a := range before {
		round = max(round, a.Round+1)
	}
	return round
}

// marks are the fields of a system that say whether limits of these kinds stand, and its lists of whom they stand for. What marks several keeps its mark
// while one of them stands.
func marks(system storage.System, purpose string, kinds, standing []privacy.LimitKind) (out []amendment.Order, err error) {
	declared, err := DeclarationOf(system)
	for _, t := range declared.Limits {
		if !marksAny(t, kinds) || marksAny(t, standing) {
			continue
		}
		if order, any := mark(t, purpose); any {
			out = append(out, order)
		}
	}
	return out, err
}

// mark is what sets one mark or takes it away; any says that there is something to do.
func mark(t dataset.LimitTerms, purpose string) (order amendment.Order, any bool) {
	order = amendment.Order{Address: t.Address(), Field: t.Field, Value: &t.Set}
	ends := purpose == storage.AmendLift
	switch {
	case t.List != "" && ends:
		order.Field, order.Value, order.List = t.List, nil, amendment.Leave
		return order, t.Remove
	case t.List != "":
		order.Field, order.Value, order.List = t.List, nil, amendment.Enter
	case ends && t.Clear == nil:
		return order, false
	case ends:
		if order.Value = t.Clear; *t.Clear == "" {
			order.Value = nil
		}
	}
	return order, true
}

func marksAny(t dataset.LimitTerms, kinds []privacy.LimitKind) bool {
	return slices.ContainsFunc(kinds, func(k privacy.LimitKind) bool { return slices.Contains(t.Kinds, string(k)) })
}

// unfinished are the amendments that are still to be carried out.
func unfinished(all []storage.Amendment) []storage.Amendment {
	return slices.DeleteFunc(slices.Clone(all), func(a storage.Amendment) bool {
		return a.State == storage.RunDone || a.State == storage.RunByHand
	})
}

// Amendments lists what is still to be set in systems for a case, in the order it is to be done.
func (d *Desk) Amendments(ctx context.Context, ref contract.Ref) (out []contract.Amendment, err error) {
	err = d.db.Read(ctx, ref.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.Amendments(ctx, ref.Case)
		open := unfinished(all)
		for _, a := range open {
			// What people are found by is written behind everything else.
			if a.Purpose == storage.AmendCorrect && a.Round > open[0].Round {
				break
			}
			out = append(out, contract.Amendment{ID: a.ID, System: a.SystemID})
		}
		return err
	})
	return out, err
}

// AmendmentFailed records that something could not be set in a system, and asks a person: try again, or do it by hand.
func (d *Desk) AmendmentFailed(ctx context.Context, failure contract.AmendmentFailure) error {
	return d.change(ctx, failure.Ref, System("amender"), func(ctx context.Context, f *file) error {
		a, err := f.amendment(ctx, failure.Amendment.ID)
		if err != nil || a.State == storage.RunDone || a.State == storage.RunByHand {
			return err
		}
		if err := f.tx.FailAmendment(ctx, a, failure.Code, failure.Problem); err != nil {
			return err
		}
		return f.askAgent(ctx, storage.TaskAmendmentFailed, fmt.Sprintf("amend/%s", a.ID), a.SystemID, &notify.AmendmentFailed{
			Notice: f.noticeFrame(), System: a.SystemName, Problem: failure.Problem, At: f.tx.Now(),
		})
	})
}

func (f *file) amendment(ctx context.Context, id uuid.UUID) (storage.Amendment, error) {
	all, err := f.tx.Amendments(ctx, f.row.ID)
	if err != nil {
		return storage.Amendment{}, err
	}
	i := slices.IndexFunc(all, func(a storage.Amendment) bool { return a.ID == id })
	if i < 0 {
		return storage.Amendment{}, fmt.Errorf("amendment: %w", storage.ErrNotFound)
	}
	return all[i], nil
}

// amendedByHand ends what could not be set in a system by a person's word, which a note explains.
func (f *file) amendedByHand(ctx context.Context, c contract.Command) error {
	all, err := f.tx.Amendments(ctx, f.row.ID)
	if err != nil {
		return err
	}
	done := 0
	for _, a := range all {
		if a.SystemID != *c.System || a.State != storage.RunFailed {
			continue
		}
		if err := f.tx.AmendedByHand(ctx, a); err != nil {
			return err
		}
		if err := f.correctedByHand(ctx, a); err != nil {
			return err
		}
		done++
	}
	if done == 0 {
		return &privacy.RuleError{Code: "not_failed", Message: "nothing has failed in that system; only where it has does a person do it"}
	}
	return f.endSystemTask(ctx, c, storage.RunByHand)
}
