package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// Returned is what is known, by suppressions that have ended, of somebody since they were erased. The zero value is somebody who has not come back.
type Returned struct {
	// CameBack says that they came back by themselves: what they were known by leads to what they began anew.
	CameBack bool
	// Mistaken are the identities ("email", "phone_number", "customer_id") by which somebody else was meant.
	Mistaken []string
}

// Is reports whether anything is known.
func (r Returned) Is() bool { return r.CameBack || len(r.Mistaken) > 0 }

// Same reports whether two say the same.
func (r Returned) Same(o Returned) bool {
	return r.CameBack == o.CameBack && slices.Equal(r.Mistaken, o.Mistaken)
}

// Returned tells whether somebody who was erased under a case has come back since, or never was the one. Whoever was erased once more after that, and is
// suppressed, has not.
func (t *Tx) Returned(ctx context.Context, caseID uuid.UUID) (out Returned, err error) {
	rows, err := t.q.EndedSince(ctx, t.tenant.ID, caseID)
	if err != nil {
		return out, fmt.Errorf("look whether somebody has come back: %w", err)
	}
	for _, row := range rows {
		if row.Reason != EndedByMistake {
			out.CameBack = true
			continue
		}
		for identity, kind := range kindsOfIdentity() {
			if kind == row.Kind {
				out.Mistaken = append(out.Mistaken, identity)
			}
		}
	}
	slices.Sort(out.Mistaken)
	return out, nil
}
