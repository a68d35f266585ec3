package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
)

// bigLog is an audit log of made-up events, all different, of which only the hashes are held.
type bigLog struct {
	tenant string
	signer *audit.Signer
	head   audit.Head
	hashes []tlog.Hash
	signed []byte
}

// newBigLog grows a log of n events and signs its head.
func newBigLog(ctx context.Context, n int64) (*bigLog, error) {
	secret, err := audit.NewSigningSecret(rand.Reader)
	if err != nil {
		return nil, err
	}
	signer, err := audit.NewSigner("docket.bench", secret)
	if err != nil {
		return nil, err
	}
	l := &bigLog{tenant: uuid.NewString(), signer: signer, hashes: make([]tlog.Hash, 0, 2*n)}
	for i := range n {
		entry, err := l.entry(i)
		if err != nil {
			return nil, err
		}
		more, err := tlog.StoredHashesForRecordHash(i, tlog.RecordHash(entry), tlog.HashReaderFunc(l.at))
		if err != nil {
			return nil, fmt.Errorf("hash the event %d: %w", i, err)
		}
		l.hashes = append(l.hashes, more...)
	}
	root, err := tlog.TreeHash(n, tlog.HashReaderFunc(l.at))
	if err != nil {
		return nil, fmt.Errorf("hash the log: %w", err)
	}
	l.head = audit.Head{Size: n, Root: root}
	_, err = signer.Checkpoint(ctx, l, l.tenant)
	return l, err
}

// entry is one event as the log holds it: a letter that was sent.
func (l *bigLog) entry(i int64) ([]byte, error) {
	at := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(i) * 10 * time.Second)
	return audit.Encode(audit.Event{
		ID: made(7, i), TenantID: l.tenant, At: at, Actor: audit.Actor{Kind: audit.System, ID: "mail"}, Action: audit.MessageSent,
		Object: audit.Object{Kind: "message", ID: made(8, i).String()}, CaseID: made(9, i/12).String(), Outcome: audit.Done,
		Facts: map[audit.FactKey]string{audit.FactTemplate: "acknowledgement"},
	})
}

// made is an id that looks like one of the register's and is the same in every run.
func made(kind byte, i int64) uuid.UUID {
	id := uuid.UUID{0x01, 0x9b, 0xe8, kind, 0, 0, 0x70, 0, 0x80}
	binary.BigEndian.PutUint32(id[12:], uint32(i))
	return id
}

func (l *bigLog) at(positions []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(positions))
	for i, p := range positions {
		out[i] = l.hashes[p]
	}
	return out, nil
}

// LockHead implements audit.CheckpointStore.
func (l *bigLog) LockHead(context.Context, string) (audit.Head, error) { return l.head, nil }

// LastCheckpoint implements audit.CheckpointStore.
func (l *bigLog) LastCheckpoint(context.Context, string) ([]byte, error) { return l.signed, nil }

// SaveCheckpoint implements audit.CheckpointStore.
func (l *bigLog) SaveCheckpoint(_ context.Context, _ string, _ audit.Head, signed []byte) error {
	l.signed = signed
	return nil
}

// ReadHashes implements audit.CheckpointStore.
func (l *bigLog) ReadHashes(_ context.Context, _ string, positions []int64) ([]tlog.Hash, error) {
	return l.at(positions)
}

// logReader reads a bigLog for its export.
type logReader struct{ *bigLog }

// Checkpoint implements audit.LogReader.
func (r logReader) Checkpoint(context.Context) ([]byte, error) { return r.signed, nil }

// VerifierKey implements audit.LogReader.
func (r logReader) VerifierKey(context.Context) (string, error) {
	return r.signer.VerifierKey(r.tenant)
}

// Entries implements audit.LogReader.
func (r logReader) Entries(_ context.Context, first, count int64) ([][]byte, error) {
	out := make([][]byte, count)
	for i := range out {
		var err error
		if out[i], err = r.entry(first + int64(i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ReadHashes implements audit.LogReader.
func (r logReader) ReadHashes(_ context.Context, positions []int64) ([]tlog.Hash, error) {
	return r.at(positions)
}

// CaseLeaves implements audit.LogReader. No measure asks for it.
func (r logReader) CaseLeaves(context.Context, string) ([]audit.Leaf, int, error) {
	return nil, 0, fmt.Errorf("a log of made-up events has no cases")
}
