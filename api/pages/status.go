package pages

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// standing is how a request stands, as its person may see it.
type standing struct {
	ref  contract.Ref
	row  storage.Case
	owed *storage.Obligation
	// together are the requests that came in with this one.
	together    []storage.Submitted
	corrections casework.SelfService
	// appealable says that the person can have the answer looked at again, appealed that it is being looked at.
	appealable, appealed bool
	// transmittable says that what the person takes along can be sent to another controller, or was.
	transmittable bool
	// maySend says that the person can send documents, sent how many they sent.
	maySend bool
	sent    int
	// unread counts what staff wrote and the person has not seen.
	unread int64
}

// lookUp finds the case behind a status link.
func (s *site) lookUp(v *visit) (standing, error) {
	var out standing
	err := s.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		id, err := tx.StatusLink(ctx, casework.TokenHash(v.Param("token")))
		if err != nil {
			return linkDead(err)
		}
		if out.row, err = tx.Case(ctx, id); err != nil {
			return err
		}
		obligations, err := tx.Obligations(ctx, id)
		if err != nil {
			return err
		}
		out.owed = answerOf(obligations)
		if out.together, err = tx.Submitted(ctx, out.row); err != nil {
			return err
		}
		if out.corrections, err = s.Desk.SelfServiceOf(ctx, tx, out.row); err != nil {
			return err
		}
		if out.appealable, out.appealed, err = s.Desk.Appealable(ctx, tx, out.row); err != nil {
			return err
		}
		along, err := s.Desk.Transmittable(ctx, tx, out.row)
		if err != nil {
			return err
		}
		out.transmittable = along.Any()
		if out.maySend, err = casework.MaySend(ctx, tx, out.row); err != nil {
			return err
		}
		documents, err := tx.SentDocuments(ctx, id)
		if err != nil {
			return err
		}
		out.sent = len(documents)
		out.unread, err = tx.Unread(ctx, id, storage.FromStaff)
		return err
	})
	out.ref = contract.Ref{Tenant: v.tenant.ID, Case: out.row.ID}
	if err == nil {
		v.language = s.words.choose(v.Query("lang"), out.row.Language, "")
	}
	return out, err
}

// answerOf finds the obligation to answer, while it stands.
func answerOf(obligations []storage.Obligation) *storage.Obligation {
	at := slices.IndexFunc(obligations, func(o storage.Obligation) bool {
		return o.Standing() && (o.Kind == string(privacy.Respond) || o.Kind == string(privacy.Inform))
	})
	if at < 0 {
		return nil
	}
	return &obligations[at]
}

// subject is the person of a case, known by the case alone.
func subject(id uuid.UUID) audit.Actor { return audit.Actor{Kind: audit.Subject, ID: id.String()} }

func (s *site) status(v *visit) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	s.showStatus(v, http.StatusOK, at, "", nil)
	return nil
}

// showStatus says in plain words how the request stands, what happens next, and what the person can do.
func (s *site) showStatus(v *visit, status int, at standing, notice string, faults []fault) {
	state := privacy.RequestState(at.row.State)
	base := "/" + v.tenant.Slug + "/status/" + v.Param("token")
	page := view{
		Title: v.say("status.title", "reference", at.row.Reference), Notice: notice, Faults: faults, Here: base, Base: base,
		Right: v.say("right." + at.row.RequestRight), State: v.stands(at), MayWithdraw: mayWithdraw(state),
		AskCode: state == privacy.RequestVerifying && at.row.Identity == "unproven",
		Waits:   state == privacy.RequestClarifying, Unread: at.unread > 0, Offers: at.corrections.Offers, MayState: at.corrections.MayState, MayAppeal: at.appealable, MayTransmit: at.transmittable,
		MaySend: at.maySend, Sent: at.sent > 0 && at.row.ForgottenAt == nil,
	}
	for _, t := range at.together {
		page.Together = append(page.Together, t.Reference+": "+v.say("right."+t.RequestRight))
	}
	if at.owed != nil {
		key := "status.promise"
		if at.owed.State == storage.ObligationPaused {
			key = "status.paused"
		}
		page.Promise = v.say(key, "date", v.date(at.owed.Due))
		page.Why = v.why(at)
	}
	v.show(status, "status", page)
}

// stands says how a request stands. Of an erasure nothing is collected to be sent, so three states have words of their own.
func (v *visit) stands(at standing) string {
	row := at.row
	state, key := privacy.RequestState(row.State), "state."+row.State
	switch {
	case state == privacy.RequestVerifying && row.Identity == "checking":
		key = "state.checking"
	case state.Terminal() && row.Outcome != nil:
		key = "outcome." + *row.Outcome
	}
	switch {
	case at.appealed:
		key = "appeal.open.state"
	case row.RequestRight == string(privacy.Erasure) && slices.Contains(ofErasures(), key):
		key = "erasure." + key
	case row.RequestRight == string(privacy.Rectification) && slices.Contains(ofCorrections(), key):
		key = "correct." + key
	case row.RequestRight == string(privacy.AutomatedDecision) && slices.Contains(ofContests(), key):
		key = "contest." + key
	case privacy.Right(row.RequestRight).Limits() && slices.Contains(ofLimits(), key):
		key = "limits." + key
	}
	return v.say(key)
}

// ofLimits are the states and outcomes that are told in other words when the request sets limits.
func ofLimits() []string {
	return []string{"state.received", "state.collecting", "state.reviewing", "outcome.fulfilled"}
}

// ofCorrections are the states and outcomes that are told in other words when the request is for rectification.
func ofCorrections() []string {
	return []string{"state.reviewing", "state.executing", "outcome.fulfilled"}
}

// ofContests are the states and outcomes that are told in other words when the request is about an automated decision.
func ofContests() []string {
	return []string{"state.received", "state.collecting", "state.reviewing", "outcome.fulfilled"}
}

// ofErasures are the states and outcomes that are told in other words when the request is for erasure.
func ofErasures() []string {
	return []string{"state.collecting", "state.reviewing", "outcome.fulfilled"}
}

// mayWithdraw says whether the person can still take the request back: what has begun to be erased can't be.
func mayWithdraw(state privacy.RequestState) bool { return contract.Withdraw.AllowedIn(state) == nil }

// tell has the case's workflow hear that the register knows something new; the relay does it if this does not.
func (s *site) tell(ctx context.Context, signal storage.Signal) {
	ctx = context.WithoutCancel(ctx)
	err := s.Engine.Signal(ctx, signal.WorkflowID, signal.Name)
	if err == nil {
		err = s.Desk.DB().Change(ctx, signal.TenantID, casework.System("api"), func(ctx context.Context, tx *storage.Tx) error {
			return tx.SignalDone(ctx, signal)
		})
	}
	if err != nil {
		s.Log.Warn("a workflow was not told at once; the relay will", zap.String("workflow", signal.WorkflowID), zap.Error(err))
	}
}

// why tells where the promised day comes from.
func (v *visit) why(at standing) string {
	key := "status.why"
	if at.owed.Deadline.Extended {
		key = "status.why.extended"
	}
	return v.say(key, "received", v.date(at.row.ReceivedAt), "citation", at.owed.Citation)
}
