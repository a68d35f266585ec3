package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// receiverView is another system that has to hear who wants no more.
type receiverView struct {
	ID        uuid.UUID  `json:"id" format:"uuid"`
	Name      string     `json:"name"`
	Kind      string     `json:"kind" enum:"http,listmonk,pull"`
	URL       string     `json:"url,omitempty"`
	Login     string     `json:"login,omitempty"`
	Channels  []string   `json:"channels" nullable:"false"`
	Purposes  []string   `json:"purposes" nullable:"false" doc:"The keys of those that it writes for; none is all."`
	Zone      string     `json:"zone" doc:"That of the days of its handovers."`
	Active    bool       `json:"active"`
	Waiting   bool       `json:"waiting" doc:"Something has yet to be confirmed."`
	Counted   string     `json:"counted" doc:"Up to where the feed goes."`
	Confirmed string     `json:"confirmed" doc:"Up to where it has confirmed."`
	TakenAt   *time.Time `json:"taken_at,omitempty" doc:"When it last confirmed anything."`
	Tries     int        `json:"tries,omitempty" doc:"How often in a row it did not take what it was told."`
	NextTry   *time.Time `json:"next_try_at,omitempty"`
	Problem   string     `json:"problem,omitempty" doc:"Why the last try failed."`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	RetiredAt *time.Time `json:"retired_at,omitempty"`
}

// ReceiverID is the receiver in an address.
type ReceiverID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// ReceiverBody is what a receiver is made of.
type ReceiverBody struct {
	Name     string   `json:"name" minLength:"1" maxLength:"100"`
	Kind     string   `json:"kind" enum:"http,listmonk,pull" doc:"http: signed JSON is posted to it. listmonk: it is told by its own API. pull: it asks by itself."`
	URL      string   `json:"url,omitempty" maxLength:"2000" doc:"An https address on the open network; of listmonk, where its own pages are. None for pull."`
	Login    string   `json:"login,omitempty" maxLength:"200" pattern:"^[^:]*$" doc:"The API user in listmonk."`
	Token    string   `json:"token,omitempty" maxLength:"500" doc:"Of that API user. It is never shown."`
	Channels []string `json:"channels,omitempty" uniqueItems:"true" maxItems:"5" enum:"email,sms,phone,post,push" doc:"On which it writes; email when absent. They never change."`
	Purposes []string `json:"purposes,omitempty" maxItems:"200" doc:"The keys of those that it writes for; all when absent. They never change."`
	Backlog  bool     `json:"backlog,omitempty" doc:"Have it hear of every withdrawal that there is, and not only of those to come."`
}

type createReceiver struct{ Body ReceiverBody }

