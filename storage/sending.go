package storage

import (
	"context"
	"fmt"
	"strconv"

	"github.com/privacy-docket/docket/audit"
)

// BeginSending puts on record that a try of an open transmission begins. ErrNotFound when it has ended.
func (t *Tx) BeginSending(ctx context.Context, of Transmission) error {
	if err := one(t.q.BeginSending(ctx, t.tenant.ID, of.ID, t.now)); err != nil {
		return fmt.Errorf("begin a try of the transmission: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.TransmissionSending, CaseID: of.CaseID.String(), Object: transmissionObject(of.ID), Outcome: audit.Intent})
}

// EndSending puts on record that a try is over, and leaves the transmission open. Of unconfirmed nobody knows whether it was taken.
func (t *Tx) EndSending(ctx context.Context, of Transmission, tried Sent, unconfirmed bool) error {
	if err := one(t.q.EndSending(ctx, t.tenant.ID, of.ID, unconfirmed)); err != nil {
		return fmt.Errorf("end a try of the transmission: %w", err)
	}
	facts := map[audit.FactKey]string{}
	if tried.Status > 0 {
		facts[audit.FactStatus] = strconv.Itoa(tried.Status)
	}
	if unconfirmed {
		facts[audit.FactBytes] = strconv.FormatInt(tried.Bytes, 10)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.TransmissionTried, CaseID: of.CaseID.String(), Object: transmissionObject(of.ID), Outcome: audit.Failed, Reason: tried.Reason, Facts: facts,
	})
}

// RefuseAfterTry puts on record that staff end a transmission, which takes effect once the try on its way is over.
func (t *Tx) RefuseAfterTry(ctx context.Context, of Transmission, s Subject, reason, explanation string) error {
	sealed, err := sealJSON(s.Key, transmissionField(of.ID), transmissionBody{Receiver: of.Receiver, Refusal: explanation})
	if err != nil {
		return fmt.Errorf("seal the refusal: %w", err)
	}
	if err := one(t.q.RefuseAfterTry(ctx, t.tenant.ID, of.ID, t.now, sealed)); err != nil {
		return fmt.Errorf("refuse the transmission after its try: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.TransmissionRefusing, CaseID: of.CaseID.String(), Object: transmissionObject(of.ID), Reason: reason})
}
