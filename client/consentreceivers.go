package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// ConsentReceiver is another system that has to hear who wants no more. Kind is http, listmonk or pull.
type ConsentReceiver struct {
	ID        uuid.UUID  `json:"id"`
	Name      string     `json:"name"`
	Kind      string     `json:"kind"`
	URL       string     `json:"url,omitempty"`
	Login     string     `json:"login,omitempty"`
	Channels  []string   `json:"channels"`
	Purposes  []string   `json:"purposes"`
	Zone      string     `json:"zone"`
	Active    bool       `json:"active"`
	Waiting   bool       `json:"waiting"`
	Counted   string     `json:"counted"`
	Confirmed string     `json:"confirmed"`
	TakenAt   *time.Time `json:"taken_at,omitempty"`
	Tries     int        `json:"tries,omitempty"`
	NextTry   *time.Time `json:"next_try_at,omitempty"`
	Problem   string     `json:"problem,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	RetiredAt *time.Time `json:"retired_at,omitempty"`
}

// NewConsentReceiver is a receiver to be added.
type NewConsentReceiver struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`
	URL      string   `json:"url,omitempty"`
	Login    string   `json:"login,omitempty"`
	Token    string   `json:"token,omitempty"`
	Channels []string `json:"channels,omitempty"`
	Purposes []string `json:"purposes,omitempty"`
	Backlog  bool     `json:"backlog,omitempty"`
}

// ConsentReceiverChange is how a receiver is to be called and reached; an empty token leaves the one that it has.
type ConsentReceiverChange struct {
	Name  string `json:"name"`
	URL   string `json:"url,omitempty"`
	Login string `json:"login,omitempty"`
	Token string `json:"token,omitempty"`
}

// CreatedConsentReceiver is a receiver with the secret that signs what it is told, which is given this once.
type CreatedConsentReceiver struct {
	ID     uuid.UUID `json:"id"`
	Secret string    `json:"secret,omitempty"`
}

// TestedConsentReceiver is whether a receiver can be told.
type TestedConsentReceiver struct {
	OK      bool   `json:"ok"`
	Problem string `json:"problem,omitempty"`
}

// ConsentChange is a line of the ledger, or of what else stops messages, as a receiver hears of it. Kind is what happened, Change what stands now: withdrawn or resumed.
type ConsentChange struct {
	ID          uuid.UUID `json:"id"`
	Person      uuid.UUID `json:"person"`
	Address     string    `json:"address,omitempty"`
	AddressKind string    `json:"address_kind"`
	Forgotten   bool      `json:"forgotten,omitempty"`
	Purpose     string    `json:"purpose"`
	Channel     string    `json:"channel"`
	Kind        string    `json:"kind"`
	Change      string    `json:"change"`
	AllClear    bool      `json:"all_clear"`
	At          time.Time `json:"at"`
	Recorded    time.Time `json:"recorded_at"`
	How         string    `json:"how"`
	Batch       uuid.UUID `json:"batch"`
}

// ConsentChanges is a page of the feed. Cursor is behind it.
type ConsentChanges struct {
	Changes []ConsentChange `json:"changes"`
	Cursor  string          `json:"cursor"`
	More    bool            `json:"more"`
}

// ChangesDone says up to where a receiver has done what it read.
type ChangesDone struct {
	Cursor string `json:"cursor"`
}

// ChangesConfirmed is how many withdrawals were confirmed, and how many of them late.
type ChangesConfirmed struct {
	Confirmed int `json:"confirmed"`
	Late      int `json:"late"`
}

// ConsentHandover is the withdrawals of a day that a receiver has to confirm.
type ConsentHandover struct {
	ID          uuid.UUID `json:"id"`
	Receiver    uuid.UUID `json:"receiver_id"`
	Name        string    `json:"receiver"`
	Day         string    `json:"day"`
	State       string    `json:"state"`
	Withdrawals int       `json:"withdrawals"`
	Confirmed   int       `json:"confirmed"`
	Late        int       `json:"late"`
	Due         time.Time `json:"due"`
	DueLaw      string    `json:"due_law"`
	Citation    string    `json:"citation"`
	Laws        []LawTime `json:"laws"`

	ConfirmedAt *time.Time `json:"confirmed_at,omitempty"`
	Warned      *time.Time `json:"warned_at,omitempty"`
	Overdue     *time.Time `json:"overdue_at,omitempty"`
}

