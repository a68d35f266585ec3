package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// MailDomain is a domain from which the tenant sends. State is pending, verified or lapsed.
type MailDomain struct {
	ID           uuid.UUID  `json:"id"`
	Domain       string     `json:"domain"`
	State        string     `json:"state"`
	Record       DNSRecord  `json:"record"`
	AddedAt      time.Time  `json:"added_at"`
	CheckedAt    *time.Time `json:"checked_at,omitempty"`
	VerifiedAt   *time.Time `json:"verified_at,omitempty"`
	SeenAt       *time.Time `json:"seen_at,omitempty"`
	MissingSince *time.Time `json:"missing_since,omitempty"`
}

// DNSRecord is a record to put into DNS.
type DNSRecord struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// NewMailDomain is a domain to be added.
type NewMailDomain struct {
	Domain string `json:"domain"`
}

// MailQuestion is what is asked about a message; what is empty is not known.
type MailQuestion struct {
	Class           string // commercial, transactional or asking_consent
	Countries       []string
	Consent         string // unknown, express, implied or none
	TrackingConsent string // unknown, yes or no
	Sender, Address string
	AuthServers     []string
	BeforeSigning   bool
}

// MailReport is what was found about a message. Outcome is errors, warnings or fine.
type MailReport struct {
	Outcome   string          `json:"outcome"`
	Errors    int             `json:"errors"`
	Warnings  int             `json:"warnings"`
	Notes     int             `json:"notes"`
	Class     string          `json:"class"`
	Countries []string        `json:"countries"`
	Laws      []MailLaw       `json:"laws"`
	Message   MailSummary     `json:"message"`
	Findings  []MailFinding   `json:"findings"`
	Unchecked []MailUnchecked `json:"unchecked"`
}

// MailLaw is a law that was looked at.
type MailLaw struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Jurisdiction string `json:"jurisdiction"`
}

// MailSummary says what was read.
type MailSummary struct {
	Subject     string          `json:"subject"`
	From        string          `json:"from"`
	Bytes       int             `json:"bytes"`
	Text        bool            `json:"text"`
	HTML        bool            `json:"html"`
	Attachments int             `json:"attachments"`
	Signatures  []MailSignature `json:"signatures"`
}

// MailSignature is a DKIM signature. Result is valid, invalid or unverified.
type MailSignature struct {
	Domain   string `json:"domain"`
	Result   string `json:"result"`
	Reason   string `json:"reason,omitempty"`
	Aligned  bool   `json:"aligned"`
	OneClick bool   `json:"covers_one_click"`
}

// MailFinding is one thing that is wrong. Severity is error, warning or note.
type MailFinding struct {
	Rule     string       `json:"rule"`
	Severity string       `json:"severity"`
	Title    string       `json:"title"`
	Reason   string       `json:"reason,omitempty"`
	Where    string       `json:"where,omitempty"`
	Saw      string       `json:"saw,omitempty"`
	Do       string       `json:"do"`
	Grounds  []MailGround `json:"grounds"`
}

// MailGround is a law behind a finding.
type MailGround struct {
	Law          string       `json:"law"`
	Name         string       `json:"name"`
	Jurisdiction string       `json:"jurisdiction"`
	Severity     string       `json:"severity"`
	Citation     MailCitation `json:"citation"`
}

// MailCitation says where a law says so, and how well that is known.
type MailCitation struct {
	Text string `json:"text"`
	Mark string `json:"mark"`
}

// MailUnchecked is something that could not be told.
type MailUnchecked struct {
	What string `json:"what"`
	Why  string `json:"why"`
	Do   string `json:"do,omitempty"`
}

// MailDomains lists the domains from which the tenant sends.
func (c *Client) MailDomains(ctx context.Context) (Page[MailDomain], error) {
	return ask[Page[MailDomain]](ctx, c, call{method: http.MethodGet, path: "/v1/mail/domains"})
}

// AddMailDomain adds one; the answer has the record to put into DNS.
func (c *Client) AddMailDomain(ctx context.Context, n NewMailDomain) (MailDomain, error) {
	return ask[MailDomain](ctx, c, call{method: http.MethodPost, path: "/v1/mail/domains", body: n})
}

// VerifyMailDomain has the record of a domain looked for now.
func (c *Client) VerifyMailDomain(ctx context.Context, id uuid.UUID) (MailDomain, error) {
	return ask[MailDomain](ctx, c, call{method: http.MethodPost, path: "/v1/mail/domains/" + id.String() + "/verify"})
}

// RemoveMailDomain removes one.
func (c *Client) RemoveMailDomain(ctx context.Context, id uuid.UUID) error {
	_, err := ask[struct{}](ctx, c, call{method: http.MethodDelete, path: "/v1/mail/domains/" + id.String()})
	return err
}

// CheckMail has a raw message checked before it goes out. Nothing of it is kept.
func (c *Client) CheckMail(ctx context.Context, raw []byte, q MailQuestion) (MailReport, error) {
	return ask[MailReport](ctx, c, call{method: http.MethodPost, path: "/v1/mail/check", query: q.query(), body: raw, media: "message/rfc822"})
}

func (q MailQuestion) query() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{
		"class": q.Class, "country": strings.Join(q.Countries, ","), "consent": q.Consent, "tracking_consent": q.TrackingConsent, "sender": q.Sender,
		"address": q.Address, "authserv_id": strings.Join(q.AuthServers, ","),
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.BeforeSigning {
		values.Set("before_signing", strconv.FormatBool(true))
	}
	return values
}
