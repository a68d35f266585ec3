package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// reapplication is a search of a restored system for those who were erased, and what was done.
type reapplication struct {
	ID       uuid.UUID  `json:"id" format:"uuid"`
	BackupAt time.Time  `json:"backup_at"`
	State    string     `json:"state" enum:"running,done,failed"`
	Searched int64      `json:"searched" doc:"How many addresses, numbers and ids in the system were looked at."`
	People   int64      `json:"people" doc:"How many of the people who were erased since the backup were in it."`
	Erased   int64      `json:"erased" doc:"Rows that were deleted or masked again."`
	Kept     int64      `json:"kept" doc:"Rows of theirs that stay under an exception."`
	Problem  string     `json:"problem,omitempty"`
	AskedBy  string     `json:"asked_by"`
	AskedAt  time.Time  `json:"asked_at"`
	EndedAt  *time.Time `json:"ended_at,omitempty"`
}

type reapplyIn struct {
	SystemID
	Idempotent
	Body struct {
		BackupAt time.Time `json:"backup_at" doc:"When the backup was made that was restored: who was erased before that is not in it." example:"2026-03-02T03:00:00Z"`
	}
}

func (s *server) reapplicationOperations() {
	register(s, operation{
		id: "reapply-erasures", method: http.MethodPost, path: "/v1/systems/{id}/reapplications", tag: "erasure", status: http.StatusCreated,
		summary: "After a backup of a system was restored: erase again whoever was erased since it was made",
		errors:  []int{http.StatusNotFound, http.StatusConflict, http.StatusServiceUnavailable},
	}, s.reapply)
	register(s, operation{
		id: "list-reapplications", method: http.MethodGet, path: "/v1/systems/{id}/reapplications", tag: "erasure", errors: []int{http.StatusNotFound},
		summary: "What was erased again after a backup of a system was restored, newest first",
	}, s.reapplications)
}

func (s *server) reapply(ctx context.Context, who *caller, in *reapplyIn) (*answered[created], error) {
	k, err := in.once(who, "reapply-erasures/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	if err := s.engine.Reach(ctx); err != nil {
		return nil, err
	}
	out, err := transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		system, err := tx.System(ctx, in.ID)
		if err != nil {
			return 0, created{}, err
		}
		if in.Body.BackupAt.After(tx.Now()) {
			return 0, created{}, invalid("body.backup_at", "must lie in the past")
		}
		if system.Change == "" {
			return 0, created{}, refused(http.StatusConflict, "read-only", "This system may only be read. Give it a way in that may change it first: PATCH /v1/systems/{id} with change_target.")
		}
		id, err := tx.Reapply(ctx, system, in.Body.BackupAt)
		return http.StatusCreated, created{ID: id}, err
	})
	if err != nil {
		return nil, err
	}
	var made created
	if err := json.Unmarshal(out.Body.text, &made); err != nil {
		return nil, fmt.Errorf("read what was made: %w", err)
	}
	if err := s.engine.Reapply(context.WithoutCancel(ctx), contract.ReapplyInput{Tenant: who.tenant.ID, System: in.ID, Reapplication: made.ID}); err != nil {
		s.Log.Warn("a reapplication was not started at once; the relay will", zap.Error(err))
	}
	return out, nil
}

func (s *server) reapplications(ctx context.Context, who *caller, in *SystemID) (*page[reapplication], error) {
	var rows []storage.Reapplication
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		if _, err = tx.System(ctx, in.ID); err != nil {
			return err
		}
		rows, err = tx.Reapplications(ctx, in.ID)
		return err
	})
	return newPage(each(rows, func(r storage.Reapplication) reapplication {
		v := reapplication{ID: r.ID, BackupAt: r.BackupAt, State: r.State, Searched: r.Searched, People: r.People, Erased: r.Erased, Kept: r.Kept, AskedBy: r.AskedBy, AskedAt: r.AskedAt, EndedAt: r.EndedAt}
		if r.Problem != nil {
			v.Problem = *r.Problem
		}
		return v
	}), ""), err
}
