package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// SendingDomain is a domain from which the tenant sends, and what DNS said of it.
type SendingDomain struct {
	ID     uuid.UUID
	Domain string
	// Token stands in the TXT record that shows that the domain is the tenant's. It is public.
	Token   string
	AddedAt time.Time
	// CheckedAt is when DNS last gave an answer; nil before the first.
	CheckedAt *time.Time
	// VerifiedAt is when the record was first there, SeenAt when it last was; nil while it never was.
	VerifiedAt, SeenAt *time.Time
	// MissingSince is since when it is not there any more; nil while it is.
	MissingSince *time.Time
}

// lapsesAfter is how long the record of a verified domain may be missing: a zone that is moved to another server lacks it for a while.
const lapsesAfter = 72 * time.Hour

// The states of a domain.
const (
	DomainPending  = "pending"  // its record was never seen
	DomainVerified = "verified" // its record is there, or was less than three days ago
	DomainLapsed   = "lapsed"   // its record has been missing for three days
)

// State says what a domain counts for now.
func (d SendingDomain) State(now time.Time) string {
	switch {
	case d.VerifiedAt == nil:
		return DomainPending
	case d.MissingSince != nil && !now.Before(d.MissingSince.Add(lapsesAfter)):
		return DomainLapsed
	}
	return DomainVerified
}

// AddSendingDomain adds a domain that is still to be verified. ErrExists when the tenant has it already.
func (t *Tx) AddSendingDomain(ctx context.Context, domain, token string) (SendingDomain, error) {
	d := SendingDomain{ID: newID(), Domain: domain, Token: token, AddedAt: t.now}
	err := t.q.InsertSendingDomain(ctx, db.InsertSendingDomainParams{ID: d.ID, TenantID: t.tenant.ID, Domain: domain, Token: token, AddedAt: t.now})
	if err != nil {
		return SendingDomain{}, fmt.Errorf("add the domain: %w", translate(err))
	}
	return d, t.auditDomain(ctx, audit.MailDomainAdded, d.ID)
}

func (t *Tx) auditDomain(ctx context.Context, action audit.Action, id uuid.UUID) error {
	return t.Audit(ctx, audit.Event{Action: action, Object: audit.Object{Kind: "mail_domain", ID: id.String()}})
}

// SendingDomains lists the tenant's domains by name.
func (t *Tx) SendingDomains(ctx context.Context) ([]SendingDomain, error) {
	rows, err := t.q.SendingDomains(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("read the domains: %w", err)
	}
	domains := make([]SendingDomain, len(rows))
	for i, row := range rows {
		domains[i] = SendingDomain(row)
	}
	return domains, nil
}

// SendingDomain reads one.
func (t *Tx) SendingDomain(ctx context.Context, id uuid.UUID) (SendingDomain, error) {
	row, err := t.q.SendingDomain(ctx, t.tenant.ID, id)
	if err != nil {
		return SendingDomain{}, fmt.Errorf("domain: %w", translate(err))
	}
	return SendingDomain(row), nil
}

// CheckedSendingDomain keeps whether the record of a domain was there now.
func (t *Tx) CheckedSendingDomain(ctx context.Context, id uuid.UUID, there bool) (SendingDomain, error) {
	action, keep := audit.MailDomainNotFound, t.q.MissedSendingDomain
	if there {
		action, keep = audit.MailDomainVerified, t.q.SawSendingDomain
	}
	if err := one(keep(ctx, t.tenant.ID, id, t.now)); err != nil {
		return SendingDomain{}, fmt.Errorf("keep what DNS said of the domain: %w", err)
	}
	if err := t.auditDomain(ctx, action, id); err != nil {
		return SendingDomain{}, err
	}
	return t.SendingDomain(ctx, id)
}

// RemoveSendingDomain takes a domain away.
func (t *Tx) RemoveSendingDomain(ctx context.Context, id uuid.UUID) error {
	if err := one(t.q.DeleteSendingDomain(ctx, t.tenant.ID, id)); err != nil {
		return fmt.Errorf("remove the domain: %w", err)
	}
	return t.auditDomain(ctx, audit.MailDomainRemoved, id)
}
