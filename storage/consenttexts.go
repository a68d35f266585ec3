package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Everything is the number that stands for every purpose: whoever wants nothing any more withdraws from it.
const Everything int32 = 0

// Rows of purposes and their texts as they are read.
type (
	// ConsentPurpose is what people are asked to agree to.
	ConsentPurpose = db.ConsentPurposesRow
	// ConsentText is a version of the words that people agree to.
	ConsentText = db.ConsentTextsRow
)

// NewConsentPurpose is a purpose as it is added or changed. What is tracking stays so.
type NewConsentPurpose struct {
	Key, Class        string
	Similar, Tracking bool
	Retired           *time.Time
}

// ConsentPurposes lists the purposes of the tenant, retired ones included, in the order in which they were added.
func (t *Tx) ConsentPurposes(ctx context.Context) ([]ConsentPurpose, error) {
	rows, err := t.q.ConsentPurposes(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("list the purposes of consents: %w", err)
	}
	return rows, nil
}

// AddConsentPurpose adds a purpose and gives its number; ErrExists when its key is taken, or another purpose is the one of tracking.
func (t *Tx) AddConsentPurpose(ctx context.Context, p NewConsentPurpose) (int32, error) {
	if _, err := t.q.LockTenantKeys(ctx, t.tenant.ID); err != nil { // one at a time: numbers follow each other
		return 0, fmt.Errorf("hold the tenant: %w", err)
	}
	number, err := t.q.InsertConsentPurpose(ctx, db.InsertConsentPurposeParams{
		TenantID: t.tenant.ID, Key: p.Key, Class: p.Class, SimilarGoods: p.Similar, Tracking: p.Tracking, At: t.now,
	})
	if err != nil {
		return 0, fmt.Errorf("add the purpose %q: %w", p.Key, translate(err))
	}
	return number, t.auditPurpose(ctx, audit.ConsentPurposeAdded, p.Key)
}

// ChangeConsentPurpose says of a purpose what its messages are, or that it is used no more.
func (t *Tx) ChangeConsentPurpose(ctx context.Context, number int32, p NewConsentPurpose) error {
	err := one(t.q.UpdateConsentPurpose(ctx, db.UpdateConsentPurposeParams{
		TenantID: t.tenant.ID, Number: number, Class: p.Class, SimilarGoods: p.Similar, RetiredAt: p.Retired,
	}))
	if err != nil {
		return fmt.Errorf("change the purpose %q: %w", p.Key, err)
	}
	return t.auditPurpose(ctx, audit.ConsentPurposeChanged, p.Key)
}

func (t *Tx) auditPurpose(ctx context.Context, action audit.Action, key string) error {
	return t.Audit(ctx, audit.Event{Action: action, Object: audit.Object{Kind: "consent_purpose", ID: key}})
}

// AddConsentText adds the next version of the words of a purpose in a language. They are never changed.
func (t *Tx) AddConsentText(ctx context.Context, p ConsentPurpose, language, title, body string) (ConsentText, error) {
	text := ConsentText{ID: newID(), Purpose: p.Number, Language: language, Title: title, Body: body, CreatedAt: t.now, CreatedBy: t.actor.ID}
	_, err := t.q.LockTenantKeys(ctx, t.tenant.ID) // one at a time: versions follow each other
	if err != nil {
		return text, fmt.Errorf("hold the tenant: %w", err)
	}
	text.Version, err = t.q.InsertConsentText(ctx, db.InsertConsentTextParams{
		ID: text.ID, TenantID: t.tenant.ID, Purpose: p.Number, Language: language, Title: title, Body: body, At: t.now, By: t.actor.ID,
	})
	if err != nil {
		return text, fmt.Errorf("add a text of the purpose %q: %w", p.Key, translate(err))
	}
	sum := TextHash(title, body)
	return text, t.Audit(ctx, audit.Event{
		Action: audit.ConsentTextAdded, Object: audit.Object{Kind: "consent_text", ID: text.ID.String()}, Evidence: sum[:],
		Facts: map[audit.FactKey]string{audit.FactPurpose: p.Key, audit.FactLanguage: language, audit.FactCount: fmt.Sprint(text.Version)},
	})
}

// ConsentTexts lists the texts of all purposes, the newest version of each language first.
func (t *Tx) ConsentTexts(ctx context.Context) ([]ConsentText, error) {
	rows, err := t.q.ConsentTexts(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("list the texts of consents: %w", err)
	}
	return rows, nil
}

// textOf finds the text with an id; the zero value where there is none.
func textOf(texts []ConsentText, id *uuid.UUID) (out ConsentText) {
	for _, text := range texts {
		if id != nil && text.ID == *id {
			return text
		}
	}
	return out
}
