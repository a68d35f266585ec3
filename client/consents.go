package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
)

// ConsentAsk is the message of which somebody wants to know to whom it may be sent. Day is a date; empty is today.
type ConsentAsk struct {
	Purpose   string `json:"purpose"`
	Channel   string `json:"channel,omitempty"`
	Class     string `json:"class,omitempty"`
	Country   string `json:"country,omitempty"`
	Day       string `json:"day,omitempty"`
	Relevant  bool   `json:"relevant_to_role,omitempty"`
	Corporate bool   `json:"corporate,omitempty"`
	Tracking  bool   `json:"tracking,omitempty"`
}

// ConsentCheck asks about one address.
type ConsentCheck struct {
	Address string `json:"address"`
	// AsOf asks whether it was allowed at a moment; now when nil.
	AsOf *time.Time `json:"as_of,omitempty"`
	ConsentAsk
}

// ConsentVerdict is a decision: why, by which law, until when, and what would make a no a yes.
type ConsentVerdict struct {
	Allowed  bool     `json:"allowed"`
	Reason   string   `json:"reason"`
	Law      string   `json:"law,omitempty"`
	Citation string   `json:"citation,omitempty"`
	Until    string   `json:"until,omitempty"`
	Paused   string   `json:"paused_until,omitempty"`
	Bar      string   `json:"bar,omitempty"`
	Remedies []string `json:"remedies,omitempty"`
}

// LawVerdict is what one law says.
type LawVerdict struct {
	Allowed  bool   `json:"allowed"`
	Reason   string `json:"reason"`
	Law      string `json:"law"`
	Citation string `json:"citation"`
	Until    string `json:"until,omitempty"`
}

// TrackVerdict is whether it may be seen what is opened and followed.
type TrackVerdict struct {
	Allowed  bool   `json:"allowed"`
	Reason   string `json:"reason"`
	Citation string `json:"citation,omitempty"`
}

// ConsentAnswer is the decision about one address.
type ConsentAnswer struct {
	ConsentVerdict
	Country  string        `json:"country,omitempty"`
	Laws     []LawVerdict  `json:"laws"`
	Often    string        `json:"frequency,omitempty"`
	Tracking *TrackVerdict `json:"tracking,omitempty"`
	At       time.Time     `json:"at"`
}

// ConsentBatch asks about up to 10,000 addresses.
type ConsentBatch struct {
	Addresses []string `json:"addresses"`
	ConsentAsk
}

// ConsentBatchAnswers are the decisions about many, each in the place of its address.
type ConsentBatchAnswers struct {
	Answers []ConsentBatchAnswer `json:"answers"`
	Allowed int                  `json:"allowed"`
	At      time.Time            `json:"at"`
}

// ConsentBatchAnswer is one of them.
type ConsentBatchAnswer struct {
	ConsentVerdict
	Often    string `json:"frequency,omitempty"`
	Tracking *bool  `json:"tracking,omitempty"`
}

// ConsentEvents are things that happened to consents: all are written, or none.
type ConsentEvents struct {
	Events []NewConsentEvent `json:"events"`
}

// NewConsentEvent is one of them.
type NewConsentEvent struct {
	Address        string           `json:"address"`
	Purpose        string           `json:"purpose"`
	Channel        string           `json:"channel,omitempty"`
	Kind           string           `json:"kind"`
	At             *time.Time       `json:"at,omitempty"`
	Zone           string           `json:"zone,omitempty"`
	Relation       string           `json:"relation,omitempty"`
	NoSolicitation bool             `json:"no_solicitation,omitempty"`
	Refusable      bool             `json:"refusable,omitempty"`
	Source         string           `json:"source,omitempty"`
	Text           *ConsentWords    `json:"text,omitempty"`
	Country        string           `json:"country,omitempty"`
	Language       string           `json:"language,omitempty"`
	Evidence       *ConsentEvidence `json:"evidence,omitempty"`
}

// ConsentWords name a version of the words that were shown.
type ConsentWords struct {
	Language string `json:"language"`
	Version  int32  `json:"version"`
}

// ConsentEvidence is what else shows that something happened.
type ConsentEvidence struct {
	IP        string            `json:"ip,omitempty"`
	UserAgent string            `json:"user_agent,omitempty"`
	URL       string            `json:"url,omitempty"`
	Note      string            `json:"note,omitempty"`
	Fields    map[string]string `json:"fields,omitempty"`
}

