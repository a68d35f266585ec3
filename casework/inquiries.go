package casework

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// AskedOf reads who is asked about a system; nil for systems that are read.
func AskedOf(system storage.System) (*dataset.Asked, error) {
	if !dataset.IsAsked(system.Kind) {
		return nil, nil //nolint:nilnil // nobody is asked
	}
	asked, err := dataset.ParseAsked(system.Key, system.Kind, []byte(system.Service))
	if err != nil {
		return nil, fmt.Errorf("read the document of %q: %w", system.Key, err)
	}
	return asked, nil
}

// AskingFor is what whoever has a system is to be asked.
type AskingFor struct {
	System  storage.System
	Purpose privacy.InquiryPurpose
	// Turn tells it from what is asked another time: the round of a collection, the plan of an erasure.
	Turn string
	// Again asks once more where the newest inquiry was refused, or closed without an answer.
	Again bool
}

// Inquire asks whoever has a system, once for a turn, and gives how the newest inquiry stands. The case goes on with the answer.
func (d *Desk) Inquire(ctx context.Context, ref contract.Ref, actor audit.Actor, want AskingFor) (out storage.Inquiry, err error) {
	err = d.change(ctx, ref, actor, func(ctx context.Context, f *file) error {
		all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
		if err != nil {
			return err
		}
		newest, tries := ofTurn(all, want.Turn)
		if newest != nil && (!want.Again || !newest.Fruitless()) {
			out = *newest
			return nil
		}
		n, err := f.askingOf(want.System, want.Purpose, fmt.Sprintf("%s/%d", want.Turn, tries+1))
		if err != nil {
			return err
		}
		n.Awaited = true
		if err := f.inquire(ctx, n); err != nil {
			return err
		}
		if all, err = f.tx.Inquiries(ctx, f.row.ID, f.subject); err != nil {
			return err
		}
		if newest, _ = ofTurn(all, want.Turn); newest == nil {
			return fmt.Errorf("inquiry: %w", storage.ErrNotFound)
		}
		out = *newest
		return nil
	})
	return out, err
}

// ofTurn finds the newest inquiry of a turn, and counts them.
func ofTurn(all []storage.Inquiry, turn string) (newest *storage.Inquiry, tries int) {
	for i := range all {
		if at := strings.LastIndexByte(all[i].Turn, '/'); at > 0 && all[i].Turn[:at] == turn {
			newest, tries = &all[i], tries+1
		}
	}
	return newest, tries
}

// askingOf is an inquiry at whoever has a system. What OpenDSR has no word for a member of staff asks.
func (f *file) askingOf(system storage.System, purpose privacy.InquiryPurpose, turn string) (storage.NewInquiry, error) {
	asked, err := AskedOf(system)
	if err != nil {
		return storage.NewInquiry{}, err
	}
	n := storage.NewInquiry{
		System: &system.ID, Purpose: purpose, Turn: turn, Channel: system.Kind, Addressee: asked.Of, Address: asked.Email, Language: asked.Language,
		Identities: asked.Identities, Due: f.tx.Now().Add(asked.Within), Body: storage.InquiryBody{Instructions: asked.Instructions},
	}
	if system.Kind == dataset.AskedOpenDSR {
		n.Address, n.Language = asked.URL, f.tx.Tenant().Language
		if purpose != privacy.InquireCopy && purpose != privacy.InquireErase {
			n.Channel = storage.InquiryByHand
		}
	}
	return n, nil
}

// inquire puts an inquiry on record, and has the workflow started that sees to it.
func (f *file) inquire(ctx context.Context, n storage.NewInquiry) error {
	if n.Channel == storage.InquiryByEmail {
		n.TokenHash = func(id uuid.UUID) ([]byte, error) {
			token, err := f.inquiryToken(id)
			return TokenHash(token), err
		}
	}
	id, added, err := f.tx.AddInquiry(ctx, f.row.ID, f.subject, n)
	if err != nil || !added {
		return err
	}
	return f.lookAfter(ctx, id)
}

// lookAfter has the workflow of an inquiry look at it.
func (f *file) lookAfter(ctx context.Context, id uuid.UUID) error {
	return f.tx.SignalWorkflow(ctx, f.row.ID, contract.InquiryID(id), contract.SignalInquiry)
}

const indexInquiry seal.IndexKind = "inquiry_link"

// inquiryToken is the secret of the link by which whoever is asked answers. Every letter has the same.
func (f *file) inquiryToken(id uuid.UUID) (string, error) {
	mark, err := f.tx.Tenant().Keys.BlindIndex(indexInquiry, id.String())
	if err != nil {
		return "", fmt.Errorf("make the link of an inquiry: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(mark), nil
}

// inquiry finds one of the case.
func (f *file) inquiry(ctx context.Context, id uuid.UUID) (storage.Inquiry, error) {
	all, err := f.tx.Inquiries(ctx, f.row.ID, f.subject)
	if err != nil {
		return storage.Inquiry{}, err
	}
	at := slices.IndexFunc(all, func(i storage.Inquiry) bool { return i.ID == id })
	if at < 0 {
		return storage.Inquiry{}, fmt.Errorf("inquiry: %w", storage.ErrNotFound)
	}
	return all[at], nil
}
