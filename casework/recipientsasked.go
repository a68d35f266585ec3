package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// owedRecipient is one that must hear of what was done in a system.
type owedRecipient struct {
	dataset.Recipient // with the categories that it concerned
	of                touched
	notice            uuid.UUID
	through           *storage.System // whose connector reaches it
}

func (f *file) oweRecipient(ctx context.Context, why owing, t touched, r dataset.Recipient) (one owedRecipient, err error) {
	one = owedRecipient{Recipient: r, of: t}
	if one.through, err = f.connectorOf(ctx, r); err != nil {
		return one, err
	}
	n := storage.NewRecipientNotice{Recipient: r.Name, Role: r.Role, System: t.system, Categories: r.Categories, Turn: why.turn}
	if one.through != nil {
		n.Through = &one.through.ID
	}
	one.notice, err = f.tx.OweRecipient(ctx, f.row.ID, why.plan, n)
	return one, err
}

// connectorOf is the system over whose connector a recipient is reached; nil where it names none, or none that is asked for the request's right.
func (f *file) connectorOf(ctx context.Context, r dataset.Recipient) (*storage.System, error) {
	if r.System == "" {
		return nil, nil //nolint:nilnil // there is none
	}
	system, err := f.tx.SystemByKey(ctx, r.System)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil //nolint:nilnil // it is gone
	}
	if err != nil {
		return nil, err
	}
	asked, err := AskedOf(system)
	if err != nil || asked == nil || system.State != storage.SystemActive || !asked.For(privacy.Right(f.row.RequestRight)) {
		return nil, err
	}
	return &system, nil
}

func namesOf(owed []owedRecipient) (names []string) {
	for _, one := range owed {
		if !slices.Contains(names, one.Name) {
			names = append(names, one.Name)
		}
	}
	return names
}

// tellRecipients has all of them told, each once of everything: over the connector of a system, by a letter, or by a member of staff.
func (f *file) tellRecipients(ctx context.Context, why owing, owed []owedRecipient) error {
	var all []*storage.NewInquiry
	by := map[[3]string]*storage.NewInquiry{}
	for _, one := range owed {
		told, err := f.toldWithSystem(ctx, why, one)
		if err != nil {
			return err
		}
		if told {
			continue
		}
		who := [3]string{one.Name, one.Email, one.System} // whoever was given data from several systems is asked once about all of it
		if by[who] == nil {
			n, err := f.askingRecipient(ctx, why, one)
			if err != nil {
				return err
			}
			by[who], all = &n, append(all, &n)
		}
		about(&by[who].Body, one)
	}
	for _, n := range all {
		if err := f.reachable(ctx, n); err != nil {
			return err
		}
		if err := f.inquire(ctx, *n); err != nil {
			return err
		}
	}
	return nil
}

// toldWithSystem says whether a recipient hears of it as whoever has a system that was asked about the same: how far it was told follows from there.
// What an erasure had left to its time was not asked about there.
func (f *file) toldWithSystem(ctx context.Context, why owing, one owedRecipient) (bool, error) {
	if one.through == nil || why.turn != "" {
		return false, nil
	}
	all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return false, err
	}
	slices.Reverse(all)
	at := slices.IndexFunc(all, func(i storage.Inquiry) bool {
		return same(i.System, &one.through.ID) && i.Purpose == why.purpose && i.State != storage.InquiryClosed && len(i.Body.Notices) == 0
	})
	if at < 0 {
		return false, nil
	}
	if all[at].AskedAt != nil && all[at].Channel != storage.InquiryByHand {
		if err := f.moveRecipients(ctx, all[at], privacy.RecipientTold); err != nil {
			return true, err
		}
	}
	return true, f.confirmRecipients(ctx, all[at], all[at].Outcome)
}

// about adds what a recipient was given from a system, and what was corrected there.
func about(body *storage.InquiryBody, one owedRecipient) {
	body.Notices = append(body.Notices, one.notice)
	for _, change := range changesOf(one.of.changed) {
		if !slices.ContainsFunc(body.Changes, change.Same) {
			body.Changes = append(body.Changes, change)
		}
	}
	body.Categories = slices.Concat(body.Categories, one.Categories)
	slices.Sort(body.Categories)
	body.Categories = slices.Compact(body.Categories)
}

// askingRecipient is an inquiry at a recipient: over the connector of its system, at its mailbox, or by a member of staff where it has neither.
func (f *file) askingRecipient(ctx context.Context, why owing, one owedRecipient) (storage.NewInquiry, error) {
	turn := fmt.Sprintf("recipient/%s/1", one.notice)
	if one.through != nil && why.turn != "" {
		held, err := f.heldIn(ctx, one.through.Key)
		if err != nil {
			return storage.NewInquiry{}, err
		}
		n, err := f.askingOf(*one.through, why.purpose, turn)
		if err != nil {
			return n, err
		}
		if n.Addressee = one.Name; held { // somebody has to say what the hold means there
			n.Channel = storage.InquiryByHand
		}
		return n, nil
	}
	n := storage.NewInquiry{
		Notice: &one.notice, Purpose: why.purpose, Turn: turn, Channel: storage.InquiryByEmail, Addressee: one.Name, Address: one.Email,
		Language: one.Language, Identities: one.Identities, Due: f.tx.Now().Add(privacy.InquiryWithin), Body: storage.InquiryBody{Limits: why.limits},
	}
	if n.Address == "" {
		n.Channel, n.Language = storage.InquiryByHand, f.tx.Tenant().Language
	}
	return n, nil
}

// heldIn says whether a legal hold keeps what a system has of the person, or of what their rows say is theirs.
func (f *file) heldIn(ctx context.Context, system string) (bool, error) {
	person, beside, err := f.known(ctx)
	if err != nil {
		return false, err
	}
	holds, err := holdsOn(ctx, f.tx, person, beside...)
	return slices.ContainsFunc(holds, func(h erasure.Hold) bool { return h.Covers(system) }), err
}
