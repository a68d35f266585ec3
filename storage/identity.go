package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Document is a document that was shown to prove identity.
type Document = db.DocumentsRow

// Purposes of a one-time code.
const (
	CodeForIdentity     = "identity"
	CodeForDownload     = "download"
	CodeForConversation = "conversation"
)

// Code is a live one-time code; only its keyed hash is known.
type Code = db.LockLiveCodeRow

// NewCode replaces the live code of a purpose by another.
func (t *Tx) NewCode(ctx context.Context, caseID uuid.UUID, purpose string, hash []byte, tries int32, life time.Duration) (uuid.UUID, error) {
	if err := t.later.EndLiveCode(ctx, t.tenant.ID, caseID, purpose, &t.now); err != nil {
		return uuid.Nil, fmt.Errorf("end the code before: %w", err)
	}
	id := newID()
	err := t.later.InsertCode(ctx, db.InsertCodeParams{
		ID: id, TenantID: t.tenant.ID, CaseID: caseID, Purpose: purpose, CodeHash: hash, TriesLeft: tries,
		CreatedAt: t.now, ExpiresAt: t.now.Add(life),
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("keep the code: %w", err)
	}
	return id, t.Audit(ctx, audit.Event{
		Action: audit.IdentityCodeSent, CaseID: caseID.String(), Object: audit.Object{Kind: "code", ID: id.String()},
		Facts: map[audit.FactKey]string{audit.FactMethod: purpose},
	})
}

// CodesSince counts the codes of a purpose made after a time: what a resend limit is measured by.
func (t *Tx) CodesSince(ctx context.Context, caseID uuid.UUID, purpose string, since, until time.Time) (int64, error) {
	return t.q.CodesSince(ctx, db.CodesSinceParams{TenantID: t.tenant.ID, CaseID: caseID, Purpose: purpose, CreatedAt: since, At: until})
}

// EndCode ends the live code of a purpose, so that no clock brings it back.
func (t *Tx) EndCode(ctx context.Context, caseID uuid.UUID, purpose string) error {
	if err := t.q.EndLiveCode(ctx, t.tenant.ID, caseID, purpose, &t.now); err != nil {
		return fmt.Errorf("end the code: %w", err)
	}
	return nil
}

// LiveCode locks the live code of a purpose; ErrNotFound when there is none.
func (t *Tx) LiveCode(ctx context.Context, caseID uuid.UUID, purpose string) (Code, error) {
	code, err := t.q.LockLiveCode(ctx, t.tenant.ID, caseID, purpose)
	return code, translate(err)
}

// SpendTry counts a wrong answer; the last one ends the code.
func (t *Tx) SpendTry(ctx context.Context, caseID uuid.UUID, code Code) error {
	if err := t.later.SpendTry(ctx, t.tenant.ID, code.ID, t.now); err != nil {
		return fmt.Errorf("count the try: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.IdentityCodeWrong, CaseID: caseID.String(), Object: audit.Object{Kind: "code", ID: code.ID.String()},
		Outcome: audit.Refused, Reason: "wrong_code", Facts: map[audit.FactKey]string{audit.FactTries: fmt.Sprint(code.TriesLeft - 1)},
	})
}

// UseCode ends a code that was answered rightly.
func (t *Tx) UseCode(ctx context.Context, code Code) error {
	return t.later.UseCode(ctx, t.tenant.ID, code.ID, t.now)
}

// AddStatusLink stores a link to the person's own view of the case, by the hash of its token.
func (t *Tx) AddStatusLink(ctx context.Context, caseID uuid.UUID, tokenHash []byte, expires time.Time) error {
	return t.later.InsertStatusLink(ctx, db.InsertStatusLinkParams{
		ID: newID(), TenantID: t.tenant.ID, CaseID: caseID, TokenHash: tokenHash, CreatedAt: t.now, ExpiresAt: expires,
	})
}

// StatusLink finds the case behind a token; ErrNotFound when it is unknown or has expired.
func (t *Tx) StatusLink(ctx context.Context, tokenHash []byte) (uuid.UUID, error) {
	link, err := t.q.StatusLink(ctx, t.tenant.ID, tokenHash)
	if err != nil {
		return uuid.Nil, translate(err)
	}
	if !t.now.Before(link.ExpiresAt) {
		return uuid.Nil, ErrNotFound
	}
	return link.CaseID, nil
}

// NewDocument is a document that was stored sealed.
type NewDocument struct {
	ID         uuid.UUID
	CaseID     uuid.UUID
	ObjectKey  string
	WrappedKey []byte
	SHA256     []byte
	Bytes      int64
	MediaType  string
	Kind       string
}

// Kinds of document.
const (
	DocumentIdentity  = "identity"
	DocumentAuthority = "authority" // that somebody may ask for another
)

// DocumentKeyID is what the key of a document is bound to.
func DocumentKeyID(id uuid.UUID) string { return "document/" + id.String() }

// AddDocument records a document shown to prove identity.
func (t *Tx) AddDocument(ctx context.Context, n NewDocument) error {
	err := t.later.InsertDocument(ctx, db.InsertDocumentParams{
		ID: n.ID, TenantID: t.tenant.ID, CaseID: n.CaseID, ObjectKey: n.ObjectKey, WrappedKey: n.WrappedKey,
		Sha256: n.SHA256, Bytes: n.Bytes, MediaType: n.MediaType, CreatedAt: t.now, Kind: n.Kind,
	})
	if err != nil {
		return fmt.Errorf("record the document: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.DocumentReceived, CaseID: n.CaseID.String(), Object: audit.Object{Kind: "document", ID: n.ID.String()},
		Evidence: n.SHA256,
	})
}

// Documents lists the documents of a case.
func (t *Tx) Documents(ctx context.Context, caseID uuid.UUID) ([]Document, error) {
	return t.q.Documents(ctx, t.tenant.ID, caseID)
}

// DecideDocuments records the decision on a case's documents and destroys their keys: what is decided is not kept.
func (t *Tx) DecideDocuments(ctx context.Context, caseID uuid.UUID, decision string) error {
	rows, err := t.q.DecideDocuments(ctx, db.DecideDocumentsParams{
		TenantID: t.tenant.ID, CaseID: caseID, Decision: &decision, By: &t.actor.ID, At: t.now,
	})
	if err != nil {
		return fmt.Errorf("decide on the documents: %w", err)
	}
	beside, err := t.q.DestroyAttachments(ctx, t.tenant.ID, caseID, t.now, TaskIdentityCheck)
	if err != nil {
		return fmt.Errorf("destroy what was attached to prove identity: %w", err)
	}
	if rows += beside; rows == 0 {
		return nil
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.DocumentDestroyed, CaseID: caseID.String(), Object: caseObject(caseID),
		Facts: map[audit.FactKey]string{audit.FactStatus: decision, audit.FactCount: fmt.Sprint(rows)},
	})
}

// UseAssertion makes a signed assertion good for once; first is false when it was used before.
func (t *Tx) UseAssertion(ctx context.Context, assertion []byte, expires time.Time) (first bool, err error) {
	if err := t.q.ForgetAssertions(ctx, t.tenant.ID, t.now); err != nil {
		return false, fmt.Errorf("forget old assertions: %w", err)
	}
	rows, err := t.q.UseAssertion(ctx, t.tenant.ID, assertion, expires)
	if err != nil {
		return false, fmt.Errorf("use the assertion: %w", err)
	}
	return rows > 0, nil
}
