package pages

import (
	"errors"
	"fmt"
	"net/http"

	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// answerCode takes the code that proves the person.
func (s *site) answerCode(v *visit) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	signal, err := s.Desk.AnswerIdentityCode(v.Request.Context(), at.ref, v.entered("code"))
	if wrong := v.codeFault(err); wrong != nil {
		s.showStatus(v, http.StatusUnprocessableEntity, at, "", []fault{*wrong})
		return nil
	}
	if _, moved := casework.RefusalOf(err); moved {
		return s.status(v)
	}
	if err != nil {
		return err
	}
	s.tell(v.Request.Context(), signal)
	return s.statusAfter(v, "code.done", func(page *standing) { page.row.State = string(privacy.RequestCollecting) })
}

// codeFault says what is wrong with a code in the person's words; nil when something else is, or nothing.
func (v *visit) codeFault(err error) *fault {
	switch {
	case errors.Is(err, casework.ErrCodeWrong):
		return &fault{Field: "code", Text: v.say("error.code")}
	case errors.Is(err, casework.ErrCodeForm):
		return &fault{Field: "code", Text: v.say("error.digits")}
	case errors.Is(err, casework.ErrCodeDead):
		return &fault{Field: "code", Text: v.say("error.dead")}
	case errors.Is(err, casework.ErrTooManyCodes):
		return &fault{Field: "code", Text: v.say("error.toomany")}
	}
	return nil
}

// statusAfter shows the status after something was done; the workflow may be a moment behind, so the page goes by what
// was just done.
func (s *site) statusAfter(v *visit, notice string, ahead func(*standing)) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	ahead(&at)
	s.showStatus(v, http.StatusOK, at, v.say(notice), nil)
	return nil
}

func (s *site) resendCode(v *visit) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	err = s.Desk.SendCode(v.Request.Context(), at.ref, subject(at.row.ID), storage.CodeForIdentity)
	if wrong := v.codeFault(err); wrong != nil {
		s.showStatus(v, http.StatusTooManyRequests, at, "", []fault{*wrong})
		return nil
	}
	if _, moved := casework.RefusalOf(err); moved {
		return s.status(v)
	}
	if err != nil {
		return err
	}
	s.showStatus(v, http.StatusOK, at, v.say("code.sent"), nil)
	return nil
}

// askWithdraw asks before anything is ended.
func (s *site) askWithdraw(v *visit) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	if !mayWithdraw(privacy.RequestState(at.row.State)) {
		return s.status(v)
	}
	base := "/" + v.tenant.Slug + "/status/" + v.Param("token")
	v.show(http.StatusOK, "withdraw", view{Title: v.say("withdraw.title", "reference", at.row.Reference), Here: base + "/withdraw", Base: base})
	return nil
}

// withdraw ends the request because its person took it back.
func (s *site) withdraw(v *visit) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	if !mayWithdraw(privacy.RequestState(at.row.State)) {
		return s.status(v)
	}
	ctx, actor := v.Request.Context(), subject(at.row.ID)
	if err := s.Engine.Reach(ctx); err != nil {
		s.Log.Warn("a withdrawal has to be tried again", zap.Stringer("case", at.row.ID), zap.Error(err))
		return v.trouble()
	}
	err = s.Engine.Command(ctx, at.row.ID, contract.Command{
		Key: fmt.Sprintf("withdrawn/%d", at.row.Run), Kind: contract.Withdraw, Actor: contract.Actor{Kind: string(actor.Kind), ID: actor.ID},
	})
	var refused *engine.Refused
	if err != nil && !errors.As(err, &refused) {
		s.Log.Warn("a withdrawal has to be tried again", zap.Stringer("case", at.row.ID), zap.Error(err))
		return v.trouble()
	}
	return s.statusAfter(v, "withdraw.done", func(*standing) {})
}
