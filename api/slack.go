package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/slack-go/slack"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify/chat"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

const (
	// slackTime is within the three seconds that Slack waits.
	slackTime = 2500 * time.Millisecond
	// slackBody bounds a report of Slack's; theirs have a few kilobytes.
	slackBody = 256 << 10
	// slackReplies is where answers to a press go, and nowhere else.
	slackReplies = "https://hooks.slack.com/"
)

// slackRoutes takes in what people press in Slack, where a signing secret is set.
func (s *server) slackRoutes(router *gin.Engine) {
	if s.SlackSigningSecret != "" {
		router.POST("/slack/interactivity", s.slackPressed)
	}
}

// slackPressed does what a button says, as the member of staff behind the Slack user. That the report is Slack's its signature shows.
func (s *server) slackPressed(c *gin.Context) {
	body, err := s.slackReport(c.Request)
	if err != nil {
		problem(http.StatusUnauthorized, "unauthorized", "This is for Slack: the request is not signed by it, or is too old.").write(c.Writer)
		return
	}
	form, err := url.ParseQuery(string(body))
	var report slack.InteractionCallback
	if err == nil {
		err = json.Unmarshal([]byte(form.Get("payload")), &report)
	}
	if err != nil {
		problem(http.StatusBadRequest, "bad-request", "The report cannot be read.").write(c.Writer)
		return
	}
	c.Status(http.StatusOK) // Slack wants an empty answer whatever came of it; the person is told apart
	c.Writer.WriteHeaderNow()
	if report.Type != slack.InteractionTypeBlockActions {
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), slackTime)
	defer cancel()
	for _, action := range report.ActionCallback.BlockActions {
		if said := s.pressed(ctx, report.User.ID, action); said != "" {
			s.sayInSlack(context.WithoutCancel(ctx), report.ResponseURL, said)
		}
	}
}

// slackReport reads the body and checks who signed it.
func (s *server) slackReport(r *http.Request) ([]byte, error) {
	verifier, err := slack.NewSecretsVerifier(r.Header, s.SlackSigningSecret)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, slackBody))
	if err != nil {
		return nil, err
	}
	if _, err := verifier.Write(body); err != nil {
		return nil, err
	}
	return body, verifier.Ensure()
}

// pressed carries one button out and says in words what came of it; "" for a button that only leads somewhere.
func (s *server) pressed(ctx context.Context, user string, action *slack.BlockAction) string {
	if action.ActionID != chat.ActionAcknowledge && action.ActionID != chat.ActionTake {
		return ""
	}
	button, err := s.Desk.ReadButton(ctx, action.Value)
	if err != nil {
		return s.slackTrouble(err)
	}
	who, err := s.slackCaller(ctx, button, user)
	if errors.Is(err, storage.ErrNotFound) {
		return "Docket does not know who you are in Slack. Ask an administrator to put your Slack member id beside your name under Settings, People."
	}
	if err != nil {
		return s.slackTrouble(err)
	}
	operation := "acknowledge-escalation"
	if action.ActionID == chat.ActionTake {
		operation = "assign-request"
	}
	if !may(who.role, operation) {
		err = mayNot(who)
	} else {
		err = s.carryPress(ctx, who, button, action)
	}
	if err != nil {
		return s.slackTrouble(s.answer(ctx, who, operation, err))
	}
	if action.ActionID == chat.ActionTake {
		return "You have the request now."
	}
	return "You are on it. Nobody else is alarmed about this any more."
}

// slackCaller finds the member of staff behind a Slack user.
func (s *server) slackCaller(ctx context.Context, button casework.Button, user string) (*caller, error) {
	tenant, err := s.db.Tenant(ctx, button.Ref.Tenant)
	if err != nil {
		return nil, err
	}
	var member storage.Staff
	err = s.db.Read(ctx, tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		member, err = tx.MemberInSlack(ctx, user)
		return err
	})
	if err != nil {
		return nil, err
	}
	role := roleOf(member.Role)
	return &caller{
		tenant: tenant, role: role, caseID: button.Ref.Case.String(),
		session: &storage.Session{Staff: member.ID},
		actor:   audit.Actor{Kind: audit.Person, ID: member.ID.String(), Role: string(role)},
	}, nil
}

// carryPress is the same command as in the console. Slack may report a press twice: its key is the press's own.
func (s *server) carryPress(ctx context.Context, who *caller, button casework.Button, action *slack.BlockAction) error {
	if action.ActionID == chat.ActionTake {
		return s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.LockCase(ctx, button.Ref.Case); err != nil {
				return err
			}
			return tx.AssignCase(ctx, button.Ref.Case, who.staffID())
		})
	}
	return s.engine.Command(ctx, button.Ref.Case, contract.Command{
		Key: "slack/" + action.ActionTs, Kind: contract.Acknowledge, Obligation: &button.Obligation, Actor: who.contractActor(),
	})
}

// slackTrouble says what went wrong so that the person can do something about it.
func (s *server) slackTrouble(err error) string {
	var refused *engine.Refused
	var p *Problem
	switch {
	case errors.Is(err, casework.ErrButton):
		return "This button is none of this Docket's. Open the case in the console."
	case errors.As(err, &p) && p.Status < http.StatusInternalServerError:
		return p.Detail
	case errors.As(err, &refused):
		return refused.Error()
	default:
		s.Log.Warn("a button in Slack could not be carried out", zap.Error(err))
		return "That could not be done at the moment. Press it again, or open the case in the console."
	}
}

// sayInSlack answers the one who pressed, and only them. It calls Slack's own address and no other.
func (s *server) sayInSlack(ctx context.Context, address, words string) {
	if !strings.HasPrefix(address, cmp.Or(s.SlackReplies, slackReplies)) {
		return
	}
	text, err := json.Marshal(map[string]any{"response_type": "ephemeral", "replace_original": false, "text": words})
	if err == nil {
		err = s.postToSlack(ctx, address, text)
	}
	if err != nil {
		s.Log.Warn("somebody in Slack was not answered", zap.Error(err))
	}
}

func (s *server) postToSlack(ctx context.Context, address string, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, slackTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return errors.New("the address to answer at cannot be read")
	}
	request.Header.Set("Content-Type", jsonType)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return errors.New("Slack did not answer") //nolint:staticcheck // a name
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("answered %d", response.StatusCode)
	}
	return nil
}