// RecordedConsents are the lines that were written.
type RecordedConsents struct {
	Events []RecordedConsent `json:"events"`
}

// RecordedConsent is a line of the ledger.
type RecordedConsent struct {
	ID uuid.UUID `json:"id"`
}

// ConsentLookUp asks for everything about an address, as it stood at a moment and as far as it was known at another; now where they are nil.
type ConsentLookUp struct {
	Address string     `json:"address"`
	Channel string     `json:"channel,omitempty"`
	At      *time.Time `json:"at,omitempty"`
	Known   *time.Time `json:"known,omitempty"`
}

// ConsentPerson is everything that the ledger says of an address.
type ConsentPerson struct {
	Person   uuid.UUID         `json:"person"`
	Address  string            `json:"address"`
	Country  string            `json:"country,omitempty"`
	Language string            `json:"language,omitempty"`
	Since    time.Time         `json:"since"`
	Consents []ConsentStanding `json:"consents"`
	Chosen   []ConsentChosen   `json:"preferences"`
	SignUps  []SignUp          `json:"sign_ups"`
	Events   []ConsentEvent    `json:"events"`
}

// ConsentStanding is what stands for a purpose on a channel.
type ConsentStanding struct {
	Purpose      string            `json:"purpose"`
	Channel      string            `json:"channel"`
	State        string            `json:"state"`
	Requested    *time.Time        `json:"requested_at,omitempty"`
	Given        *time.Time        `json:"given_at,omitempty"`
	Confirmed    *time.Time        `json:"confirmed_at,omitempty"`
	Withdrawn    *time.Time        `json:"withdrawn_at,omitempty"`
	Relations    []ConsentRelation `json:"relations"`
	Address      string            `json:"address_found,omitempty"`
	ImpliedUntil string            `json:"implied_until,omitempty"`
}

// ConsentRelation is what consent is implied by.
type ConsentRelation struct {
	Kind      string `json:"kind"`
	Day       string `json:"day"`
	InForce   bool   `json:"in_force,omitempty"`
	Refusable bool   `json:"refusable,omitempty"`
}

// ConsentEvent is a line of the ledger.
type ConsentEvent struct {
	ID             uuid.UUID        `json:"id"`
	Purpose        string           `json:"purpose"`
	Channel        string           `json:"channel"`
	Kind           string           `json:"kind"`
	At             time.Time        `json:"at"`
	Zone           string           `json:"zone"`
	Recorded       time.Time        `json:"recorded_at"`
	Relation       string           `json:"relation,omitempty"`
	NoSolicitation bool             `json:"no_solicitation,omitempty"`
	Refusable      bool             `json:"refusable,omitempty"`
	How            string           `json:"how"`
	Source         string           `json:"source,omitempty"`
	Text           *ConsentText     `json:"text,omitempty"`
	Evidence       *ConsentEvidence `json:"evidence,omitempty"`
	Batch          uuid.UUID        `json:"batch"`
	Position       int32            `json:"position"`
	Hash           string           `json:"hash"`
}

// ConsentPurpose is what people are asked to agree to.
type ConsentPurpose struct {
	Key       string        `json:"key"`
	Class     string        `json:"class"`
	Similar   bool          `json:"similar_goods"`
	Tracking  bool          `json:"tracking"`
	CreatedAt time.Time     `json:"created_at"`
	RetiredAt *time.Time    `json:"retired_at,omitempty"`
	Texts     []ConsentText `json:"texts"`
}

// PurposeChange adds a purpose, or says what its messages are.
type PurposeChange struct {
	Class    string `json:"class,omitempty"`
	Similar  bool   `json:"similar_goods,omitempty"`
	Tracking bool   `json:"tracking,omitempty"`
	Retired  bool   `json:"retired,omitempty"`
}

// ConsentText is a version of the words that people agree to.
type ConsentText struct {
	ID        uuid.UUID `json:"id"`
	Language  string    `json:"language"`
	Version   int32     `json:"version"`
	Title     string    `json:"title"`
	Body      string    `json:"body"`
	SHA256    string    `json:"sha256"`
	CreatedAt time.Time `json:"created_at"`
	CreatedBy string    `json:"created_by"`
}

// NewConsentText is the next version of the words in a language.
type NewConsentText struct {
	Language string `json:"language"`
	Title    string `json:"title"`
	Body     string `json:"body"`
}

