package relay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
)

// archive brings the exported logs in the object store up to their newest checkpoint: evidence that stands apart from
// the register.
func (r *Relay) archive(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantsToArchive, func(ctx context.Context, tenant uuid.UUID) (int, error) { return 0, r.archiveOf(ctx, tenant) })
}

func (r *Relay) archiveOf(ctx context.Context, tenant uuid.UUID) error {
	verifier, err := r.Signer.VerifierKey(tenant.String())
	if err != nil {
		return fmt.Errorf("the log's verifier key: %w", err)
	}
	return r.db().InLog(ctx, tenant, func(log *storage.LogTx) error {
		before, err := log.LastExport(ctx)
		if err != nil {
			return fmt.Errorf("read the last export: %w", err)
		}
		sink := objectSink{store: r.Objects, prefix: tenant.String() + archiveFolder}
		done, err := audit.ExportSince(ctx, r.db().LogReader(tenant, verifier), sink, before)
		if err != nil {
			return err
		}
		return log.Exported(ctx, done.Size)
	})
}

// archiveFolder is where the archive of a tenant is, below the tenant's id.
const archiveFolder = "/audit/"

// Archived says whether an object is part of an archive, which the register can write anew at any time.
func Archived(key string) bool {
	tenant, _, ok := strings.Cut(key, archiveFolder)
	return ok && !strings.Contains(tenant, "/")
}

// objectSink writes the files of an export under a prefix of the object store.
type objectSink struct {
	store  *objects.Store
	prefix string
}

// Put implements audit.Sink.
func (s objectSink) Put(ctx context.Context, path string, data []byte) error {
	return s.store.Put(ctx, s.prefix+path, bytes.NewReader(data), int64(len(data)))
}

// forget drops answers to idempotency keys past their life, and gives up downloads and fetches whose server died.
func (r *Relay) forget(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantIDs, func(ctx context.Context, tenant uuid.UUID) (int, error) {
		forgotten := r.db().Change(ctx, tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
			return errors.Join(tx.ForgetAnswers(ctx), tx.ForgetDeliveries(ctx, tx.Now().Add(-storage.DeliveriesKept)), tx.ForgetCallbacks(ctx, tx.Now().Add(-storage.CallbacksKept)), tx.EndOldTrials(ctx))
		})
		return 0, errors.Join(forgotten, r.Desk.GiveUpDownloads(ctx, tenant), r.Desk.GiveUpFetches(ctx, tenant))
	})
}
