package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Requester is a company whose programs file requests for people: a controller by OpenDSR, an authorised agent by the Data Rights Protocol.
type Requester = db.Requester

// The protocols by which requests come in; they are channels of cases too.
const (
	ProtocolOpenDSR = "opendsr"
	ProtocolDRP     = "drp"
)

// What a requester's word can be let count for.
const (
	VouchEmail    = "email"
	VouchPhone    = "phone_number"
	VouchCustomer = "customer_id"
)

// NewRequester is what a requester is made of.
type NewRequester struct {
	Protocol, Handle, Name, Domain, WebURL string
	// Verifier is an agent's public Ed25519 key.
	Verifier []byte
	// SecretHash is of a controller's key; an agent gets its own by the protocol.
	SecretHash []byte
	Vouches    []string
	Results    bool
}

// AddRequester lets a company file requests. A handle that is taken is ErrExists.
func (t *Tx) AddRequester(ctx context.Context, n NewRequester) (uuid.UUID, error) {
	id := newID()
	err := t.q.InsertRequester(ctx, db.InsertRequesterParams{
		ID: id, TenantID: t.tenant.ID, Protocol: n.Protocol, Handle: n.Handle, Name: n.Name, Domain: optional(n.Domain), WebUrl: n.WebURL,
		Verifier: n.Verifier, SecretHash: n.SecretHash, Vouches: listed(n.Vouches), Results: n.Results, CreatedAt: t.now,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("add the requester: %w", translate(err))
	}
	return id, t.auditRequester(ctx, audit.RequesterCreated, id, "", map[audit.FactKey]string{audit.FactChannel: n.Protocol})
}

// listed is a list that the register can hold: none is an empty one.
func listed(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (t *Tx) auditRequester(ctx context.Context, action audit.Action, id uuid.UUID, reason string, facts map[audit.FactKey]string) error {
	return t.Audit(ctx, audit.Event{Action: action, Object: requesterObject(id), Reason: reason, Facts: facts})
}

func requesterObject(id uuid.UUID) audit.Object {
	return audit.Object{Kind: "requester", ID: id.String()}
}

// Requesters lists them, with those that may file no more.
func (t *Tx) Requesters(ctx context.Context) ([]Requester, error) {
	rows, err := t.q.Requesters(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("read the requesters: %w", err)
	}
	return rows, nil
}

// Requester reads one.
func (t *Tx) Requester(ctx context.Context, id uuid.UUID) (Requester, error) {
	row, err := t.q.Requester(ctx, t.tenant.ID, id)
	if err != nil {
		return Requester{}, fmt.Errorf("requester: %w", translate(err))
	}
	return row, nil
}

// RequesterByHandle finds one that may file, by its name in the protocol.
func (t *Tx) RequesterByHandle(ctx context.Context, protocol, handle string) (Requester, error) {
	row, err := t.q.RequesterByHandle(ctx, t.tenant.ID, protocol, handle)
	if err != nil {
		return Requester{}, fmt.Errorf("requester: %w", translate(err))
	}
	return row, nil
}

// RequesterBySecret finds whose key has this hash, also one that may file no more: look at EndedAt.
func (t *Tx) RequesterBySecret(ctx context.Context, protocol string, hash []byte) (Requester, error) {
	row, err := t.q.RequesterBySecret(ctx, t.tenant.ID, protocol, hash, t.now)
	if err != nil {
		return Requester{}, fmt.Errorf("requester: %w", translate(err))
	}
	return row, nil
}

// UpdateRequester changes all but the protocol, the handle and the key that it shows.
func (t *Tx) UpdateRequester(ctx context.Context, id uuid.UUID, n NewRequester) error {
	before, err := t.Requester(ctx, id)
	if err != nil {
		return err
	}
	err = one(t.q.UpdateRequester(ctx, db.UpdateRequesterParams{
		TenantID: t.tenant.ID, ID: id, Name: n.Name, Domain: optional(n.Domain), WebUrl: n.WebURL, Verifier: n.Verifier,
		Vouches: listed(n.Vouches), Results: n.Results, At: t.now,
	}))
	if err != nil {
		return fmt.Errorf("change the requester: %w", err)
	}
	reason := ""
	if !slices.Equal(before.Vouches, n.Vouches) || before.Results != n.Results {
		reason = "trust_changed"
	}
	if !slices.Equal(before.Verifier, n.Verifier) {
		reason = "verify_key_changed"
	}
	return t.auditRequester(ctx, audit.RequesterChanged, id, reason, nil)
}

// ReplaceRequesterSecret gives a requester another key by its hash; the one before is good too until then.
func (t *Tx) ReplaceRequesterSecret(ctx context.Context, id uuid.UUID, hash []byte, until time.Time) error {
	err := one(t.q.ReplaceRequesterSecret(ctx, db.ReplaceRequesterSecretParams{TenantID: t.tenant.ID, ID: id, Until: until, Secret: hash, At: t.now}))
	if err != nil {
		return fmt.Errorf("replace the requester's key: %w", err)
	}
	return t.auditRequester(ctx, audit.RequesterChanged, id, "key_replaced", nil)
}

// EndRequester lets it file no more and hear no more. What it filed goes on.
func (t *Tx) EndRequester(ctx context.Context, id uuid.UUID) error {
	if err := one(t.q.EndRequester(ctx, t.tenant.ID, id, t.now)); err != nil {
		return fmt.Errorf("end the requester: %w", err)
	}
	return t.auditRequester(ctx, audit.RequesterEnded, id, "", nil)
}

// RefuseRequester puts on record that something of a requester's was not taken, and why.
func (t *Tx) RefuseRequester(ctx context.Context, id uuid.UUID, reason string, facts map[audit.FactKey]string) error {
	return t.Audit(ctx, audit.Event{Action: audit.RequesterRefused, Object: requesterObject(id), Outcome: audit.Refused, Reason: reason, Facts: facts})
}

// VouchedFor says what of a person a requester's word proves: whether anything at all, and what beside the mailbox.
func VouchedFor(r Requester, p Person) (proven bool, also privacy.AlsoProven) {
	if !slices.Contains(r.Vouches, VouchEmail) {
		return false, ""
	}
	phone := slices.Contains(r.Vouches, VouchPhone) && p.Phone != ""
	customer := slices.Contains(r.Vouches, VouchCustomer) && p.CustomerID != ""
	switch {
	case phone && customer:
		return true, privacy.ProvenBoth
	case phone:
		return true, privacy.ProvenPhone
	case customer:
		return true, privacy.ProvenCustomer
	default:
		return true, ""
	}
}
