package storage

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// storedKey is a wrapped key in its row, with the id that it is bound to.
type storedKey struct {
	row     uuid.UUID
	kind    seal.KeyKind
	id      string
	wrapped []byte
}

// keyShelf is one column of wrapped keys, read in the order of the rows' ids.
type keyShelf struct {
	name string
	lock func(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error)
	set  func(ctx context.Context, q *db.Queries, tenant, row uuid.UUID, wrapped []byte) (int64, error)
}

// keyShelves lists every column that holds a key under a tenant's. A cursor counts them, so new ones come at the end.
func keyShelves() []keyShelf {
	return []keyShelf{
		{"records", recordKey, func(ctx context.Context, q *db.Queries, _, row uuid.UUID, wrapped []byte) (int64, error) {
			return q.SetRecordKey(ctx, row, wrapped)
		}},
		{"subjects", subjectKeys, setWith((*db.Queries).SetSubjectKey)},
		{"systems", systemKeys, setWith((*db.Queries).SetSystemKey)},
		{"collection_runs", runKeys, setWith((*db.Queries).SetRunKey)},
		{"packages", packageKeys, setWith((*db.Queries).SetPackageKey)},
		{"identity_documents", documentKeys, setWith((*db.Queries).SetDocumentKey)},
		{"task_attachments", attachmentKeys, setWith((*db.Queries).SetAttachmentKey)},
		{"inquiry_files", inquiryFileKeys, setWith((*db.Queries).SetInquiryFileKey)},
		{"sent_documents", sentDocumentKeys, setWith((*db.Queries).SetSentDocumentKey)},
		{"consent_people", consentPersonKeys, setWith((*db.Queries).SetConsentPersonKey)},
		{"consent_imports", consentImportKeys, setWith((*db.Queries).SetConsentImportKey)},
	}
}

type setKey = func(q *db.Queries, ctx context.Context, tenant uuid.UUID, row uuid.UUID, wrapped []byte) (int64, error)

func setWith(set setKey) func(context.Context, *db.Queries, uuid.UUID, uuid.UUID, []byte) (int64, error) {
	return func(ctx context.Context, q *db.Queries, tenant, row uuid.UUID, wrapped []byte) (int64, error) {
		return set(q, ctx, tenant, row, wrapped)
	}
}

func recordKey(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error) {
	rows, err := q.LockRecordKey(ctx, tenant, after, limit)
	return shelved(rows, err, func(r db.LockRecordKeyRow) storedKey {
		return storedKey{row: r.ID, kind: seal.KindSystem, id: recordsKeyID, wrapped: r.RecordKey}
	})
}

func subjectKeys(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error) {
	rows, err := q.LockSubjectKeys(ctx, tenant, after, limit)
	return shelved(rows, err, func(r db.LockSubjectKeysRow) storedKey {
		return storedKey{row: r.ID, kind: seal.KindSubject, id: r.ID.String(), wrapped: r.WrappedKey}
	})
}

func systemKeys(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error) {
	rows, err := q.LockSystemKeys(ctx, tenant, after, limit)
	return shelved(rows, err, func(r db.LockSystemKeysRow) storedKey {
		return storedKey{row: r.ID, kind: seal.KindSystem, id: r.ID.String(), wrapped: r.WrappedKey}
	})
}

func runKeys(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error) {
	rows, err := q.LockRunKeys(ctx, tenant, after, limit)
	return shelved(rows, err, func(r db.LockRunKeysRow) storedKey {
		return storedKey{row: r.ID, kind: seal.KindStream, id: runKeyID(r.CaseID, r.Round, r.SystemID), wrapped: r.KeyWrapped}
	})
}

func packageKeys(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error) {
	rows, err := q.LockPackageKeys(ctx, tenant, after, limit)
	return shelved(rows, err, func(r db.LockPackageKeysRow) storedKey {
		return storedKey{row: r.ID, kind: seal.KindStream, id: packageKeyID(r.CaseID, r.Round), wrapped: r.WrappedKey}
	})
}

func documentKeys(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error) {
	rows, err := q.LockDocumentKeys(ctx, tenant, after, limit)
	return shelved(rows, err, func(r db.LockDocumentKeysRow) storedKey {
		return storedKey{row: r.ID, kind: seal.KindStream, id: DocumentKeyID(r.ID), wrapped: r.WrappedKey}
	})
}

func attachmentKeys(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error) {
	rows, err := q.LockAttachmentKeys(ctx, tenant, after, limit)
	return shelved(rows, err, func(r db.LockAttachmentKeysRow) storedKey {
		return storedKey{row: r.ID, kind: seal.KindStream, id: DocumentKeyID(r.ID), wrapped: r.WrappedKey}
	})
}

func inquiryFileKeys(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error) {
	rows, err := q.LockInquiryFileKeys(ctx, tenant, after, limit)
	return shelved(rows, err, func(r db.LockInquiryFileKeysRow) storedKey {
		return storedKey{row: r.ID, kind: seal.KindStream, id: DocumentKeyID(r.ID), wrapped: r.WrappedKey}
	})
}

func sentDocumentKeys(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error) {
	rows, err := q.LockSentDocumentKeys(ctx, tenant, after, limit)
	return shelved(rows, err, func(r db.LockSentDocumentKeysRow) storedKey {
		return storedKey{row: r.ID, kind: seal.KindStream, id: DocumentKeyID(r.ID), wrapped: r.WrappedKey}
	})
}

func consentPersonKeys(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error) {
	rows, err := q.LockConsentPersonKeys(ctx, tenant, after, limit)
	return shelved(rows, err, func(r db.LockConsentPersonKeysRow) storedKey {
		return storedKey{row: r.ID, kind: seal.KindSubject, id: r.ID.String(), wrapped: r.WrappedKey}
	})
}

func consentImportKeys(ctx context.Context, q *db.Queries, tenant, after uuid.UUID, limit int32) ([]storedKey, error) {
	rows, err := q.LockConsentImportKeys(ctx, tenant, after, limit)
	return shelved(rows, err, func(r db.LockConsentImportKeysRow) storedKey {
		return storedKey{row: r.ID, kind: seal.KindStream, id: DocumentKeyID(r.ID), wrapped: r.WrappedKey}
	})
}

func shelved[R any](rows []R, err error, key func(R) storedKey) ([]storedKey, error) {
	keys := make([]storedKey, 0, len(rows))
	for _, row := range rows {
		keys = append(keys, key(row))
	}
	return keys, err
}

// keyCursor is a place among the keys of a tenant: the shelf, and the row behind which to go on.
type keyCursor struct {
	shelf int
	row   uuid.UUID
}

func (c keyCursor) String() string { return strconv.Itoa(c.shelf) + "/" + c.row.String() }

func parseKeyCursor(s string) (keyCursor, error) {
	if s == "" {
		return keyCursor{}, nil
	}
	shelf, row, _ := strings.Cut(s, "/")
	number, err := strconv.Atoi(shelf)
	if err != nil || number < 0 {
		return keyCursor{}, fmt.Errorf("read the cursor %q: it is none that a batch of keys ended with", s)
	}
	id, err := uuid.Parse(row)
	if err != nil {
		return keyCursor{}, fmt.Errorf("read the cursor %q: %w", s, err)
	}
	return keyCursor{shelf: number, row: id}, nil
}
