package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify/webhook"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// NewReceiver is another system that has to hear who wants no more.
type NewReceiver struct {
	Name, Kind, URL, Login, Secret string
	Channels                       []privacy.MessageChannel
	// Purposes are the keys of those that it writes for; none is all.
	Purposes []string
	// Backlog has it hear of every withdrawal that there is, and not only of those to come.
	Backlog bool
}

// AddReceiver adds a receiver, and gives the secret that signs what it is told where it is new. local is the operator's word that it may be in the own network. Errors are
// *privacy.RuleError for what can't be.
func (d *Desk) AddReceiver(ctx context.Context, tx *storage.Tx, n NewReceiver, local bool) (id uuid.UUID, secret string, err error) {
	r := storage.ConsentReceiver{Name: n.Name, Kind: n.Kind, URL: n.URL, Login: n.Login, Secret: n.Secret, Channels: n.Channels}
	if err := checkReceiver(&r, local); err != nil {
		return uuid.Nil, "", err
	}
	for _, key := range n.Purposes {
		purpose, err := PurposeOf(tx.Tenant(), key)
		if err != nil {
			return uuid.Nil, "", err
		}
		r.Purposes = append(r.Purposes, purpose.Number)
	}
	if r.Kind == storage.ReceiverHTTP {
		secret = webhook.NewSecret()
		r.Secret = secret
	}
	id, err = tx.AddConsentReceiver(ctx, r, n.Backlog)
	return id, secret, err
}

// ReceiverChange is what a receiver is to be called and how it is reached; an empty secret leaves that of listmonk as it is.
type ReceiverChange struct{ Name, URL, Login, Secret string }

// ChangeReceiver changes a receiver. Errors are *privacy.RuleError for what can't be.
func (d *Desk) ChangeReceiver(ctx context.Context, tx *storage.Tx, id uuid.UUID, c ReceiverChange, local bool) error {
	r, err := tx.LockConsentReceiver(ctx, id)
	if err != nil {
		return err
	}
	if r.RetiredAt != nil {
		return asksItself(&r)
	}
	r.Name, r.URL, r.Login = c.Name, c.URL, c.Login
	given := r
	if given.Secret = c.Secret; r.Kind == storage.ReceiverListmonk && c.Secret == "" {
		given.Secret = r.Secret
	}
	if err := checkReceiver(&given, local); err != nil {
		return err
	}
	r.Secret = c.Secret
	return tx.UpdateConsentReceiver(ctx, r)
}

// NewReceiverSecret makes another secret for what a receiver is told; the one before signs nothing any more.
func (d *Desk) NewReceiverSecret(ctx context.Context, tx *storage.Tx, id uuid.UUID) (string, error) {
	r, err := tx.LockConsentReceiver(ctx, id)
	if err != nil {
		return "", err
	}
	if r.RetiredAt != nil || r.Kind != storage.ReceiverHTTP {
		return "", &privacy.RuleError{Code: "receiver_kind", Message: "only a receiver of the kind http that is in use has a secret that signs"}
	}
	r.Secret = webhook.NewSecret()
	return r.Secret, tx.UpdateConsentReceiver(ctx, r)
}

// checkReceiver sees to it that a receiver has what its kind needs, and nothing else.
func checkReceiver(r *storage.ConsentReceiver, local bool) error {
	fault := func(message string) error { return &privacy.RuleError{Code: "receiver", Message: message} }
	switch {
	case r.Kind == storage.ReceiverPull && (r.URL != "" || r.Login != "" || r.Secret != ""):
		return fault("a receiver that asks by itself has no url, login and token: it comes with a key of this API")
	case r.Kind == storage.ReceiverHTTP && (r.Login != "" || r.Secret != ""):
		return fault("a receiver of the kind http has no login and token: what it is told is signed with a secret that is made here")
	case r.Kind == storage.ReceiverListmonk && (r.Login == "" || r.Secret == ""):
		return fault("listmonk needs the name of an API user (login) and its token: it is made in listmonk under Users")
	case r.Kind == storage.ReceiverListmonk && !slices.Equal(r.Channels, []privacy.MessageChannel{privacy.ByEmail}):
		return fault("listmonk writes e-mail: give email as its only channel")
	}
	if r.Kind == storage.ReceiverPull {
		return nil
	}
	if err := webhook.CheckAddress(r.URL, local); err != nil {
		return fault("url: " + err.Error())
	}
	return nil
}
