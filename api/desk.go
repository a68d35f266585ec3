package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

type assignIn struct {
	CaseID
	Body struct {
		Staff *uuid.UUID `json:"staff_id" format:"uuid" nullable:"true" doc:"A member of staff, or null to take it from everyone."`
	}
}

type noteIn struct {
	CaseID
	Idempotent
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"20000"`
	}
}

type created struct {
	ID uuid.UUID `json:"id" format:"uuid"`
}

type onceIn struct {
	CaseID
	Idempotent
	Body plainBody
}

// deskOperations change a case without its workflow.
func (s *server) deskOperations() {
	none := []int{http.StatusNotFound, http.StatusConflict}
	register(s, operation{
		id: "assign-request", method: http.MethodPost, path: "/v1/requests/{id}/assign", summary: "Give a request to a member of staff", tag: "commands", errors: none,
	}, s.assign)
	register(s, operation{
		id: "add-note", method: http.MethodPost, path: "/v1/requests/{id}/notes", summary: "Add a note to the file", tag: "requests",
		status: http.StatusCreated, errors: none,
	}, s.addNote)
	register(s, operation{
		id: "reopen-request", method: http.MethodPost, path: "/v1/requests/{id}/reopen", summary: "Take a closed request up again", tag: "commands", errors: none,
	}, s.reopen)
	register(s, operation{
		id: "not-spam", method: http.MethodPost, path: "/v1/requests/{id}/not-spam", tag: "commands", errors: none,
		summary: "Take up again what was marked as spam, by its own dates",
	}, s.notSpam)
	register(s, operation{
		id: "resend-package", method: http.MethodPost, path: "/v1/requests/{id}/resend", tag: "commands", errors: none,
		summary: "Send the person a new link to the package; the one before stops working",
	}, s.resend)
	register(s, operation{
		id: "list-packages", method: http.MethodGet, path: "/v1/requests/{id}/packages", summary: "The packages of a request and their downloads", tag: "requests",
		errors: []int{http.StatusNotFound},
	}, s.packages)
	register(s, operation{
		id: "get-progress", method: http.MethodGet, path: "/v1/requests/{id}/progress", summary: "How far collecting has come, by system", tag: "requests",
		errors: []int{http.StatusNotFound},
	}, s.progress)
}

func (s *server) assign(ctx context.Context, who *caller, in *assignIn) (*shown[requestDetail], error) {
	out := &shown[requestDetail]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Body, err = assignTo(ctx, tx, in.ID, in.Body.Staff)
		return err
	})
	return out, err
}

// assignTo gives a request to a member of staff, or takes it from everyone.
func assignTo(ctx context.Context, tx *storage.Tx, id uuid.UUID, staff *uuid.UUID) (requestDetail, error) {
	if _, err := tx.LockCase(ctx, id); err != nil {
		return requestDetail{}, err
	}
	if err := mustBeStaff(ctx, tx, "body.staff_id", staff); err != nil {
		return requestDetail{}, err
	}
	if err := tx.AssignCase(ctx, id, staff); err != nil {
		return requestDetail{}, err
	}
	return detailOf(ctx, tx, id)
}

// mustBeStaff refuses an id that is no active member of staff. Nil is nobody.
func mustBeStaff(ctx context.Context, tx *storage.Tx, place string, id *uuid.UUID) error {
	if id == nil {
		return nil
	}
	staff, err := tx.Staff(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(staff, func(m storage.Staff) bool { return m.ID == *id && m.Active }) {
		return invalid(place, "there is no such member of staff, or they have left; GET /v1/staff lists them")
	}
	return nil
}

func (s *server) addNote(ctx context.Context, who *caller, in *noteIn) (*answered[created], error) {
	k, err := in.once(who, "add-note/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		c, subject, err := fileOf(ctx, tx, in.ID)
		if err != nil {
			return 0, created{}, err
		}
		id, err := tx.AddNote(ctx, c, subject, storage.NotePlain, in.Body.Text)
		return http.StatusCreated, created{ID: id}, err
	})
}

// reopening takes a closed case up again in the register.
type reopening func(ctx context.Context, tx *storage.Tx, ref contract.Ref, c contract.Command) error

func (s *server) reopen(ctx context.Context, who *caller, in *onceIn) (*answered[requestDetail], error) {
	return s.takeUp(ctx, who, in, "reopen", s.Desk.Reopen)
}

func (s *server) notSpam(ctx context.Context, who *caller, in *onceIn) (*answered[requestDetail], error) {
	return s.takeUp(ctx, who, in, "not-spam", s.Desk.NotSpam)
}

// takeUp makes the case new in the register, and then has its workflow started.
func (s *server) takeUp(ctx context.Context, who *caller, in *onceIn, name string, reopen reopening) (*answered[requestDetail], error) {
	k, err := in.once(who, name+"/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	ref := contract.Ref{Tenant: who.tenant.ID, Case: in.ID}
	who.caseID = in.ID.String()
	var opened requestDetail
	out, err := transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, requestDetail, error) {
		if err := reopen(ctx, tx, ref, contract.Command{Key: k.command(), Actor: who.contractActor()}); err != nil {
			return 0, requestDetail{}, err
		}
		opened, err = detailOf(ctx, tx, in.ID)
		return http.StatusOK, opened, err
	})
	if err == nil && out.Replayed == "" {
		s.accept(ref, opened.Run, opened.Channel, true)
	}
	return out, err
}

func (s *server) resend(ctx context.Context, who *caller, in *onceIn) (*struct{}, error) {
	k, err := in.once(who, "resend/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	_, err = transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, struct{}, error) {
		return http.StatusNoContent, struct{}{}, s.Desk.Resend(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command())
	})
	if !errors.Is(err, storage.ErrNotFound) {
		who.caseID = in.ID.String()
	}
	return nil, err
}

type packageView struct {
	ID          uuid.UUID  `json:"id" format:"uuid"`
	Round       int32      `json:"round"`
	State       string     `json:"state" enum:"building,ready,destroyed"`
	Files       *int32     `json:"files,omitempty"`
	Rows        *int64     `json:"rows,omitempty"`
	Bytes       *int64     `json:"bytes,omitempty" doc:"Encrypted."`
	ReadyAt     *time.Time `json:"ready_at,omitempty"`
	ExpiresAt   *time.Time `json:"expires_at,omitempty"`
	DestroyedAt *time.Time `json:"destroyed_at,omitempty"`
	Downloads   []download `json:"downloads"`
}

type download struct {
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Bytes     int64      `json:"bytes"`
	Complete  bool       `json:"complete" doc:"Every byte was handed to the connection. Whether it arrived only the person knows; a new link can be sent."`
}

func (s *server) packages(ctx context.Context, who *caller, in *CaseID) (*page[packageView], error) {
	var out []packageView
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Case(ctx, in.ID); err != nil {
			return err
		}
		rows, err := tx.Packages(ctx, in.ID)
		if err != nil {
			return err
		}
		receipts, err := tx.Receipts(ctx, in.ID)
		out = each(rows, func(p storage.Package) packageView { return packageOf(p, receipts) })
		return err
	})
	return newPage(out, ""), err
}

func packageOf(p storage.Package, receipts []storage.Receipt) packageView {
	v := packageView{
		ID: p.ID, Round: p.Round, State: p.State, Files: p.Files, Rows: p.Rows, Bytes: p.Bytes, ReadyAt: p.ReadyAt,
		ExpiresAt: p.ExpiresAt, DestroyedAt: p.DestroyedAt, Downloads: []download{},
	}
	for _, r := range receipts {
		if r.PackageID == p.ID {
			v.Downloads = append(v.Downloads, download{StartedAt: r.StartedAt, EndedAt: r.EndedAt, Bytes: r.Bytes, Complete: r.Complete})
		}
	}
	return v
}

type progressView struct {
	Round   int32       `json:"round" doc:"0 before collecting has begun."`
	Systems []systemRun `json:"systems"`
}

type systemRun struct {
	System    string     `json:"system"`
	Name      string     `json:"name"`
	State     string     `json:"state" enum:"pending,running,done,failed,excluded"`
	Rows      int64      `json:"rows"`
	Total     *int64     `json:"total,omitempty"`
	Problem   string     `json:"problem,omitempty"`
	Asked     string     `json:"asked,omitempty" doc:"Who was asked about the system and has not answered yet."`
	StartedAt *time.Time `json:"started_at,omitempty"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

func (s *server) progress(ctx context.Context, who *caller, in *CaseID) (*shown[progressView], error) {
	out := &shown[progressView]{Body: progressView{Systems: []systemRun{}}}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Case(ctx, in.ID); err != nil {
			return err
		}
		round, err := tx.LatestRound(ctx, in.ID)
		if err != nil {
			return err
		}
		asked, err := askedNow(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		runs, err := tx.Runs(ctx, in.ID, round)
		out.Body.Round = round
		out.Body.Systems = each(runs, func(r storage.Run) systemRun {
			return systemRun{
				System: r.SystemKey, Name: r.SystemName, State: r.State, Rows: r.Rows, Total: r.RowsTotal, Problem: text(r.Error),
				Asked: asked[r.SystemID], StartedAt: r.StartedAt, EndedAt: r.EndedAt,
			}
		})
		return err
	})
	return out, err
}
