package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Tenant is the controller that the key belongs to.
type Tenant struct {
	ID       uuid.UUID `json:"id"`
	Slug     string    `json:"slug"`
	Name     string    `json:"name"`
	Country  string    `json:"country"`
	Calendar string    `json:"calendar"`
	Zone     string    `json:"zone"`
	Language string    `json:"language"`
	Regime   string    `json:"regime"`
	Profile  Profile   `json:"profile"`
	Settings Settings  `json:"settings"`
	Version  string    `json:"version,omitempty"`
}

// Profile is what letters and pages say of the controller.
type Profile struct {
	Address      string `json:"address"`
	DPO          string `json:"dpo"`
	Contact      string `json:"contact"`
	Authority    string `json:"authority"`
	AuthorityURL string `json:"authority_url"`
}

// Settings are the tenant's choices where the law leaves one.
type Settings struct {
	Ladder           string   `json:"ladder"`
	VerifyDays       int      `json:"verify_days"`
	VerifyRemindDays int      `json:"verify_remind_days"`
	PackageDays      int      `json:"package_days"`
	AssertionKeys    []string `json:"assertion_keys,omitempty"`
	SlackChannel     string   `json:"slack_channel,omitempty"`
	PhoneCountry     string   `json:"phone_country,omitempty"`
	Regimes          []string `json:"regimes,omitempty"`
	Colour           string   `json:"colour,omitempty"`
	SmallAgent       bool     `json:"small_agent,omitempty"`
	Retention        []string `json:"retention,omitempty"`
	Supervised       bool     `json:"supervised,omitempty"`
	YearEnd          string   `json:"year_end,omitempty"`
	CaseMonths       int      `json:"case_months,omitempty"`
	ErasureWaitDays  int      `json:"erasure_wait_days,omitempty"`
	LiftNoticeDays   int      `json:"lift_notice_days,omitempty"`
	DRPBusinessID    string   `json:"drp_business_id,omitempty"`
	GPCUpdated       string   `json:"gpc_updated,omitempty"`
	Consents         Consents `json:"consents,omitzero"`
	SecondFactor     string   `json:"second_factor,omitempty"`
}

// Consents are the choices about consents and lawful mail.
type Consents struct {
	Canadian        bool            `json:"canadian,omitempty"`
	Confirmation    map[string]bool `json:"confirmation,omitempty"`
	KeepIP          bool            `json:"keep_ip,omitempty"`
	UnsubscribeMail string          `json:"unsubscribe_mail,omitempty"`
	SignUps         *SignUps        `json:"sign_ups,omitempty"`
	AskDays         int             `json:"ask_days,omitempty"`
	WarningDays     []int           `json:"warning_days,omitempty"`
	Receipts        Receipts        `json:"receipts,omitzero"`
}

// Receipts are what documents about consents for others say of the controller. Recipients that are nil are not known, and none where the list is empty.
type Receipts struct {
	PolicyURL   string                    `json:"policy_url,omitempty"`
	WithdrawURL string                    `json:"withdraw_url,omitempty"`
	Contact     string                    `json:"contact,omitempty"`
	Email       string                    `json:"email,omitempty"`
	Phone       string                    `json:"phone,omitempty"`
	URL         string                    `json:"url,omitempty"`
	Service     string                    `json:"service,omitempty"`
	Recipients  []ConsentRecipient        `json:"recipients,omitzero"`
	Purposes    map[string]ReceiptPurpose `json:"purposes,omitempty"`
}

// ConsentRecipient is a third party that gets addresses of people who consent.
type ConsentRecipient struct {
	Name    string `json:"name"`
	Contact string `json:"contact,omitempty"`
	Email   string `json:"email,omitempty"`
	URL     string `json:"url,omitempty"`
	Country string `json:"country,omitempty"`
}

// ReceiptPurpose is what is different for a purpose.
type ReceiptPurpose struct {
	PolicyURL  string             `json:"policy_url,omitempty"`
	Service    string             `json:"service,omitempty"`
	Recipients []ConsentRecipient `json:"recipients,omitzero"`
}

