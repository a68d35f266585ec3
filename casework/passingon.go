package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// passOn tells those who have systems that nobody here reads what is to be done there, where they are asked for the request's right. The case does
// not wait for them.
func (f *file) passOn(ctx context.Context, purpose privacy.InquiryPurpose, body storage.InquiryBody) error {
	systems, err := f.tx.Systems(ctx)
	if err != nil {
		return err
	}
	before, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	for _, system := range systems {
		asked, err := AskedOf(system)
		if err != nil {
			return err
		}
		if asked == nil || system.State != storage.SystemActive || !asked.For(privacy.Right(f.row.RequestRight)) {
			continue
		}
		n, err := f.askingOf(system, purpose, fmt.Sprintf("tell/%s/%s/%d/1", purpose, system.ID, len(before)))
		if err != nil {
			return err
		}
		body.Instructions = n.Body.Instructions
		n.Body = body
		if err := f.reachable(ctx, &n); err != nil {
			return err
		}
		if err := f.inquire(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// reachable has a member of staff tell whoever finds people by nothing that is proven of this one.
func (f *file) reachable(ctx context.Context, n *storage.NewInquiry) error {
	person, err := f.whom(ctx)
	if err != nil {
		return err
	}
	known := KnownBy(person, f.row)
	if f.row.Identity != identityProven { // an objection to advertising takes no proof: nobody outside hears of a mailbox that anybody may have named
		known = nil
	}
	if !slices.ContainsFunc(n.Identities, func(identity string) bool { return known[identity] != "" }) {
		n.Channel = storage.InquiryByHand
	}
	return nil
}

// changesOf are corrections in the words of whoever is told of them, each once.
func changesOf(all []storage.Correction) (out []storage.InquiryChange) {
	for _, c := range all {
		if c.State != storage.CorrectionWritten && c.State != storage.CorrectionByHand {
			continue
		}
		one := storage.InquiryChange{Field: c.Field, Was: c.Was, Becomes: c.Becomes}
		if !slices.ContainsFunc(out, one.Same) {
			out = append(out, one)
		}
	}
	return out
}

func limitNames(kinds []privacy.LimitKind) []string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = string(k)
	}
	return out
}