// LawTime is the earliest moment that a law sets.
type LawTime struct {
	Law         string    `json:"law"`
	Citation    string    `json:"citation"`
	Due         time.Time `json:"due"`
	Withdrawals int       `json:"withdrawals"`
}

func receiverPath(id uuid.UUID, act string) string {
	return "/v1/consent/receivers/" + id.String() + act
}

// ConsentReceivers lists the receivers, the oldest first.
func (c *Client) ConsentReceivers(ctx context.Context) (Page[ConsentReceiver], error) {
	return ask[Page[ConsentReceiver]](ctx, c, call{method: http.MethodGet, path: "/v1/consent/receivers"})
}

// CreateConsentReceiver adds one.
func (c *Client) CreateConsentReceiver(ctx context.Context, in NewConsentReceiver) (CreatedConsentReceiver, error) {
	return ask[CreatedConsentReceiver](ctx, c, call{method: http.MethodPost, path: "/v1/consent/receivers", body: in})
}

// ChangeConsentReceiver changes how one is called and reached.
func (c *Client) ChangeConsentReceiver(ctx context.Context, id uuid.UUID, in ConsentReceiverChange) (ConsentReceiver, error) {
	return ask[ConsentReceiver](ctx, c, call{method: http.MethodPut, path: receiverPath(id, ""), body: in})
}

// ReplaceReceiverSecret makes another secret for what one is told.
func (c *Client) ReplaceReceiverSecret(ctx context.Context, id uuid.UUID) (CreatedConsentReceiver, error) {
	return ask[CreatedConsentReceiver](ctx, c, call{method: http.MethodPost, path: receiverPath(id, "/secret"), body: struct{}{}})
}

// RetireConsentReceiver says that a system writes to nobody any more.
func (c *Client) RetireConsentReceiver(ctx context.Context, id uuid.UUID) (ConsentReceiver, error) {
	return ask[ConsentReceiver](ctx, c, call{method: http.MethodPost, path: receiverPath(id, "/retire"), body: struct{}{}})
}

// TestConsentReceiver sees whether one can be told.
func (c *Client) TestConsentReceiver(ctx context.Context, id uuid.UUID) (TestedConsentReceiver, error) {
	return ask[TestedConsentReceiver](ctx, c, call{method: http.MethodPost, path: receiverPath(id, "/test"), body: struct{}{}})
}

// ConsentChanges reads the feed behind a cursor; empty begins where the receiver has confirmed. Zero takes as many as the server gives by itself.
func (c *Client) ConsentChanges(ctx context.Context, id uuid.UUID, after string, most int) (ConsentChanges, error) {
	query := url.Values{}
	if after != "" {
		query.Set("after", after)
	}
	if most > 0 {
		query.Set("limit", strconv.Itoa(most))
	}
	return ask[ConsentChanges](ctx, c, call{method: http.MethodGet, path: receiverPath(id, "/changes"), query: query})
}

// ConfirmConsentChanges says that a receiver has done what it read, up to a cursor.
func (c *Client) ConfirmConsentChanges(ctx context.Context, id uuid.UUID, cursor string) (ChangesConfirmed, error) {
	return ask[ChangesConfirmed](ctx, c, call{method: http.MethodPost, path: receiverPath(id, "/confirm"), body: ChangesDone{Cursor: cursor}})
}

// ConsentHandovers lists what has to be confirmed: what is open, or all.
func (c *Client) ConsentHandovers(ctx context.Context, all bool) (Page[ConsentHandover], error) {
	query := url.Values{}
	if all {
		query.Set("state", "all")
	}
	return ask[Page[ConsentHandover]](ctx, c, call{method: http.MethodGet, path: "/v1/consent/handovers", query: query})
}