// SignUps are the choices about forms by which people sign up.
type SignUps struct {
	Purposes   []string `json:"purposes"`
	ExpireDays int      `json:"expire_days,omitempty"`
	RemindDays int      `json:"remind_days,omitempty"`
	NoReminder bool     `json:"no_reminder,omitempty"`
	NoWelcome  bool     `json:"no_welcome,omitempty"`
	Origins    []string `json:"origins,omitempty"`
	Thanks     string   `json:"thanks,omitempty"`
}

// Staff is a member of the tenant's staff.
type Staff struct {
	ID     uuid.UUID `json:"id"`
	Role   string    `json:"role"`
	Name   string    `json:"name"`
	Email  string    `json:"email"`
	Active bool      `json:"active"`
	Status string    `json:"status"`
	// Factor says that they have a second factor.
	Factor     bool       `json:"second_factor"`
	LastSignIn *time.Time `json:"last_sign_in_at,omitempty"`
	Slack      string     `json:"slack_user,omitempty"`
	Digest     bool       `json:"digest"`
}

// NewStaff is a member of staff to be added.
type NewStaff struct {
	Role  string `json:"role"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Caller is who the key belongs to and what it may do.
type Caller struct {
	Tenant     string     `json:"tenant"`
	Role       string     `json:"role"`
	Key        string     `json:"key_name"`
	StaffID    *uuid.UUID `json:"staff_id,omitempty"`
	Expires    *time.Time `json:"expires_at,omitempty"`
	Scopes     []string   `json:"scopes,omitempty"`
	Operations []string   `json:"operations"`
}

// Key is an API key without its secret.
type Key struct {
	ID         uuid.UUID  `json:"id"`
	Name       string     `json:"name"`
	Role       string     `json:"role"`
	StaffID    *uuid.UUID `json:"staff_id,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"`
	LastUsedAt *time.Time `json:"last_used_at,omitempty"`
	RevokedAt  *time.Time `json:"revoked_at,omitempty"`
	Scopes     []string   `json:"scopes,omitempty"`
	MadeBy     string     `json:"made_by,omitempty"` // the member of staff who made it, or the key it was made with
}

// NewKey is a key to be made.
type NewKey struct {
	Name      string     `json:"name"`
	Role      string     `json:"role"`
	StaffID   *uuid.UUID `json:"staff_id,omitempty"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
	Scopes    []string   `json:"scopes,omitempty"`
}

// CreatedKey is a key with its secret, which is given this once.
type CreatedKey struct {
	ID  uuid.UUID `json:"id"`
	Key string    `json:"key"`
}

// Tenant shows the tenant of the key.
func (c *Client) Tenant(ctx context.Context) (Tenant, error) {
	return ask[Tenant](ctx, c, call{method: http.MethodGet, path: "/v1/tenant"})
}

// Staff lists the tenant's staff.
func (c *Client) Staff(ctx context.Context) (Page[Staff], error) {
	return ask[Page[Staff]](ctx, c, call{method: http.MethodGet, path: "/v1/staff"})
}

// AddStaff adds a member of staff.
func (c *Client) AddStaff(ctx context.Context, in NewStaff) (Staff, error) {
	return ask[Staff](ctx, c, call{method: http.MethodPost, path: "/v1/staff", body: in})
}

// Caller shows who the key belongs to and what it may do.
func (c *Client) Caller(ctx context.Context) (Caller, error) {
	return ask[Caller](ctx, c, call{method: http.MethodGet, path: "/v1/caller"})
}

// Keys lists the tenant's API keys.
func (c *Client) Keys(ctx context.Context) (Page[Key], error) {
	return ask[Page[Key]](ctx, c, call{method: http.MethodGet, path: "/v1/api-keys"})
}

// CreateKey makes an API key.
func (c *Client) CreateKey(ctx context.Context, in NewKey) (CreatedKey, error) {
	return ask[CreatedKey](ctx, c, call{method: http.MethodPost, path: "/v1/api-keys", body: in})
}

// RevokeKey ends an API key for good.
func (c *Client) RevokeKey(ctx context.Context, id uuid.UUID) error {
	_, err := ask[nothing](ctx, c, call{method: http.MethodDelete, path: "/v1/api-keys/" + id.String()})
	return err
}
