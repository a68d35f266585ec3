package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Scopes and reasons of a suppression.
const (
	SuppressAll      = "all" // nothing may bring the person back, marketing least of all
	SuppressedErased = "erasure"
	// SuppressMarketing is the scope of those that came with a list, beside which somebody may be suppressed because they were erased.
	SuppressMarketing = "marketing"
)

// Why a suppression ends: the person has come back by themselves, or never was the one.
const (
	EndedByConsent  = "consent"  // they signed up anew
	EndedByContract = "contract" // they are a customer again
	EndedByMistake  = "mistake"  // somebody else was meant
)

// Suppressed is why something known of a person may not be used.
type Suppressed = db.SuppressionsOnIdentitiesRow

// Suppress keeps what a person is known by from being used again, as keyed hashes.
func (t *Tx) Suppress(ctx context.Context, p Person, scope, reason string, caseID *uuid.UUID) error {
	known, err := t.knownBy([]Person{p})
	if err != nil {
		return err
	}
	for i, kind := range known.kinds {
		err := t.q.InsertSuppression(ctx, db.InsertSuppressionParams{
			TenantID: t.tenant.ID, Kind: kind, BlindIndex: known.indexes[i], Scope: scope, Reason: reason, CaseID: caseID, AddedAt: t.now,
		})
		if err != nil {
			return fmt.Errorf("suppress the %s: %w", kind, err)
		}
	}
	event := audit.Event{Action: audit.SuppressionAdded, Object: audit.Object{Kind: "suppression", ID: scope}, Facts: map[audit.FactKey]string{audit.FactMethod: reason}}
	if caseID != nil {
		event.CaseID = caseID.String()
	}
	if err := t.Audit(ctx, event); err != nil {
		return err
	}
	return t.stopIndexed(ctx, consent.Suppressed, stopByRequest, known.indexes)
}

// SuppressionsOn lists what keeps people from being written to or taken in again, of each in turn, by anything that they are known by.
func (t *Tx) SuppressionsOn(ctx context.Context, people ...Person) ([][]Suppressed, error) {
	return t.SuppressionsAt(ctx, t.now, people...)
}

// SuppressionsAt lists what kept them from it at a moment.
func (t *Tx) SuppressionsAt(ctx context.Context, at time.Time, people ...Person) ([][]Suppressed, error) {
	known, err := t.knownBy(people)
	if err != nil {
		return nil, err
	}
	rows, err := t.q.SuppressionsOnIdentities(ctx, db.SuppressionsOnIdentitiesParams{
		TenantID: t.tenant.ID, People: known.people, Kinds: known.kinds, BlindIndexes: known.indexes, At: at,
	})
	if err != nil {
		return nil, fmt.Errorf("look for suppressions: %w", err)
	}
	return byPerson(rows, len(people), func(r Suppressed) int32 { return r.Person }), nil
}

// EndSuppression has a person be written to and taken in again, for one of the reasons above; ended counts what stood by what they are known by.
// The log names each by its id, in the history of the request that it came from.
func (t *Tx) EndSuppression(ctx context.Context, p Person, reason string) (ended int64, err error) {
	known, err := t.knownBy([]Person{p})
	if err != nil {
		return 0, err
	}
	all, err := t.q.EndSuppressions(ctx, db.EndSuppressionsParams{
		TenantID: t.tenant.ID, At: t.now, By: t.actor.ID, Reason: reason, Kinds: known.kinds, BlindIndexes: known.indexes,
	})
	if err != nil {
		return 0, fmt.Errorf("end suppressions: %w", err)
	}
	for _, one := range all {
		event := audit.Event{
			Action: audit.SuppressionEnded, Object: audit.Object{Kind: "suppression", ID: one.ID.String()}, Facts: map[audit.FactKey]string{audit.FactMethod: reason},
		}
		if one.CaseID != nil {
			event.CaseID = one.CaseID.String()
		}
		if err := t.Audit(ctx, event); err != nil {
			return 0, err
		}
	}
	if len(all) == 0 {
		return 0, nil
	}
	return int64(len(all)), t.endStops(ctx, stopByStaff, known.indexes)
}
