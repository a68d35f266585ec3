package relay

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

// certifyAtOnce is how many certificates of a tenant one look signs.
const certifyAtOnce = 20

// Certificates signs the certificates of erasures whose events have all got their place in the log.
func (r *Relay) Certificates(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantsToCertify, r.certify)
}

func (r *Relay) certify(ctx context.Context, tenant uuid.UUID) (signed int, err error) {
	verifier, err := r.Signer.VerifierKey(tenant.String())
	if err != nil {
		return 0, fmt.Errorf("the log's verifier key: %w", err)
	}
	reader := r.db().LogReader(tenant, verifier)
	var drafts []storage.CertificateDraft
	err = r.db().Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		drafts, err = tx.CertificateDrafts(ctx, certifyAtOnce)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, draft := range drafts {
		done, failed := r.sign(ctx, tenant, reader, draft)
		if failed != nil { // one that can't be signed does not keep the others waiting
			err = errors.Join(err, fmt.Errorf("sign the certificate of request %s: %w", draft.CaseID, failed))
		}
		if done {
			signed++
		}
	}
	return signed, err
}

// sign adds the evidence and signs, unless the log has not come to the end of the erasure yet.
func (r *Relay) sign(ctx context.Context, tenant uuid.UUID, reader *storage.LogReader, draft storage.CertificateDraft) (bool, error) {
	head, err := r.signedHead(ctx, tenant, reader)
	if errors.Is(err, audit.ErrNoCheckpoint) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	leaves, _, err := reader.CaseLeaves(ctx, draft.CaseID.String())
	if err != nil {
		return false, fmt.Errorf("read the events: %w", err)
	}
	done := false
	err = r.db().Change(ctx, tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		runs, err := tx.ErasureRuns(ctx, draft.PlanID)
		if err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(runs))
		for i, run := range runs {
			ids[i] = run.ID
		}
		done, err = casework.Attest(&draft.Certificate, ids, leaves, head)
		if err != nil || !done {
			return err
		}
		draft.Certificate.Signed = tx.Now().UTC()
		note, text, err := r.Signer.Certify(draft.Certificate, head)
		if err != nil {
			return err
		}
		return tx.SignCertificate(ctx, draft, note, text)
	})
	return done && err == nil, err
}

// signedHead is the head of the newest checkpoint.
func (r *Relay) signedHead(ctx context.Context, tenant uuid.UUID, reader *storage.LogReader) (audit.Head, error) {
	signed, err := reader.Checkpoint(ctx)
	if err != nil {
		return audit.Head{}, fmt.Errorf("read the newest checkpoint: %w", err)
	}
	checkpoint, err := r.Signer.OpenOwn(signed, tenant.String())
	return checkpoint.Head, err
}
