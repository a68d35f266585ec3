package storage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// The kinds of receivers: signed JSON is posted to it, listmonk is told by its own API, or it asks by itself.
const (
	ReceiverHTTP     = "http"
	ReceiverListmonk = "listmonk"
	ReceiverPull     = "pull"
)

// ConsentReceiver is another system that writes to people for the tenant and has to hear who wants no more.
type ConsentReceiver struct {
	ID   uuid.UUID
	Name string
	Kind string
	// URL is where it is, Login and Secret the way in; of one that asks by itself they are empty. The secret of http signs.
	URL, Login, Secret string
	Channels           []privacy.MessageChannel
	// Purposes are those that it writes for, by number; none is all.
	Purposes []int32
	// Zone is that of the days of its handovers.
	Zone *time.Location
	// Begun is where it begins: nothing before that is its business.
	Begun int64
	// Counted is up to where its withdrawals stand in handovers, Last is behind the last line that concerns it, Confirmed up to where it has confirmed.
	Counted, Last, Confirmed StreamPlace
	// Sending is the page on its way to it; nil where there is none.
	Sending *SentPage
	// Tries counts those that failed since the last that did not, and NextTry is when the next is due.
	Tries   int
	NextTry *time.Time
	// Problem says why the last try failed, and TakenAt is when it last took anything.
	Problem   string
	TakenAt   *time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
	RetiredAt *time.Time
}

// SentPage is what a receiver is being told: up to which place, under which id.
type SentPage struct {
	ID uuid.UUID
	To StreamPlace
}

// Waiting says that something has yet to be confirmed.
func (r *ConsentReceiver) Waiting() bool { return r.Confirmed.Before(r.Last) }

// AddConsentReceiver adds a receiver. It hears of what comes into the log from now on, or with backlog of everything from the first line.
func (t *Tx) AddConsentReceiver(ctx context.Context, r ConsentReceiver, backlog bool) (uuid.UUID, error) {
	id := newID()
	sealed, err := t.sealReceiverSecret(id, r.Secret)
	if err != nil {
		return uuid.Nil, err
	}
	err = t.q.InsertConsentReceiver(ctx, db.InsertConsentReceiverParams{
		ID: id, TenantID: t.tenant.ID, Name: r.Name, Kind: r.Kind, Url: r.URL, Login: r.Login, SecretSealed: sealed, Channels: channelNames(r.Channels),
		Purposes: append([]int32{}, r.Purposes...), Zone: t.tenant.Zone.String(), At: t.now, Backlog: backlog,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("add the receiver: %w", err)
	}
	return id, t.auditReceiver(ctx, audit.ConsentReceiverAdded, id, map[audit.FactKey]string{audit.FactMethod: r.Kind, audit.FactChannel: strings.Join(channelNames(r.Channels), ",")})
}

func channelNames(channels []privacy.MessageChannel) []string {
	out := make([]string, len(channels))
	for i, c := range channels {
		out[i] = string(c)
	}
	return out
}

// sealReceiverSecret seals a secret; none stays none.
func (t *Tx) sealReceiverSecret(id uuid.UUID, secret string) ([]byte, error) {
	if secret == "" {
		return nil, nil
	}
	sealed, err := t.tenant.records.Seal([]byte(secret), receiverField(id))
	if err != nil {
		return nil, fmt.Errorf("seal the receiver's secret: %w", err)
	}
	return sealed, nil
}

func receiverField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "consent_receivers", Column: "secret", Row: id.String()}
}

func (t *Tx) auditReceiver(ctx context.Context, action audit.Action, id uuid.UUID, facts map[audit.FactKey]string) error {
	return t.Audit(ctx, audit.Event{Action: action, Object: audit.Object{Kind: "consent_receiver", ID: id.String()}, Facts: facts})
}