type changeReceiver struct {
	ReceiverID
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"100"`
		URL   string `json:"url,omitempty" maxLength:"2000"`
		Login string `json:"login,omitempty" maxLength:"200" pattern:"^[^:]*$"`
		Token string `json:"token,omitempty" maxLength:"500" doc:"As it is when absent."`
	}
}

type actOnReceiver struct {
	ReceiverID
	Body plainBody
}

type createdReceiver struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	Secret string    `json:"secret,omitempty" doc:"Of the kind http, shown this once. It signs what the receiver is told (Standard Webhooks)." example:"whsec_…"`
}

// testedReceiver is whether a receiver can be told.
type testedReceiver struct {
	OK      bool   `json:"ok"`
	Problem string `json:"problem,omitempty" doc:"Why not."`
}

func (s *server) consentReceiverOperations() {
	missing := []int{http.StatusNotFound}
	register(s, operation{
		id: "list-consent-receivers", method: http.MethodGet, path: "/v1/consent/receivers", tag: "consents", summary: "The systems that have to hear who wants no more, and how far each is",
	}, s.receivers)
	register(s, operation{
		id: "create-consent-receiver", method: http.MethodPost, path: "/v1/consent/receivers", tag: "consents", status: http.StatusCreated,
		summary: "Have another system hear who wants no more; the secret that signs what it is told is shown once",
	}, s.createReceiver)
	register(s, operation{
		id: "change-consent-receiver", method: http.MethodPut, path: "/v1/consent/receivers/{id}", tag: "consents", errors: missing,
		summary: "Say what a receiver is called and how it is reached; it is tried again at once",
	}, s.changeReceiver)
	register(s, operation{
		id: "replace-receiver-secret", method: http.MethodPost, path: "/v1/consent/receivers/{id}/secret", tag: "consents", errors: missing,
		summary: "Make another secret for what a receiver is told, shown once; the one before signs nothing any more",
	}, s.replaceReceiverSecret)
	register(s, operation{
		id: "retire-consent-receiver", method: http.MethodPost, path: "/v1/consent/receivers/{id}/retire", tag: "consents", errors: missing,
		summary: "A system writes to nobody any more: it hears of nothing, and what it had not confirmed ends. It can't be taken back",
	}, s.retireReceiver)
	register(s, operation{
		id: "test-consent-receiver", method: http.MethodPost, path: "/v1/consent/receivers/{id}/test", tag: "consents", errors: append(missing, http.StatusServiceUnavailable, http.StatusGatewayTimeout),
		summary: "See whether a receiver can be told, without telling it of anybody",
	}, s.testReceiver)
	s.handoverOperations()
}

func receiverOf(r storage.ConsentReceiver, keys map[int32]string) receiverView {
	v := receiverView{
		ID: r.ID, Name: r.Name, Kind: r.Kind, URL: r.URL, Login: r.Login, Zone: r.Zone.String(), Active: r.RetiredAt == nil, Waiting: r.RetiredAt == nil && r.Waiting(), Counted: r.Counted.String(),
		Confirmed: r.Confirmed.String(), TakenAt: r.TakenAt, Tries: r.Tries, NextTry: r.NextTry, Problem: r.Problem, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, RetiredAt: r.RetiredAt, Purposes: []string{},
	}
	for _, c := range r.Channels {
		v.Channels = append(v.Channels, string(c))
	}
	for _, p := range r.Purposes {
		v.Purposes = append(v.Purposes, keys[p])
	}
	return v
}

func (s *server) receivers(ctx context.Context, who *caller, _ *struct{}) (*page[receiverView], error) {
	var out []receiverView
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.ConsentReceivers(ctx)
		keys := purposeKeys(tx.Tenant())
		out = each(all, func(r storage.ConsentReceiver) receiverView { return receiverOf(r, keys) })
		return err
	})
	return newPage(out, ""), err
}

func (s *server) createReceiver(ctx context.Context, who *caller, in *createReceiver) (*shown[createdReceiver], error) {
	b := in.Body
	n := casework.NewReceiver{Name: b.Name, Kind: b.Kind, URL: b.URL, Login: b.Login, Secret: b.Token, Purposes: b.Purposes, Backlog: b.Backlog}
	for _, c := range b.Channels {
		n.Channels = append(n.Channels, privacy.MessageChannel(c))
	}
	if len(n.Channels) == 0 {
		n.Channels = []privacy.MessageChannel{privacy.ByEmail}
	}
	out := &shown[createdReceiver]{}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Body.ID, out.Body.Secret, err = s.Desk.AddReceiver(ctx, tx, n, s.WebhooksLocal)
		return err
	})
}

func (s *server) changeReceiver(ctx context.Context, who *caller, in *changeReceiver) (*shown[receiverView], error) {
	out := &shown[receiverView]{}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		change := casework.ReceiverChange{Name: in.Body.Name, URL: in.Body.URL, Login: in.Body.Login, Secret: in.Body.Token}
		if err := s.Desk.ChangeReceiver(ctx, tx, in.ID, change, s.WebhooksLocal); err != nil {
			return err
		}
		r, err := tx.ConsentReceiver(ctx, in.ID)
		if err == nil {
			out.Body = receiverOf(r, purposeKeys(tx.Tenant()))
		}
		return err
	})
}

func (s *server) replaceReceiverSecret(ctx context.Context, who *caller, in *actOnReceiver) (*shown[createdReceiver], error) {
	out := &shown[createdReceiver]{Body: createdReceiver{ID: in.ID}}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Body.Secret, err = s.Desk.NewReceiverSecret(ctx, tx, in.ID)
		return err
	})
}

func (s *server) retireReceiver(ctx context.Context, who *caller, in *actOnReceiver) (*shown[receiverView], error) {
	out := &shown[receiverView]{}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		err := tx.RetireConsentReceiver(ctx, in.ID)
		if errors.Is(err, storage.ErrNotFound) {
			return problem(http.StatusNotFound, "not-found", "There is no receiver of this id, or it was retired before. List the receivers to see which there are.")
		}
		if err != nil {
			return err
		}
		r, err := tx.ConsentReceiver(ctx, in.ID)
		if err == nil {
			out.Body = receiverOf(r, purposeKeys(tx.Tenant()))
		}
		return err
	})
}

func (s *server) testReceiver(ctx context.Context, who *caller, in *actOnReceiver) (*shown[testedReceiver], error) {
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		r, err := tx.ConsentReceiver(ctx, in.ID)
		if err == nil && (r.RetiredAt != nil || r.Kind == storage.ReceiverPull) {
			return &privacy.RuleError{Code: "receiver_kind", Message: "only a receiver that is told can be tested, while it is in use"}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := s.engine.Reach(ctx); err != nil {
		return nil, err
	}
	found, err := s.engine.TestReceiver(ctx, contract.HandoverInput{Tenant: who.tenant.ID, Receiver: in.ID})
	if err != nil {
		return nil, err
	}
	event := audit.Event{Action: audit.ConsentReceiverTested, Object: audit.Object{Kind: "consent_receiver", ID: in.ID.String()}}
	if found != "" {
		event.Outcome, event.Reason = audit.Failed, "not_taken"
	}
	return &shown[testedReceiver]{Body: testedReceiver{OK: found == "", Problem: found}}, s.record(ctx, who, event)
}
