package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
)

// NewSignUp has a mailbox confirm what somebody signed up for.
type NewSignUp struct {
	Address  string           `json:"address"`
	Purposes []string         `json:"purposes"`
	Texts    []uuid.UUID      `json:"texts"`
	Language string           `json:"language,omitempty"`
	Country  string           `json:"country,omitempty"`
	Source   string           `json:"source,omitempty"`
	Evidence *ConsentEvidence `json:"evidence,omitempty"`
}

// SignUp is how far one has come.
type SignUp struct {
	ID       uuid.UUID  `json:"id"`
	State    string     `json:"state"`
	Purposes []string   `json:"purposes"`
	Language string     `json:"language"`
	How      string     `json:"how"`
	Source   string     `json:"source,omitempty"`
	At       time.Time  `json:"at"`
	Repeats  int        `json:"repeats"`
	Letters  int        `json:"letters"`
	LetterAt *time.Time `json:"letter_at,omitempty"`
	Reminded *time.Time `json:"reminded_at,omitempty"`
	Expires  *time.Time `json:"expires_at,omitempty"`
	Ended    *time.Time `json:"ended_at,omitempty"`
}

// SignUpForm is a form for a page of the tenant's own.
type SignUpForm struct {
	HTML string `json:"html"`
	Page string `json:"page"`
	Post string `json:"post"`
}

// SignUp has a mailbox confirm what somebody signed up for; once makes a call that is sent again the same one.
func (c *Client) SignUp(ctx context.Context, n NewSignUp, once string) (SignUp, error) {
	return ask[SignUp](ctx, c, call{method: http.MethodPost, path: "/v1/consent/sign-ups", body: n, once: once})
}

// GetSignUp says how far a sign-up has come.
func (c *Client) GetSignUp(ctx context.Context, id uuid.UUID) (SignUp, error) {
	return ask[SignUp](ctx, c, call{method: http.MethodGet, path: "/v1/consent/sign-ups/" + id.String()})
}

// SignUpForm gives a form for purposes, in a language; all of them, and the tenant's, when empty.
func (c *Client) SignUpForm(ctx context.Context, purposes []string, language string) (SignUpForm, error) {
	query := url.Values{}
	if len(purposes) > 0 {
		query["purpose"] = purposes
	}
	if language != "" {
		query.Set("language", language)
	}
	return ask[SignUpForm](ctx, c, call{method: http.MethodGet, path: "/v1/consent/sign-up-form", query: query})
}