// ConsentReceivers lists the tenant's receivers, the oldest first, those that are retired too.
func (t *Tx) ConsentReceivers(ctx context.Context) ([]ConsentReceiver, error) {
	rows, err := t.q.ConsentReceivers(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("read the receivers: %w", err)
	}
	out := make([]ConsentReceiver, len(rows))
	for i, row := range rows {
		if out[i], err = t.openReceiver(db.ConsentReceiverRow(row)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ConsentReceiver reads one; ErrNotFound where there is none.
func (t *Tx) ConsentReceiver(ctx context.Context, id uuid.UUID) (ConsentReceiver, error) {
	row, err := t.q.ConsentReceiver(ctx, t.tenant.ID, id)
	if err != nil {
		return ConsentReceiver{}, fmt.Errorf("receiver: %w", translate(err))
	}
	return t.openReceiver(row)
}

// LockConsentReceiver is ConsentReceiver, and holds it until the transaction ends.
func (t *Tx) LockConsentReceiver(ctx context.Context, id uuid.UUID) (ConsentReceiver, error) {
	row, err := t.q.LockConsentReceiver(ctx, t.tenant.ID, id)
	if err != nil {
		return ConsentReceiver{}, fmt.Errorf("receiver: %w", translate(err))
	}
	return t.openReceiver(db.ConsentReceiverRow(row))
}

func (t *Tx) openReceiver(row db.ConsentReceiverRow) (ConsentReceiver, error) {
	r := ConsentReceiver{
		ID: row.ID, Name: row.Name, Kind: row.Kind, URL: given(row.Url), Login: given(row.Login), Purposes: row.Purposes, Begun: row.BegunLeaf,
		Counted: StreamPlace{row.CountedLeaf, row.CountedPosition}, Last: StreamPlace{row.LastLeaf, row.LastPosition}, Confirmed: StreamPlace{row.ConfirmedLeaf, row.ConfirmedPosition},
		Tries: int(row.Tries), NextTry: row.NextTryAt, Problem: given(row.Problem), TakenAt: row.TakenAt, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt, RetiredAt: row.RetiredAt,
	}
	var err error
	if r.Zone, err = time.LoadLocation(row.Zone); err != nil {
		return r, fmt.Errorf("the zone of a receiver: %w", err)
	}
	for _, c := range row.Channels {
		r.Channels = append(r.Channels, privacy.MessageChannel(c))
	}
	if row.SendingID != nil {
		r.Sending = &SentPage{ID: *row.SendingID, To: StreamPlace{*row.SendingLeaf, *row.SendingPosition}}
	}
	if row.SecretSealed == nil {
		return r, nil
	}
	secret, err := t.tenant.records.Open(row.SecretSealed, receiverField(row.ID))
	if err != nil {
		return r, fmt.Errorf("open the receiver's secret: %w", err)
	}
	r.Secret = string(secret)
	return r, nil
}

// UpdateConsentReceiver changes what a receiver is called and how it is reached; an empty secret leaves the one it has. It is tried again at once. ErrNotFound says that it is retired.
func (t *Tx) UpdateConsentReceiver(ctx context.Context, r ConsentReceiver) error {
	sealed, err := t.sealReceiverSecret(r.ID, r.Secret)
	if err != nil {
		return err
	}
	err = one(t.q.UpdateConsentReceiver(ctx, db.UpdateConsentReceiverParams{TenantID: t.tenant.ID, ID: r.ID, Name: r.Name, Url: r.URL, Login: r.Login, SecretSealed: sealed, At: t.now}))
	if err != nil {
		return fmt.Errorf("change the receiver: %w", err)
	}
	return t.auditReceiver(ctx, audit.ConsentReceiverChanged, r.ID, nil)
}

// RetireConsentReceiver says that a system writes to nobody any more: it hears of nothing, and what it had not confirmed ends. It can't be taken back. ErrNotFound says that it is retired.
func (t *Tx) RetireConsentReceiver(ctx context.Context, id uuid.UUID) error {
	if err := one(t.q.RetireConsentReceiver(ctx, t.tenant.ID, id, t.now)); err != nil {
		return fmt.Errorf("retire the receiver: %w", err)
	}
	ended, err := t.q.EndConsentHandovers(ctx, t.tenant.ID, t.now, id)
	if err != nil {
		return fmt.Errorf("end what it had to confirm: %w", err)
	}
	return t.auditReceiver(ctx, audit.ConsentReceiverRetired, id, map[audit.FactKey]string{audit.FactCount: fmt.Sprint(ended)})
}

// ReceiverBehind is a receiver that something is to be done about.
type ReceiverBehind = db.ConsentReceiversBehindRow

// ConsentReceiversBehind lists receivers in use, and says of each whether the log has grown and whether something waits to be sent to it now.
func (t *Tx) ConsentReceiversBehind(ctx context.Context) ([]ReceiverBehind, error) {
	rows, err := t.q.ConsentReceiversBehind(ctx, t.tenant.ID, t.now)
	if err != nil {
		return nil, fmt.Errorf("look for receivers: %w", err)
	}
	return rows, nil
}

// MoveConsentReceiver keeps how far a receiver is, and how the last try went.
func (t *Tx) MoveConsentReceiver(ctx context.Context, r *ConsentReceiver) error {
	row := db.MoveConsentReceiverParams{
		TenantID: t.tenant.ID, ID: r.ID, CountedLeaf: r.Counted.Leaf, CountedPosition: r.Counted.Position, LastLeaf: r.Last.Leaf, LastPosition: r.Last.Position,
		ConfirmedLeaf: r.Confirmed.Leaf, ConfirmedPosition: r.Confirmed.Position, Tries: int32(r.Tries), NextTryAt: r.NextTry, TakenAt: r.TakenAt,
	}
	if r.Sending != nil {
		row.SendingID, row.SendingLeaf, row.SendingPosition = &r.Sending.ID, &r.Sending.To.Leaf, &r.Sending.To.Position
	}
	if r.Problem != "" {
		row.Problem = &r.Problem
	}
	if err := one(t.q.MoveConsentReceiver(ctx, row)); err != nil {
		return fmt.Errorf("move the receiver: %w", err)
	}
	return nil
}
