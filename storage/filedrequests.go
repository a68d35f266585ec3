package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// FiledRequest is what a requester filed, and the case that came of it.
type FiledRequest = db.FiledRequest

// FiledBy is who filed a case, and under which name.
type FiledBy = db.CaseFiledByRow

// NewFiledRequest is what is known of it before its case is written.
type NewFiledRequest struct {
	Requester, RequestID, Case uuid.UUID
	Version                    string
	// Unique is what makes it one of its kind for its requester, Content what it says. Only keyed hashes of both are kept.
	Unique, Content string
	Said            FiledWords
}

// FiledWords are what the protocol has echoed to the requester.
type FiledWords struct {
	// Callbacks are the addresses that hear of each change.
	Callbacks []string `json:"callbacks,omitempty"`
	// Name is the requester's own for it.
	Name string `json:"name,omitempty"`
}

// ErrFiledDifferently says that a request of the same name said something else.
var ErrFiledDifferently = errors.New("a request of this name was filed before, and said something else")

// Kinds of index under the tenant's key.
const (
	indexFiling  seal.IndexKind = "filing"
	indexContent seal.IndexKind = "filing_content"
)

// ClaimFiledRequest makes the row of a request whose case is written next. first is false when the same was filed before: it gives that one.
// The same name with other words is ErrFiledDifferently. Of many that come at once one is the first.
func (t *Tx) ClaimFiledRequest(ctx context.Context, n NewFiledRequest) (row FiledRequest, first bool, err error) {
	index, err := t.tenant.Keys.BlindIndex(indexFiling, n.Unique)
	if err != nil {
		return FiledRequest{}, false, fmt.Errorf("index the filing: %w", err)
	}
	digest, err := t.tenant.Keys.BlindIndex(indexContent, n.Content)
	if err != nil {
		return FiledRequest{}, false, fmt.Errorf("index what was filed: %w", err)
	}
	claimed := db.ClaimFiledRequestParams{
		ID: newID(), TenantID: t.tenant.ID, RequesterID: n.Requester, RequestID: n.RequestID, Version: n.Version, CaseID: n.Case,
		FilingIndex: index, Digest: digest, Targets: int32(len(n.Said.Callbacks)), ReceivedAt: t.now,
	}
	rows, err := t.q.ClaimFiledRequest(ctx, claimed)
	if err != nil {
		return FiledRequest{}, false, fmt.Errorf("claim the filing: %w", err)
	}
	row, err = t.q.FiledRequestByIndex(ctx, t.tenant.ID, n.Requester, index)
	if err != nil {
		return FiledRequest{}, false, fmt.Errorf("filed request: %w", translate(err))
	}
	if rows == 0 && string(row.Digest) != string(digest) {
		return FiledRequest{}, false, ErrFiledDifferently
	}
	return row, rows > 0, nil
}

// KeepFiledWords seals what is echoed under the person's key, and has the requester told that the request is there.
func (t *Tx) KeepFiledWords(ctx context.Context, f FiledRequest, s Subject, said FiledWords) error {
	clear, err := json.Marshal(said)
	if err != nil {
		return fmt.Errorf("write what is echoed: %w", err)
	}
	sealed, err := s.Key.Seal(clear, filedField(f.ID))
	if err != nil {
		return fmt.Errorf("seal what is echoed: %w", err)
	}
	if err := one(t.q.KeepFiledWords(ctx, t.tenant.ID, f.ID, sealed)); err != nil {
		return fmt.Errorf("keep what is echoed: %w", err)
	}
	return t.QueueCallbacks(ctx, f.CaseID)
}

func filedField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "filed_requests", Column: "said", Row: id.String()}
}

// FiledWords opens what is echoed; seal.ErrNoKey once the person is forgotten.
func (t *Tx) FiledWords(f FiledRequest, s Subject) (FiledWords, error) {
	var said FiledWords
	clear, err := s.Key.Open(f.SaidSealed, filedField(f.ID))
	if err != nil {
		return said, fmt.Errorf("open what is echoed: %w", err)
	}
	if err := json.Unmarshal(clear, &said); err != nil {
		return said, fmt.Errorf("read what is echoed: %w", err)
	}
	return said, nil
}

// FiledRequest reads one.
func (t *Tx) FiledRequest(ctx context.Context, id uuid.UUID) (FiledRequest, error) {
	row, err := t.q.FiledRequest(ctx, t.tenant.ID, id)
	if err != nil {
		return FiledRequest{}, fmt.Errorf("filed request: %w", translate(err))
	}
	return row, nil
}

// FiledRequestByName finds a requester's own request by its name in the protocol.
func (t *Tx) FiledRequestByName(ctx context.Context, requester, name uuid.UUID) (FiledRequest, error) {
	row, err := t.q.FiledRequestByName(ctx, t.tenant.ID, requester, name)
	if err != nil {
		return FiledRequest{}, fmt.Errorf("filed request: %w", translate(err))
	}
	return row, nil
}

// CaseFiledBy says who filed a case; ErrNotFound when nobody did by a protocol.
func (t *Tx) CaseFiledBy(ctx context.Context, caseID uuid.UUID) (FiledBy, error) {
	row, err := t.q.CaseFiledBy(ctx, t.tenant.ID, caseID)
	if err != nil {
		return FiledBy{}, fmt.Errorf("who filed the case: %w", translate(err))
	}
	return row, nil
}
