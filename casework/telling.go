package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/protocol/drp"
	"github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/storage"
)

// Standing is how a case stands for those outside, now or at the time of a callback.
type Standing struct {
	State   privacy.RequestState
	Outcome privacy.Outcome
	Reason  string
	Due     time.Time
}

// StandingOf is that of a case as it was read.
func StandingOf(c storage.Case, due time.Time) Standing {
	return Standing{State: privacy.RequestState(c.State), Outcome: privacy.Outcome(textOf(c.Outcome)), Reason: textOf(c.ReasonCode), Due: due}
}

// StandingAt is that of a case when something was to be told.
func StandingAt(c storage.Callback) Standing {
	s := Standing{State: privacy.RequestState(c.CaseState), Outcome: privacy.Outcome(textOf(c.Outcome)), Reason: textOf(c.ReasonCode)}
	if c.Due != nil {
		s.Due = *c.Due
	}
	return s
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Telling is a request whose requester is told how it stands.
type Telling struct {
	Requester storage.Requester
	Filed     storage.FiledRequest
	Case      storage.Case
	Words     storage.FiledWords
	Standing  Standing
}

// TellingOf reads a request of a requester with what it echoes; seal.ErrNoKey once its person is forgotten.
func TellingOf(ctx context.Context, tx *storage.Tx, r storage.Requester, f storage.FiledRequest) (t Telling, err error) {
	t.Requester, t.Filed = r, f
	var due time.Time
	if t.Case, due, err = standing(ctx, tx, f.CaseID); err != nil {
		return t, err
	}
	t.Standing = StandingOf(t.Case, due)
	subject, err := tx.Subject(ctx, t.Case.SubjectID)
	if err != nil {
		return t, err
	}
	t.Words, err = tx.FiledWords(f, subject)
	return t, err
}

// OpenDSR is what a controller is told.
func (d *Desk) OpenDSR(ctx context.Context, tx *storage.Tx, t Telling) (opendsr.Status, error) {
	version := opendsr.VersionNamed(t.Filed.Version)
	s := opendsr.Status{
		ControllerID: t.Requester.Handle, Expected: t.Standing.Due.UTC(), ID: t.Filed.RequestID, APIVersion: version.Number,
		Status: opendsr.StatusOf(t.Standing.State, t.Standing.Outcome),
	}
	own := opendsr.Extension{Reference: t.Case.Reference, Outcome: string(t.Standing.Outcome)}
	if t.Standing.Outcome == privacy.OutcomeRefused || t.Standing.Reason == opendsr.ReasonKept {
		own.Reason = t.Standing.Reason
	}
	s.Extensions = opendsr.Extensions{d.Domain(): own}
	if s.Status != opendsr.Completed {
		return s, nil
	}
	answer, err := AnswerTo(ctx, tx, t.Requester, t.Case)
	if err != nil {
		return s, err
	}
	if answer.There || answer.Gone {
		s.ResultsCount = &answer.Rows
	}
	if answer.There {
		s.ResultsURL = d.OpenDSRBase(tx.Tenant().Slug) + "/" + version.Route + "/" + t.Filed.RequestID.String() + "/results"
	}
	return s, nil
}

// DRP is what an agent is told.
func (d *Desk) DRP(ctx context.Context, tx *storage.Tx, t Telling) (drp.Status, error) {
	s := drp.Status{ID: t.Filed.RequestID, AgentsName: t.Words.Name, Received: t.Case.ReceivedAt.UTC()}
	answer, err := AnswerTo(ctx, tx, t.Requester, t.Case)
	if err != nil {
		return s, err
	}
	s.Status, s.Reason, s.Details = drp.StatusOf(drp.Standing{State: t.Standing.State, Outcome: t.Standing.Outcome, Reason: t.Standing.Reason, Gone: answer.Gone})
	switch s.Status {
	case drp.Opened, drp.InProgress:
		due := t.Standing.Due.UTC()
		s.Expected = &due
		if s.Details == "" {
			s.Details, err = extended(ctx, tx, t.Case.ID)
		}
	case drp.Fulfilled:
		if answer.There {
			s.ResultsURL, s.ExpiresAt = d.DRPBase(tx.Tenant().Slug)+"/v1/data-rights-request/"+t.Filed.RequestID.String()+"/results", &answer.Expires
		}
	}
	return s, err
}

// extended says why an answer takes longer, where it does (section 3.08).
func extended(ctx context.Context, tx *storage.Tx, id uuid.UUID) (string, error) {
	all, err := tx.Extensions(ctx, id)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return "The answer takes longer, as the law allows. Ground: " + all[len(all)-1].ReasonCode + ".", nil
}
