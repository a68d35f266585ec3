package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// inquiryLink is how long the link of an inquiry works behind the day on which the answer was due. Staff can ask once more, which makes another.
const inquiryLink = 90 * day

// AskedOn is an inquiry as the link to it leads there. It holds nothing of the person.
type AskedOn struct {
	Ref       contract.Ref
	Reference string
	storage.Inquiry
}

// AddresseeActor is whoever answers an inquiry by the link they were sent, as the log knows them.
func AddresseeActor(inquiry uuid.UUID) audit.Actor {
	return audit.Actor{Kind: audit.Addressee, ID: inquiry.String()}
}

// AskedBy finds the inquiry that a link leads to; ErrLinkDead where there is none that anybody could still look at.
func (d *Desk) AskedBy(ctx context.Context, tenant uuid.UUID, token string) (out AskedOn, err error) {
	err = d.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		id, caseID, err := tx.InquiryByToken(ctx, TokenHash(token))
		if err != nil {
			return err
		}
		row, err := tx.Case(ctx, caseID)
		if err != nil {
			return err
		}
		f, err := d.fileOf(ctx, tx, row)
		if err != nil {
			return err
		}
		out.Ref, out.Reference = contract.Ref{Tenant: tenant, Case: caseID}, row.Reference
		if out.Inquiry, err = f.inquiry(ctx, id); err != nil {
			return err
		}
		if tx.Now().After(out.DueAt.Add(inquiryLink)) {
			return ErrLinkDead
		}
		out.Body, out.Words = storage.InquiryBody{}, ""
		return nil
	})
	if errors.Is(err, storage.ErrNotFound) || errors.Is(err, seal.ErrNoKey) {
		err = ErrLinkDead
	}
	return out, err
}

// AskedAbout is what whoever was asked has to know.
type AskedAbout struct {
	// Known is what they are told of the person, by identity.
	Known map[string]string
	Body  storage.InquiryBody
	// Files are those that came by the link; those that staff were sent another way stay theirs.
	Files []storage.InquiryFile
	Due   time.Time
}

// ShowAsked gives what whoever was asked has to know of the person, and records that they looked.
func (d *Desk) ShowAsked(ctx context.Context, at AskedOn) (out AskedAbout, err error) {
	err = d.change(ctx, at.Ref, AddresseeActor(at.ID), func(ctx context.Context, f *file) error {
		i, err := f.inquiry(ctx, at.ID)
		if err != nil {
			return err
		}
		if !i.Open() {
			return ErrLinkDead
		}
		if err := f.tx.SeeInquiry(ctx, i); err != nil {
			return err
		}
		if out.Known, err = f.toldOf(ctx, i); err != nil {
			return err
		}
		files, err := f.filesOf(ctx, i)
		if err != nil {
			return err
		}
		for _, one := range files {
			if one.CreatedBy == AddresseeActor(i.ID).ID {
				out.Files = append(out.Files, one)
			}
		}
		out.Body, out.Due = i.Body, i.DueAt
		return nil
	})
	return out, err
}

// toldOf is what whoever is asked is told of the person, by identity.
func (f *file) toldOf(ctx context.Context, i storage.Inquiry) (map[string]string, error) {
	person, err := f.whom(ctx)
	if err != nil {
		return nil, err
	}
	known, out := KnownBy(person, f.row), map[string]string{}
	for _, identity := range i.Identities {
		if known[identity] != "" {
			out[identity] = known[identity]
		}
	}
	return out, nil
}

// AnswerAsked takes in what whoever was asked says on their page, once per key.
func (d *Desk) AnswerAsked(ctx context.Context, at AskedOn, key string, a InquiryAnswer) error {
	return d.db.Change(ctx, at.Ref.Tenant, AddresseeActor(at.ID), func(ctx context.Context, tx *storage.Tx) error {
		a.Inquiry = at.ID
		return d.AnswerInquiry(ctx, tx, at.Ref, key, a)
	})
}

// CalledBack has the inquiry looked at that a processor calls back about. What the call says is not taken on its word: the processor is asked.
func (d *Desk) CalledBack(ctx context.Context, tenant, remote uuid.UUID) error {
	return d.db.Change(ctx, tenant, System("inquirer"), func(ctx context.Context, tx *storage.Tx) error {
		id, caseID, err := tx.InquiryByRemote(ctx, remote)
		if err != nil {
			return err
		}
		if err := tx.SignalWorkflow(ctx, caseID, contract.InquiryID(id), contract.SignalInquiry); err != nil {
			return fmt.Errorf("have an inquiry looked at: %w", err)
		}
		return nil
	})
}
