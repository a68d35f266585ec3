package api

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type eventView struct {
	ID       uuid.UUID         `json:"id" format:"uuid"`
	At       time.Time         `json:"at"`
	Action   string            `json:"action"`
	Outcome  string            `json:"outcome"`
	Actor    string            `json:"actor_kind"`
	By       string            `json:"actor_id"`
	Role     string            `json:"actor_role,omitempty"`
	Object   string            `json:"object_kind"`
	ObjectID string            `json:"object_id"`
	Request  string            `json:"request_id,omitempty"`
	Called   string            `json:"reference,omitempty" doc:"The reference of that request."`
	Reason   string            `json:"reason_code,omitempty"`
	Facts    map[string]string `json:"facts,omitempty"`
	Evidence string            `json:"evidence_sha256,omitempty"`
	Leaf     *int64            `json:"leaf,omitempty" doc:"The place in the log, once it has one."`
}

type checkpointView struct {
	Checkpoint string `json:"checkpoint" doc:"The signed head of the log, a C2SP signed note."`
	Verifier   string `json:"verifier_key" doc:"The key that checks it. Keep it apart from this server: who trusts neither server nor operator got it earlier."`
}

func (s *server) auditOperations() {
	none := []int{http.StatusConflict}
	register(s, operation{id: "list-audit-events", method: http.MethodGet, path: "/v1/audit/events", summary: "The audit log, newest first, and searched", tag: "audit"}, s.events)
	register(s, operation{
		id: "export-audit", method: http.MethodGet, path: "/v1/audit/export", tag: "audit", errors: none,
		summary: "The whole log up to the newest checkpoint as a ZIP of C2SP tiles, for docket audit verify",
	}, s.exportAudit)
	register(s, operation{
		id: "get-checkpoint", method: http.MethodGet, path: "/v1/audit/checkpoint", summary: "The newest signed checkpoint and its verifier key", tag: "audit", errors: none,
	}, s.checkpoint)
	register(s, operation{
		id: "prove-case", method: http.MethodGet, path: "/v1/requests/{id}/proof", tag: "audit", errors: []int{http.StatusNotFound, http.StatusConflict},
		summary: "Inclusion proofs for the events of a request, which can be checked without this server",
	}, s.proof)
}

func eventOf(l storage.AuditLine) eventView {
	e := l.Event
	v := eventView{
		ID: l.ID, At: l.At, Action: string(e.Action), Outcome: string(e.Outcome), Actor: string(e.Actor.Kind), By: e.Actor.ID, Role: e.Actor.Role,
		Object: e.Object.Kind, ObjectID: e.Object.ID, Request: e.CaseID, Reason: e.Reason, Evidence: hex.EncodeToString(e.Evidence), Leaf: l.LeafIndex,
	}
	if len(e.Facts) > 0 {
		v.Facts = map[string]string{}
	}
	for key, value := range e.Facts {
		v.Facts[string(key)] = value
	}
	return v
}

func (s *server) logReader(who *caller) (*storage.LogReader, string, error) {
	verifier, err := s.Signer.VerifierKey(who.tenant.ID.String())
	if err != nil {
		return nil, "", err
	}
	return s.db.LogReader(who.tenant.ID, verifier), verifier, nil
}

func (s *server) checkpoint(ctx context.Context, who *caller, _ *struct{}) (*shown[checkpointView], error) {
	reader, verifier, err := s.logReader(who)
	if err != nil {
		return nil, err
	}
	signed, err := reader.Checkpoint(ctx)
	return &shown[checkpointView]{Body: checkpointView{Checkpoint: string(signed), Verifier: verifier}}, err
}

// exportAudit streams the log. An export that fails in the middle breaks off instead of ending, so that nobody takes half
// a log for a whole one; the checkpoint, written last, is not in it then.
func (s *server) exportAudit(ctx context.Context, who *caller, _ *struct{}) (*huma.StreamResponse, error) {
	reader, _, err := s.logReader(who)
	if err != nil {
		return nil, err
	}
	if _, err := reader.Checkpoint(ctx); err != nil {
		return nil, err
	}
	err = s.record(ctx, who, audit.Event{Action: audit.AuditExported, Object: audit.Object{Kind: "audit_log", ID: who.tenant.ID.String()}})
	if err != nil {
		return nil, err
	}
	archive, err := exportFile(ctx, reader)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "application/zip")
		hc.SetHeader("Content-Disposition", `attachment; filename="audit-`+who.tenant.Slug+`.zip"`)
		_, err := io.Copy(hc.BodyWriter(), archive)
		if err = errors.Join(err, archive.Close()); err != nil {
			s.Log.Error("an audit export broke off", zap.String("correlation", correlation(ctx)), zap.Error(err))
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// exportFile writes the export to a file without a name first: what is wrong with the log shows while a problem can
// still be answered, and not as an archive that breaks off.
func exportFile(ctx context.Context, reader audit.LogReader) (file *os.File, err error) {
	if file, err = os.CreateTemp("", "docket-audit-*.zip"); err != nil {
		return nil, fmt.Errorf("make room for the export: %w", err)
	}
	sink := audit.NewZipSink(file)
	_, err = audit.Export(ctx, reader, sink)
	err = errors.Join(err, sink.Close(), os.Remove(file.Name()))
	if _, sought := file.Seek(0, io.SeekStart); err != nil || sought != nil {
		return nil, errors.Join(err, sought, file.Close())
	}
	return file, nil
}

func (s *server) proof(ctx context.Context, who *caller, in *CaseID) (*shown[audit.CaseProof], error) {
	if err := s.exists(ctx, who, in.ID); err != nil {
		return nil, err
	}
	reader, _, err := s.logReader(who)
	if err != nil {
		return nil, err
	}
	proof, err := audit.Prove(ctx, reader, in.ID.String())
	if errors.Is(err, audit.ErrNotCovered) {
		return nil, problem(http.StatusConflict, "no-checkpoint", "No checkpoint covers this request's events yet. The worker signs one with the events that it places, within seconds; try again then.")
	}
	if err != nil {
		return nil, err
	}
	return &shown[audit.CaseProof]{Body: proof}, nil
}