// MayWrite asks whether a message may be sent to an address now.
func (c *Client) MayWrite(ctx context.Context, check ConsentCheck) (ConsentAnswer, error) {
	return ask[ConsentAnswer](ctx, c, call{method: http.MethodPost, path: "/v1/consent/check", body: check})
}

// MayWriteMany asks to which of many addresses a message may be sent now.
func (c *Client) MayWriteMany(ctx context.Context, batch ConsentBatch) (ConsentBatchAnswers, error) {
	return ask[ConsentBatchAnswers](ctx, c, call{method: http.MethodPost, path: "/v1/consent/check/batch", body: batch})
}

// ConsentStreamLine is what is said of one line of a list: an answer, what is wrong with it, or, in the last, whether that was all.
type ConsentStreamLine struct {
	// Line is that of the list, from 1.
	Line int `json:"line"`
	ConsentBatchAnswer
	Fault string `json:"fault"`
	ConsentStreamEnd
}

// ConsentStreamEnd is how a stream ended. Where it is not done, Problem says why, and LastLine is the last that was answered.
type ConsentStreamEnd struct {
	Done     bool   `json:"done"`
	Checked  int    `json:"checked"`
	Count    int    `json:"allowed_count"`
	Faulty   int    `json:"faulty"`
	LastLine int    `json:"last_line"`
	Problem  string `json:"problem"`
}

// MayWriteStream asks to which addresses of a list a message may be sent now, however long it is: one on each line. Each line is told as soon as it is answered, in the
// order of the list. A list that was not answered to its end is *Unanswered.
func (c *Client) MayWriteStream(ctx context.Context, q ConsentAsk, list io.Reader, tell func(ConsentStreamLine) error) error {
	response, err := c.send(ctx, call{method: http.MethodPost, path: "/v1/consent/check/stream", query: q.query(), body: list, media: "text/plain"})
	if err != nil {
		return err
	}
	defer response.Body.Close()
	for lines := json.NewDecoder(response.Body); ; {
		var l ConsentStreamLine
		switch err := lines.Decode(&l); {
		case err != nil:
			return &Unanswered{cause: fmt.Errorf("the answers broke off: %w", err)}
		case l.Done:
			return nil
		case l.Problem != "":
			return &Unanswered{cause: errors.New(l.Problem)}
		}
		if err := tell(l); err != nil {
			return err
		}
	}
}

// query is a message in the address of a call.
func (a ConsentAsk) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"purpose": a.Purpose, "channel": a.Channel, "class": a.Class, "country": a.Country, "day": a.Day} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, yes := range map[string]bool{"relevant_to_role": a.Relevant, "corporate": a.Corporate, "tracking": a.Tracking} {
		if yes {
			q.Set(name, "true")
		}
	}
	return q
}

// RecordConsents writes to the ledger of consents.
func (c *Client) RecordConsents(ctx context.Context, once string, events ConsentEvents) (RecordedConsents, error) {
	return ask[RecordedConsents](ctx, c, call{method: http.MethodPost, path: "/v1/consent/events", body: events, once: once})
}

// Consents reads everything that the ledger says of an address.
func (c *Client) Consents(ctx context.Context, which ConsentLookUp) (ConsentPerson, error) {
	return ask[ConsentPerson](ctx, c, call{method: http.MethodPost, path: "/v1/consent/person", body: which})
}

// ConsentPurposes lists what people are asked to agree to.
func (c *Client) ConsentPurposes(ctx context.Context) (Page[ConsentPurpose], error) {
	return ask[Page[ConsentPurpose]](ctx, c, call{method: http.MethodGet, path: "/v1/consent/purposes"})
}

// PutConsentPurpose adds a purpose, or changes it.
func (c *Client) PutConsentPurpose(ctx context.Context, key string, change PurposeChange) (ConsentPurpose, error) {
	return ask[ConsentPurpose](ctx, c, call{method: http.MethodPut, path: "/v1/consent/purposes/" + url.PathEscape(key), body: change})
}

// AddConsentText adds the next version of the words of a purpose.
func (c *Client) AddConsentText(ctx context.Context, once, purpose string, text NewConsentText) (ConsentText, error) {
	return ask[ConsentText](ctx, c, call{method: http.MethodPost, path: "/v1/consent/purposes/" + url.PathEscape(purpose) + "/texts", body: text, once: once})
}
