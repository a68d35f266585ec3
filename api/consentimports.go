package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/consentcsv"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// importView is a list of consents on its way into the ledger.
type importView struct {
	ID       uuid.UUID          `json:"id" format:"uuid"`
	Name     string             `json:"name"`
	State    string             `json:"state" enum:"waiting,checking,checked,running,stopped,done,failed" doc:"waiting: for its file. checked: it was read, and waits for the word to run. stopped: somebody has stopped it; what is written stays, and it waits for the word to go on."`
	Mapping  consentcsv.Mapping `json:"mapping"`
	Bytes    int64              `json:"bytes"`
	SHA256   string             `json:"sha256,omitempty" doc:"Of the file; the audit log has it too."`
	Checked  importCount        `json:"checked" doc:"How far the check has come, in which nothing is written."`
	Written  importCount        `json:"written" doc:"How far the run has come."`
	Problem  string             `json:"problem,omitempty" doc:"Why it failed."`
	By       string             `json:"created_by"`
	Created  time.Time          `json:"created_at"`
	CheckEnd *time.Time         `json:"checked_at,omitempty"`
	Started  *time.Time         `json:"started_at,omitempty"`
	Stopped  *time.Time         `json:"stopped_at,omitempty"`
	Ended    *time.Time         `json:"ended_at,omitempty"`
	Faults   []importFault      `json:"faults" nullable:"false" doc:"What is wrong with lines, the first of them; all are counted."`
}

// importCount is how far a step has come.
type importCount struct {
	Lines   int64 `json:"lines"`
	Written int64 `json:"written" doc:"Lines that are written, or would be."`
	Faulty  int64 `json:"faulty" doc:"Lines that can't be imported."`
}

type importFault struct {
	Line    int32  `json:"line" doc:"Of the file, from 1."`
	Field   string `json:"field"`
	Problem string `json:"problem"`
}

// ImportID names an import.
type ImportID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

type createImport struct {
	Idempotent
	Body newImportBody
}

type newImportBody struct {
	Name    string             `json:"name" minLength:"1" maxLength:"100" doc:"What the list is: it stands in the ledger as the source of each line."`
	Mapping consentcsv.Mapping `json:"mapping"`
}

type importPart struct {
	ImportID
	Part    int `path:"part" minimum:"1" maximum:"1024"`
	RawBody []byte
}

type checkImport struct {
	ImportID
	Body struct {
		Parts  int    `json:"parts" minimum:"1" maximum:"1024" doc:"How many parts the file has."`
		SHA256 string `json:"sha256" pattern:"^[0-9a-f]{64}$" doc:"Of the whole file."`
	}
}

type runImport struct {
	ImportID
	Body struct {
		SkipFaulty bool `json:"skip_faulty,omitempty" doc:"Leave out the lines that can't be imported."`
		Again      bool `json:"again,omitempty" doc:"Import the very same file once more."`
	}
}

func (s *server) consentImportOperations() {
	missing := []int{http.StatusNotFound}
	register(s, operation{
		id: "create-consent-import", method: http.MethodPost, path: "/v1/consent/imports", tag: "consents", status: http.StatusCreated,
		summary: "Begin to import a list of consents: say what its columns mean. The file follows in parts, then its check, then the word to run",
	}, s.createImport)
	register(s, operation{
		id: "put-consent-part", method: http.MethodPut, path: "/v1/consent/imports/{id}/parts/{part}", tag: "consents", errors: missing, takes: "application/octet-stream", maxBody: casework.MaxImportPart,
		summary: "Hand in a part of the file, at most 8 MiB; the same number again replaces it",
	}, s.putPart)
	register(s, operation{
		id: "check-consent-import", method: http.MethodPost, path: "/v1/consent/imports/{id}/check", tag: "consents", errors: missing, status: http.StatusAccepted,
		summary: "The file is complete: have it read through without writing anything",
	}, s.checkImport)
	register(s, operation{
		id: "run-consent-import", method: http.MethodPost, path: "/v1/consent/imports/{id}/run", tag: "consents", errors: missing, status: http.StatusAccepted,
		summary: "Write what was checked to the ledger, or go on with what was stopped",
	}, s.runImport)
	register(s, operation{
		id: "stop-consent-import", method: http.MethodPost, path: "/v1/consent/imports/{id}/stop", tag: "consents", errors: missing,
		summary: "Write no more of an import to the ledger; what is written stays",
	}, s.stopImport)
	register(s, operation{
		id: "drop-consent-import", method: http.MethodPost, path: "/v1/consent/imports/{id}/drop", tag: "consents", errors: missing, summary: "Give up an import that was not run, or was stopped",
	}, s.dropImport)
	register(s, operation{
		id: "get-consent-import", method: http.MethodGet, path: "/v1/consent/imports/{id}", tag: "consents", errors: missing, summary: "How far an import has come, and what is wrong with lines",
	}, s.getImport)
	register(s, operation{
		id: "list-consent-imports", method: http.MethodGet, path: "/v1/consent/imports", tag: "consents", summary: "The newest imports of consents",
	}, s.listImports)
}

