package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Receiver is whom a package is sent to directly, in the words of whoever asked, and the address that takes it. The address lets whoever has it
// write, so it is kept no longer than until the sending has ended.
type Receiver struct {
	Name    string `json:"name"`
	Address string `json:"address,omitempty"`
}

// Transmission is a package that is sent to another controller (Art. 20(2) GDPR).
type Transmission struct {
	ID, CaseID, PackageID uuid.UUID
	State                 string
	Receiver
	// AskedKind is subject, person or api_key, and AskedBy their id.
	AskedKind, AskedBy string
	AskedAt            time.Time
	Sent
	// SendingSince is when the try began that is on its way, and of which no end is known.
	SendingSince *time.Time
	// UnconfirmedAt is when an archive first went out of which nobody knows whether it was taken.
	UnconfirmedAt *time.Time
	// RefusedAt is when staff ended one while a try was on its way; Refusal is what the person is to read then.
	RefusedAt *time.Time
	Refusal   string
	EndedAt   *time.Time
}

// transmissionBody is what is sealed of one.
type transmissionBody struct {
	Receiver
	Refusal string `json:"refusal,omitempty"`
}

// Unconfirmed says whether an archive went out of which nobody knows whether it was taken: a try that nobody saw the end of is one too.
func (t Transmission) Unconfirmed() bool { return t.UnconfirmedAt != nil || t.SendingSince != nil }

// Sent is what became of a transmission.
type Sent struct {
	// Reason says why it failed or was refused.
	Reason string
	// Status is the receiver's last answer; 0 where there was none.
	Status int
	// Bytes and SHA256 are those of the archive, where it was taken.
	Bytes  int64
	SHA256 []byte
}

// OpenTransmission is one that has not ended.
type OpenTransmission = db.OpenTransmissionsRow

// States of a transmission.
const (
	TransmissionOpen    = "open"
	TransmissionSent    = "sent"
	TransmissionFailed  = "failed"
	TransmissionRefused = "refused"
)

func transmissionField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "transmissions", Column: "body", Row: id.String()}
}

// AddTransmission asks for a package to be sent. ErrConflict while another is open.
func (t *Tx) AddTransmission(ctx context.Context, p Package, s Subject, to Receiver) (uuid.UUID, error) {
	id := newID()
	sealed, err := sealJSON(s.Key, transmissionField(id), to)
	if err != nil {
		return id, fmt.Errorf("seal the receiver: %w", err)
	}
	err = t.q.InsertTransmission(ctx, db.InsertTransmissionParams{
		ID: id, TenantID: t.tenant.ID, CaseID: p.CaseID, PackageID: p.ID, BodySealed: sealed, AskedKind: t.askedKind(), AskedBy: t.actor.ID, AskedAt: t.now,
	})
	if err != nil {
		return id, fmt.Errorf("add the transmission: %w", translate(err))
	}
	return id, t.Audit(ctx, audit.Event{Action: audit.TransmissionAsked, CaseID: p.CaseID.String(), Object: transmissionObject(id), Evidence: p.ManifestSha256})
}

func transmissionObject(id uuid.UUID) audit.Object {
	return audit.Object{Kind: "transmission", ID: id.String()}
}

// Transmissions opens those of a case, newest first.
func (t *Tx) Transmissions(ctx context.Context, caseID uuid.UUID, s Subject) ([]Transmission, error) {
	rows, err := t.q.Transmissions(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the transmissions: %w", err)
	}
	out := make([]Transmission, len(rows))
	for i, row := range rows {
		out[i] = Transmission{
			ID: row.ID, CaseID: row.CaseID, PackageID: row.PackageID, State: row.State, AskedKind: row.AskedKind, AskedBy: row.AskedBy, AskedAt: row.AskedAt,
			EndedAt: row.EndedAt, SendingSince: row.SendingSince, UnconfirmedAt: row.UnconfirmedAt, RefusedAt: row.RefusedAt, Sent: Sent{Reason: given(row.Reason), SHA256: row.Sha256},
		}
		if row.Status != nil {
			out[i].Status = int(*row.Status)
		}
		if row.Bytes != nil {
			out[i].Bytes = *row.Bytes
		}
		var body transmissionBody
		if err := openJSON(s.Key, transmissionField(row.ID), row.BodySealed, &body); err != nil {
			return nil, fmt.Errorf("open a transmission: %w", err)
		}
		out[i].Receiver, out[i].Refusal = body.Receiver, body.Refusal
	}
	return out, nil
}

// EndTransmission says what became of an open one, and destroys its address. ErrNotFound when it has ended.
func (t *Tx) EndTransmission(ctx context.Context, of Transmission, s Subject, state string, sent Sent) error {
	sealed, err := sealJSON(s.Key, transmissionField(of.ID), Receiver{Name: of.Name})
	if err != nil {
		return fmt.Errorf("seal the receiver: %w", err)
	}
	row := db.EndTransmissionParams{TenantID: t.tenant.ID, ID: of.ID, State: state, Body: sealed, At: t.now}
	facts := map[audit.FactKey]string{audit.FactTo: state}
	if sent.Reason != "" {
		row.Reason = &sent.Reason
	}
	if status := int32(sent.Status); status > 0 {
		row.Status, facts[audit.FactStatus] = &status, fmt.Sprint(status)
	}
	if state == TransmissionSent {
		row.Bytes, row.Sha256, facts[audit.FactBytes] = &sent.Bytes, sent.SHA256, fmt.Sprint(sent.Bytes)
	}
	if err := one(t.q.EndTransmission(ctx, row)); err != nil {
		return fmt.Errorf("end the transmission: %w", err)
	}
	outcome := map[string]audit.Outcome{TransmissionSent: audit.Done, TransmissionFailed: audit.Failed, TransmissionRefused: audit.Refused}[state]
	return t.Audit(ctx, audit.Event{
		Action: audit.TransmissionEnded, CaseID: of.CaseID.String(), Object: transmissionObject(of.ID), Outcome: outcome, Reason: sent.Reason, Evidence: sent.SHA256, Facts: facts,
	})
}

// OpenTransmissions lists those that were asked for before a moment and have not ended, oldest first.
func (t *Tx) OpenTransmissions(ctx context.Context, before time.Time, limit int32) ([]OpenTransmission, error) {
	return t.q.OpenTransmissions(ctx, t.tenant.ID, before, limit)
}
