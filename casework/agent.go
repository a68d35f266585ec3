package casework

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Agent is somebody who asks for the person: a lawyer, a parent, an authorised agent (11 CCR 7063; Art. 80 GDPR for bodies).
type Agent struct {
	storage.Representative
	// Proof is the document that shows their authority, sealed by SealProof.
	Proof storage.NewDocument
}

// SealProof stores a document that shows an agent's authority, encrypted on its way. Nobody can read it until a request
// has it; one that no request came to have is to be dropped with DropProof.
func (d *Desk) SealProof(ctx context.Context, tenant uuid.UUID, file io.Reader) (storage.NewDocument, error) {
	return d.sealFile(ctx, contract.Ref{Tenant: tenant}, "documents", file)
}

// DropProof deletes a document that no request has.
func (d *Desk) DropProof(ctx context.Context, proof storage.NewDocument) error {
	return d.objects.Delete(context.WithoutCancel(ctx), proof.ObjectKey)
}

// introduce keeps who asks for the person and what shows that they may. Letters go to the person all the same: who was
// never asked hears of it (11 CCR 7063(a)(2)).
func (d *Desk) introduce(ctx context.Context, tx *storage.Tx, row storage.NewCase, agent *Agent) error {
	if agent == nil {
		return nil
	}
	if err := tx.AddRepresentative(ctx, row.ID, row.Subject, agent.Representative); err != nil {
		return err
	}
	if agent.Proof.ID == uuid.Nil {
		return nil
	}
	proof := agent.Proof
	proof.CaseID, proof.Kind = row.ID, storage.DocumentAuthority
	return tx.AddDocument(ctx, proof)
}

// represented says whether somebody asks for the person.
func (f *file) represented(ctx context.Context) (bool, error) {
	_, err := f.tx.Representative(ctx, f.row.ID, f.subject)
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for a representative: %w", err)
	}
	return true, nil
}