func (s *server) createImport(ctx context.Context, who *caller, in *createImport) (*answered[importView], error) {
	k, err := in.once(who, "create-consent-import", in.Body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, importView, error) {
		id, err := s.Desk.NewConsentImport(ctx, tx, in.Body.Name, in.Body.Mapping)
		if err != nil {
			return 0, importView{}, mappingFault(err)
		}
		view, err := readImport(ctx, tx, id)
		return http.StatusCreated, view, err
	})
}

// mappingFault names what can't be right about a mapping.
func mappingFault(err error) error {
	var fault *casework.ConsentFault
	if errors.As(err, &fault) {
		return invalid("body.mapping."+fault.Field, fault.Problem)
	}
	return err
}

func (s *server) putPart(ctx context.Context, who *caller, in *importPart) (*struct{}, error) {
	if len(in.RawBody) == 0 {
		return nil, invalid("body", "is empty: each part has some of the file")
	}
	return nil, s.Desk.AddImportPart(ctx, who.tenant.ID, in.ID, in.Part, in.RawBody)
}

func (s *server) checkImport(ctx context.Context, who *caller, in *checkImport) (*shown[importView], error) {
	sum, err := hex.DecodeString(in.Body.SHA256)
	if err != nil {
		return nil, invalid("body.sha256", "has 64 hexadecimal digits")
	}
	size, err := s.Desk.CheckConsentImport(ctx, who.tenant.ID, in.ID, in.Body.Parts, sum)
	if err != nil {
		return nil, err
	}
	return s.begunImport(ctx, who, in.ID, storage.ImportCheck, func(ctx context.Context, tx *storage.Tx) error {
		return tx.CheckConsentImport(ctx, in.ID, int32(in.Body.Parts), size, sum)
	})
}

func (s *server) runImport(ctx context.Context, who *caller, in *runImport) (*shown[importView], error) {
	return s.begunImport(ctx, who, in.ID, storage.ImportRun, func(ctx context.Context, tx *storage.Tx) error {
		return s.Desk.RunConsentImport(ctx, tx, in.ID, in.Body.SkipFaulty, in.Body.Again)
	})
}

// begunImport begins a step of an import, and starts its workflow once that is kept. A relay starts what was not started.
func (s *server) begunImport(ctx context.Context, who *caller, id uuid.UUID, step string, begin func(context.Context, *storage.Tx) error) (*shown[importView], error) {
	out := &shown[importView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		if err := begin(ctx, tx); err != nil {
			return err
		}
		out.Body, err = readImport(ctx, tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := s.engine.Import(context.WithoutCancel(ctx), contract.ConsentImportInput{Tenant: who.tenant.ID, Import: id, Step: step}); err != nil {
		s.Log.Warn("an import is left to the relay", zap.Stringer("import", id), zap.Error(err))
	}
	return out, nil
}

func (s *server) stopImport(ctx context.Context, who *caller, in *ImportID) (*shown[importView], error) {
	out := &shown[importView]{}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		if err := s.Desk.StopConsentImport(ctx, tx, in.ID); err != nil {
			return err
		}
		out.Body, err = readImport(ctx, tx, in.ID)
		return err
	})
}

func (s *server) dropImport(ctx context.Context, who *caller, in *ImportID) (*shown[importView], error) {
	if err := s.Desk.DropConsentImport(ctx, who.tenant.ID, who.actor, in.ID); err != nil {
		return nil, err
	}
	return s.getImport(ctx, who, in)
}

func (s *server) getImport(ctx context.Context, who *caller, in *ImportID) (*shown[importView], error) {
	out := &shown[importView]{}
	return out, s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Body, err = readImport(ctx, tx, in.ID)
		return err
	})
}

// Bounds of what is shown of imports.
const (
	importsShown = 100
	faultsShown  = 500
)

func (s *server) listImports(ctx context.Context, who *caller, _ *struct{}) (*page[importView], error) {
	var views []importView
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.ConsentImports(ctx, importsShown)
		if err != nil {
			return err
		}
		for _, i := range all {
			view, err := newImport(i, nil)
			if err != nil {
				return err
			}
			views = append(views, view)
		}
		return nil
	})
	return newPage(views, ""), err
}

func readImport(ctx context.Context, tx *storage.Tx, id uuid.UUID) (importView, error) {
	i, err := tx.ConsentImport(ctx, id)
	if err != nil {
		return importView{}, err
	}
	faults, err := tx.ImportFaults(ctx, id, faultsShown)
	if err != nil {
		return importView{}, err
	}
	return newImport(i, faults)
}

func newImport(i storage.ConsentImport, faults []storage.ImportFault) (importView, error) {
	v := importView{
		ID: i.ID, Name: i.Name, State: i.State, Bytes: i.Bytes, SHA256: hex.EncodeToString(i.Sha256), Checked: importCount(i.Checked), Written: importCount(i.Written),
		Problem: text(i.Problem), By: i.CreatedBy, Created: i.CreatedAt, CheckEnd: i.CheckedAt, Started: i.StartedAt, Stopped: i.StoppedAt, Ended: i.EndedAt,
		Faults: each(faults, func(f storage.ImportFault) importFault { return importFault(f) }),
	}
	if err := json.Unmarshal(i.Mapping, &v.Mapping); err != nil {
		return v, fmt.Errorf("read the mapping of an import: %w", err)
	}
	return v, nil
}
