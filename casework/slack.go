package casework

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// indexSlack marks the value of a button in Slack, so that it can be no other than one of ours.
const indexSlack seal.IndexKind = "slack_button"

const slackMark = 16

// ErrButton says that the value of a button is none of ours.
var ErrButton = errors.New("the value of the button is none of this installation's")

// Button is what a button in Slack is about. Whoever presses it is checked apart: it opens nothing by itself.
type Button struct {
	Ref        contract.Ref
	Obligation uuid.UUID
}

// buttonOf is the value of the buttons on a notice about an obligation.
func (f *file) buttonOf(obligation uuid.UUID) (string, error) {
	tenant := f.tx.Tenant()
	body := append(append(append([]byte(nil), tenant.ID[:]...), f.row.ID[:]...), obligation[:]...)
	mark, err := buttonMark(tenant.Keys, body)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(mark, body...)), nil
}

func buttonMark(keys *seal.TenantKeys, body []byte) ([]byte, error) {
	mark, err := keys.BlindIndex(indexSlack, base64.RawURLEncoding.EncodeToString(body))
	if err != nil {
		return nil, fmt.Errorf("mark the button: %w", err)
	}
	return mark[:slackMark], nil
}

// ReadButton reads the value of a button that was pressed.
func (d *Desk) ReadButton(ctx context.Context, value string) (Button, error) {
	raw, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || len(raw) != slackMark+3*16 {
		return Button{}, ErrButton
	}
	body := raw[slackMark:]
	b := Button{Ref: contract.Ref{Tenant: uuid.UUID(body[:16]), Case: uuid.UUID(body[16:32])}, Obligation: uuid.UUID(body[32:])}
	tenant, err := d.db.Tenant(ctx, b.Ref.Tenant)
	if errors.Is(err, storage.ErrNotFound) {
		return Button{}, ErrButton
	}
	if err != nil {
		return Button{}, err
	}
	mark, err := buttonMark(tenant.Keys, body)
	if err != nil {
		return Button{}, err
	}
	if !hmac.Equal(mark, raw[:slackMark]) {
		return Button{}, ErrButton
	}
	return b, nil
}
