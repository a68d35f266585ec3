package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
)

// Representative is somebody who asks for the person, in clear.
type Representative struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	// Standing is why they may, in their own words.
	Standing string `json:"standing"`
}

// AddRepresentative keeps who asks for the person, sealed under the person's key.
func (t *Tx) AddRepresentative(ctx context.Context, caseID uuid.UUID, s Subject, r Representative) error {
	clear, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write the representative: %w", err)
	}
	sealed, err := s.Key.Seal(clear, representativeField(caseID))
	if err != nil {
		return fmt.Errorf("seal the representative: %w", err)
	}
	if err := t.later.InsertRepresentative(ctx, t.tenant.ID, caseID, sealed); err != nil {
		return fmt.Errorf("keep the representative: %w", err)
	}
	return nil
}

// Representative opens who asks for the person; ErrNotFound when they ask themselves.
func (t *Tx) Representative(ctx context.Context, caseID uuid.UUID, s Subject) (r Representative, err error) {
	sealed, err := t.q.Representative(ctx, t.tenant.ID, caseID)
	if err != nil {
		return r, fmt.Errorf("representative: %w", translate(err))
	}
	clear, err := s.Key.Open(sealed, representativeField(caseID))
	if err != nil {
		return r, fmt.Errorf("open the representative: %w", err)
	}
	if err := json.Unmarshal(clear, &r); err != nil {
		return r, fmt.Errorf("read the representative: %w", err)
	}
	return r, nil
}

func representativeField(caseID uuid.UUID) seal.Field {
	return seal.Field{Table: "representatives", Column: "details", Row: caseID.String()}
}
