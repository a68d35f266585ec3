package storage

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// ConsentPreferences are what somebody has chosen beside their consents.
type ConsentPreferences struct {
	Frequency consent.Frequency
	// PausedUntil is the day on which messages may come again; zero where nothing is paused.
	PausedUntil privacy.Date
	// Language is what they want to read; empty where they have not said.
	Language string
}

// ConsentPreferencesLine is what was chosen at a moment, and held until the next.
type ConsentPreferencesLine struct {
	ConsentPreferences
	ID  uuid.UUID
	At  time.Time
	How string
}

// preferencesLine is what the hash in the log is made over.
type preferencesLine struct {
	Tenant      uuid.UUID         `json:"tenant"`
	ID          uuid.UUID         `json:"id"`
	Person      uuid.UUID         `json:"person"`
	Frequency   consent.Frequency `json:"frequency"`
	PausedUntil privacy.Date      `json:"paused_until,omitzero"`
	Language    string            `json:"language,omitempty"`
	At          time.Time         `json:"at"`
	How         string            `json:"how"`
}

// SetOwnPreferences keeps what somebody chose whom the transaction holds: as what stands, and as a line that is never changed.
func (t *Tx) SetOwnPreferences(ctx context.Context, s *ConsentSelf, p ConsentPreferences, how string) error {
	line := preferencesLine{
		Tenant: t.tenant.ID, ID: newID(), Person: s.Person, Frequency: p.Frequency, PausedUntil: p.PausedUntil, Language: p.Language, At: t.now, How: how,
	}
	text, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("write what was chosen: %w", err)
	}
	err = t.later.InsertConsentPreferences(ctx, db.InsertConsentPreferencesParams{
		ID: line.ID, TenantID: line.Tenant, PersonID: line.Person, Frequency: string(p.Frequency), PausedUntil: dateValue(p.PausedUntil), Language: p.Language, At: line.At, How: how,
	})
	if err != nil {
		return fmt.Errorf("keep what was chosen: %w", err)
	}
	err = t.later.SetConsentPreferences(ctx, db.SetConsentPreferencesParams{
		TenantID: line.Tenant, ID: line.Person, Frequency: string(p.Frequency), PausedUntil: dateValue(p.PausedUntil), Language: p.Language,
	})
	if err != nil {
		return fmt.Errorf("keep what was chosen: %w", err)
	}
	sum := sha256.Sum256(text)
	return t.Audit(ctx, audit.Event{
		ID: line.ID, Action: audit.ConsentPreferencesChanged, Object: audit.Object{Kind: "consent_person", ID: s.Person.String()}, Evidence: sum[:],
		Facts: map[audit.FactKey]string{audit.FactMethod: how},
	})
}

// ConsentPreferencesOf lists what somebody has chosen, the oldest first: what stood at a moment is the last one before it.
func (t *Tx) ConsentPreferencesOf(ctx context.Context, person uuid.UUID) ([]ConsentPreferencesLine, error) {
	rows, err := t.q.ConsentPreferencesOfPerson(ctx, t.tenant.ID, person)
	if err != nil {
		return nil, fmt.Errorf("read what was chosen: %w", err)
	}
	out := make([]ConsentPreferencesLine, len(rows))
	for i, r := range rows {
		out[i] = ConsentPreferencesLine{
			ConsentPreferences: ConsentPreferences{Frequency: consent.Frequency(r.Frequency), PausedUntil: dayOf(r.PausedUntil), Language: given(r.Language)}, ID: r.ID, At: r.At, How: r.How,
		}
	}
	return out, nil
}

// ConsentPreferencesAt is what somebody had chosen at a moment; the zero value where they had chosen nothing yet.
func (t *Tx) ConsentPreferencesAt(ctx context.Context, person uuid.UUID, moment time.Time) (out ConsentPreferences, err error) {
	lines, err := t.ConsentPreferencesOf(ctx, person)
	for _, line := range lines {
		if !line.At.After(moment) {
			out = line.ConsentPreferences
		}
	}
	return out, err
}
