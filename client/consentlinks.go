package client

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// NewConsentLinks asks for the links of a message. Day is a date; empty is today.
type NewConsentLinks struct {
	Addresses []string `json:"addresses"`
	Purpose   string   `json:"purpose"`
	Channel   string   `json:"channel,omitempty"`
	List      string   `json:"list,omitempty"`
	Day       string   `json:"day,omitempty"`
}

// ConsentLinks are those of each address, in its place.
type ConsentLinks struct {
	Links []ConsentLink `json:"links"`
}

// ConsentLink is how one person ends and chooses what they get, with the headers of the message.
type ConsentLink struct {
	Unsubscribe string `json:"unsubscribe"`
	Preferences string `json:"preferences"`
	Header      string `json:"list_unsubscribe"`
	Post        string `json:"list_unsubscribe_post,omitempty"`
}

// LinkKey signs such links.
type LinkKey struct {
	Number    uint16     `json:"number"`
	InUse     bool       `json:"in_use"`
	CreatedAt time.Time  `json:"created_at"`
	RetiredAt *time.Time `json:"retired_at,omitempty"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
}

// ConsentChosen is what a person chose beside their consents; it held until the next.
type ConsentChosen struct {
	Frequency string    `json:"frequency"`
	Paused    string    `json:"paused_until,omitempty"`
	Language  string    `json:"language,omitempty"`
	At        time.Time `json:"at"`
	How       string    `json:"how"`
}

// MakeConsentLinks makes the links of a message.
func (c *Client) MakeConsentLinks(ctx context.Context, n NewConsentLinks) (ConsentLinks, error) {
	return ask[ConsentLinks](ctx, c, call{method: http.MethodPost, path: "/v1/consent/links", body: n})
}

// LinkKeys lists the keys that sign links, the oldest first.
func (c *Client) LinkKeys(ctx context.Context) (Page[LinkKey], error) {
	return ask[Page[LinkKey]](ctx, c, call{method: http.MethodGet, path: "/v1/consent/link-keys"})
}

// RotateLinkKeys has a new key sign from now on.
func (c *Client) RotateLinkKeys(ctx context.Context) (LinkKey, error) {
	return ask[LinkKey](ctx, c, call{method: http.MethodPost, path: "/v1/consent/link-keys/rotate", body: struct{}{}})
}

// RevokeLinkKey has the links of a key do nothing any more.
func (c *Client) RevokeLinkKey(ctx context.Context, number uint16) (Page[LinkKey], error) {
	return ask[Page[LinkKey]](ctx, c, call{method: http.MethodPost, path: "/v1/consent/link-keys/" + strconv.Itoa(int(number)) + "/revoke", body: struct{}{}})
}
