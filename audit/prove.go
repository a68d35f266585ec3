package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

const proofFormat = "docket-case-proof/1"

// ErrNotCovered says that the log has no events of a case under a checkpoint.
var ErrNotCovered = errors.New("no checkpoint covers events of this case")

// CaseProof shows that the events of one case are in a signed log. It stands alone: with the verifier key nothing else is
// needed to check it. It can't show that a case has no further events; for that, take the whole log.
type CaseProof struct {
	Format     string       `json:"format"`
	Case       string       `json:"case"`
	Checkpoint string       `json:"checkpoint"` // the signed note
	Events     []EventProof `json:"events"`
	// Waiting counts events that were recorded and are not under the checkpoint yet.
	Waiting int `json:"waiting"`
}

// EventProof is one event, its place, and the hashes that lead from it to the root (RFC 6962, section 2.1.1).
type EventProof struct {
	Index int64       `json:"index"`
	Entry string      `json:"entry"` // the canonical encoding, byte for byte
	Path  []tlog.Hash `json:"path"`
}

// Prove collects the inclusion proofs of all events of a case under the newest checkpoint.
func Prove(ctx context.Context, reader LogReader, caseID string) (CaseProof, error) {
	e := &exporter{ctx: ctx, reader: reader}
	if err := e.open(); err != nil {
		return CaseProof{}, fmt.Errorf("proving a case: %w", err)
	}
	leaves, waiting, err := reader.CaseLeaves(ctx, caseID)
	if err != nil {
		return CaseProof{}, fmt.Errorf("proving a case: %w", err)
	}
	out := CaseProof{Format: proofFormat, Case: caseID, Checkpoint: string(e.signed), Events: []EventProof{}, Waiting: waiting}
	for _, leaf := range leaves {
		if leaf.Index >= e.checkpoint.Size {
			out.Waiting++
			continue
		}
		path, err := tlog.ProveRecord(e.checkpoint.Size, leaf.Index, e)
		if err != nil {
			return CaseProof{}, fmt.Errorf("proving event %d of a case: %w", leaf.Index, err)
		}
		out.Events = append(out.Events, EventProof{Index: leaf.Index, Entry: string(leaf.Entry), Path: path})
	}
	if len(out.Events) == 0 {
		return CaseProof{}, fmt.Errorf("%w, and %d wait for one: check the case id, or try again after the next checkpoint", ErrNotCovered, out.Waiting)
	}
	if err := out.check(e.checkpoint); err != nil {
		return CaseProof{}, fmt.Errorf("%w: %w", ErrAltered, err)
	}
	return out, nil
}

// VerifyProof checks a proof that was written as JSON, without a database, and returns it with its events.
func VerifyProof(data []byte, verifierKey string) (CaseProof, []Event, error) {
	var proof CaseProof
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&proof); err != nil {
		return CaseProof{}, nil, fmt.Errorf("reading a proof (%s): %w", err.Error(), ErrLog)
	}
	if proof.Format != proofFormat {
		return CaseProof{}, nil, fmt.Errorf("the file is no proof of the form %s: %w", proofFormat, ErrLog)
	}
	checkpoint, err := OpenCheckpoint([]byte(proof.Checkpoint), verifierKey)
	if err != nil {
		return CaseProof{}, nil, err
	}
	if err := proof.check(checkpoint); err != nil {
		return CaseProof{}, nil, err
	}
	events, err := proof.events(checkpoint)
	return proof, events, err
}

func (p CaseProof) check(checkpoint Checkpoint) error {
	before := int64(-1)
	for _, e := range p.Events {
		if e.Index <= before {
			return fmt.Errorf("event %d is out of order or comes twice: %w", e.Index, ErrLog)
		}
		before = e.Index
		if err := tlog.CheckRecord(e.Path, checkpoint.Size, checkpoint.Root, e.Index, tlog.RecordHash([]byte(e.Entry))); err != nil {
			return fmt.Errorf("event %d is not in the signed log: %w", e.Index, ErrLog)
		}
	}
	return nil
}

func (p CaseProof) events(checkpoint Checkpoint) ([]Event, error) {
	tenant, err := tenantOf(checkpoint.Origin)
	if err != nil {
		return nil, err
	}
	var out []Event
	for _, e := range p.Events {
		event, err := Decode([]byte(e.Entry))
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", e.Index, err)
		}
		if event.CaseID != p.Case || event.TenantID != tenant {
			return nil, fmt.Errorf("event %d belongs to another case: %w", e.Index, ErrLog)
		}
		out = append(out, event)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("the proof holds no events: %w", ErrLog)
	}
	return out, nil
}
