package audit

import (
	"context"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"
)

// Head is the state of one tenant's log: how many events are in the tree, and its root. The zero Head is an empty log.
type Head struct {
	Size int64
	Root tlog.Hash
}

// Pending is an event that waits for its place in the tree.
type Pending struct {
	ID    uuid.UUID
	Entry []byte
}

// LogStore is one storage transaction over the logs. Hashes have the positions of tlog.StoredHashIndex.
type LogStore interface {
	// LockHead gives a tenant's head, the zero Head for a new log, and keeps others from changing it until the
	// transaction ends.
	LockHead(ctx context.Context, tenantID string) (Head, error)
	// Pending gives up to limit events without a leaf index, ordered by time and then id.
	Pending(ctx context.Context, tenantID string, limit int) ([]Pending, error)
	// ReadHashes gives the hashes at the positions, in their order. A missing one is an error.
	ReadHashes(ctx context.Context, tenantID string, positions []int64) ([]tlog.Hash, error)
	// WriteHashes stores new hashes at the positions first, first+1, ….
	WriteHashes(ctx context.Context, tenantID string, first int64, hashes []tlog.Hash) error
	// SetLeafIndexes gives the events the leaf indexes first, first+1, …, in their order.
	SetLeafIndexes(ctx context.Context, tenantID string, first int64, ids []uuid.UUID) error
	// SetHead stores the new head.
	SetHead(ctx context.Context, tenantID string, head Head) error
}

// CheckpointStore is one storage transaction over the logs that also keeps checkpoints.
type CheckpointStore interface {
	LockHead(ctx context.Context, tenantID string) (Head, error)
	ReadHashes(ctx context.Context, tenantID string, positions []int64) ([]tlog.Hash, error)
	// LastCheckpoint gives the newest signed checkpoint, nil when there is none yet.
	LastCheckpoint(ctx context.Context, tenantID string) ([]byte, error)
	// SaveCheckpoint stores a signed checkpoint; older ones are kept.
	SaveCheckpoint(ctx context.Context, tenantID string, head Head, signed []byte) error
}

// LogReader reads one tenant's log, for export and proofs.
type LogReader interface {
	// Checkpoint gives the newest signed checkpoint, and ErrNoCheckpoint when there is none.
	Checkpoint(ctx context.Context) ([]byte, error)
	// VerifierKey gives the key that checks it (SigningKey.VerifierKey).
	VerifierKey(ctx context.Context) (string, error)
	// Entries gives the canonical bytes of count events from leaf index first on.
	Entries(ctx context.Context, first, count int64) ([][]byte, error)
	// ReadHashes gives the hashes at the positions of tlog.StoredHashIndex, in their order.
	ReadHashes(ctx context.Context, positions []int64) ([]tlog.Hash, error)
	// CaseLeaves gives the events of a case in leaf order, and how many more wait for their place in the tree.
	CaseLeaves(ctx context.Context, caseID string) (leaves []Leaf, waiting int, err error)
}

// Leaf is an event with its place in the tree.
type Leaf struct {
	Index int64
	Entry []byte
}

// Sink takes the files of an export. Paths use slashes and are relative.
type Sink interface {
	Put(ctx context.Context, path string, data []byte) error
}
