package api

import (
	"context"
	"net/http"
	"time"

	"github.com/privacy-docket/docket/storage"
)

// stopView is an emergency stop that is in force.
type stopView struct {
	At     time.Time `json:"at"`
	By     string    `json:"by" doc:"The member of staff or API key."`
	Reason string    `json:"reason"`
}

type stopBody struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Why. Name no person in it."`
}

type stopSystem struct {
	SystemID
	Body stopBody
}

type stopAll struct{ Body stopBody }

type resumeSystem struct {
	SystemID
	Body plainBody
}

type resumeAll struct{ Body plainBody }

func (s *server) stopOperations() {
	missing := []int{http.StatusNotFound}
	register(s, operation{
		id: "stop-system", method: http.MethodPost, path: "/v1/systems/{id}/stop", tag: "systems", errors: missing,
		summary: "Emergency: have nothing read this system, what is under way included",
	}, s.stopSystem)
	register(s, operation{
		id: "resume-system", method: http.MethodPost, path: "/v1/systems/{id}/resume", tag: "systems", errors: missing,
		summary: "Let a stopped system be read again; what broke off goes on where it was",
	}, s.resumeSystem)
	register(s, operation{
		id: "stop-systems", method: http.MethodPost, path: "/v1/systems/stop", tag: "systems", summary: "Emergency: have nothing read any system",
	}, s.stopSystems)
	register(s, operation{
		id: "resume-systems", method: http.MethodPost, path: "/v1/systems/resume", tag: "systems", summary: "Let every stopped system be read again",
	}, s.resumeSystems)
}

func (s *server) stopSystem(ctx context.Context, who *caller, in *stopSystem) (*shown[systemView], error) {
	return s.halt(ctx, who, in.SystemID, func(ctx context.Context, tx *storage.Tx, system storage.System) error {
		return tx.StopSystem(ctx, system, in.Body.Reason)
	})
}

func (s *server) resumeSystem(ctx context.Context, who *caller, in *resumeSystem) (*shown[systemView], error) {
	return s.halt(ctx, who, in.SystemID, resume)
}

func (s *server) stopSystems(ctx context.Context, who *caller, in *stopAll) (*page[systemView], error) {
	return s.haltAll(ctx, who, func(ctx context.Context, tx *storage.Tx, system storage.System) error {
		return tx.StopSystem(ctx, system, in.Body.Reason)
	})
}

func (s *server) resumeSystems(ctx context.Context, who *caller, _ *resumeAll) (*page[systemView], error) {
	return s.haltAll(ctx, who, resume)
}

// halting stops a system or lets it go on.
type halting func(ctx context.Context, tx *storage.Tx, system storage.System) error

func resume(ctx context.Context, tx *storage.Tx, system storage.System) error {
	return tx.ResumeSystem(ctx, system)
}

func (s *server) halt(ctx context.Context, who *caller, id SystemID, do halting) (*shown[systemView], error) {
	out := &shown[systemView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		system, err := tx.System(ctx, id.ID)
		if err != nil {
			return err
		}
		if err := do(ctx, tx, system); err != nil {
			return err
		}
		system, err = tx.System(ctx, id.ID)
		out.Body = systemOf(system)
		return err
	})
	return out, err
}

func (s *server) haltAll(ctx context.Context, who *caller, do halting) (*page[systemView], error) {
	var systems []storage.System
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.Systems(ctx)
		if err != nil {
			return err
		}
		for _, system := range all {
			if err := do(ctx, tx, system); err != nil {
				return err
			}
		}
		systems, err = tx.Systems(ctx)
		return err
	})
	return newPage(each(systems, systemOf), ""), err
}
