package audit

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint signs the head of a tenant's log within the transaction that store is, saves it, and returns it. It never
// signs a smaller tree than before, and signs a larger one only after proving that it contains the one signed before, so
// that a register altered behind its back can't get a signature. When the log hasn't grown, the last checkpoint is returned.
func (s *Signer) Checkpoint(ctx context.Context, store CheckpointStore, tenantID string) ([]byte, error) {
	head, err := store.LockHead(ctx, tenantID)
	if err != nil {
		return nil, fmt.Errorf("locking the audit log: %w", err)
	}
	signer, err := s.noteSigner(tenantID)
	if err != nil {
		return nil, err
	}
	last, err := store.LastCheckpoint(ctx, tenantID)
	if err != nil {
		return nil, fmt.Errorf("reading the last checkpoint: %w", err)
	}
	hashes := hashReader(ctx, tenantID, store)
	if len(last) > 0 {
		same, err := s.continues(last, head, tenantID, hashes)
		if err != nil {
			return nil, err
		}
		if same {
			return last, nil
		}
	}
	if err := checkRoot(head, hashes); err != nil {
		return nil, err
	}
	signed, err := note.Sign(&note.Note{Text: Checkpoint{Origin: signer.Name(), Head: head}.text()}, signer)
	if err != nil {
		return nil, fmt.Errorf("signing a checkpoint: %w", err)
	}
	if err := store.SaveCheckpoint(ctx, tenantID, head, signed); err != nil {
		return nil, fmt.Errorf("storing a checkpoint: %w", err)
	}
	return signed, nil
}

// continues proves that head grew out of the last signed checkpoint. same is true when there is nothing new to sign.
func (s *Signer) continues(last []byte, head Head, tenantID string, hashes tlog.HashReader) (same bool, err error) {
	before, err := s.OpenOwn(last, tenantID)
	if err != nil {
		return false, fmt.Errorf("the last checkpoint in the register: %w", err)
	}
	switch {
	case head.Size < before.Size:
		return false, fmt.Errorf("the audit log has %d events and %d were signed: the register lost some; restore it", head.Size, before.Size)
	case head == before.Head:
		return s.signedByCurrent(last, tenantID), nil
	case head.Size == before.Size:
		return false, fmt.Errorf("the audit log of %d events has another root than was signed: %w", head.Size, ErrAltered)
	}
	return false, checkGrowth(before.Head, head, hashes)
}

// signedByCurrent is false right after the signing key was replaced, when the same head gets a signature of the new key.
func (s *Signer) signedByCurrent(last []byte, tenantID string) bool {
	key, err := s.VerifierKey(tenantID)
	if err != nil {
		return false
	}
	_, err = OpenCheckpoint(last, key)
	return err == nil
}

func checkRoot(head Head, hashes tlog.HashReader) error {
	if head.Size == 0 {
		return ErrNoCheckpoint
	}
	root, err := tlog.TreeHash(head.Size, hashes)
	if err != nil {
		return fmt.Errorf("computing the root of the audit log: %w", err)
	}
	if root != head.Root {
		return fmt.Errorf("the stored hashes of %d audit events don't give the stored root: %w", head.Size, ErrAltered)
	}
	return nil
}

func checkGrowth(before, after Head, hashes tlog.HashReader) error {
	if before.Size == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(after.Size, before.Size, hashes)
	if err != nil {
		return fmt.Errorf("proving that the audit log only grew: %w", err)
	}
	if err := tlog.CheckTree(proof, after.Size, after.Root, before.Size, before.Root); err != nil {
		return fmt.Errorf("the first %d events are not those that were signed (%s): %w", before.Size, err.Error(), ErrAltered)
	}
	return nil
}

type storedHashes interface {
	ReadHashes(ctx context.Context, tenantID string, positions []int64) ([]tlog.Hash, error)
}

func hashReader(ctx context.Context, tenantID string, store storedHashes) tlog.HashReader {
	return tlog.HashReaderFunc(func(positions []int64) ([]tlog.Hash, error) {
		return store.ReadHashes(ctx, tenantID, positions)
	})
}

// OpenOwn reads a checkpoint of a tenant's log that was signed with the present key or one before it.
func (s *Signer) OpenOwn(signed []byte, tenantID string) (Checkpoint, error) {
	known, err := s.verifiers(tenantID)
	if err != nil {
		return Checkpoint{}, err
	}
	origin, err := Origin(s.installation, tenantID)
	if err != nil {
		return Checkpoint{}, err
	}
	return openCheckpoint(signed, known, origin)
}
