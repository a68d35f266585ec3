package activities

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/reach"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// maxTransmitted is the largest archive that is sent, in bytes: what S3 takes in one upload.
const maxTransmitted = 5 << 30

// Transmissions sends packages to other controllers (Art. 20(2) GDPR).
type Transmissions struct {
	desk   *casework.Desk
	client *http.Client
}

// RegisterTransmissions makes the activities of sending known. local lets receivers be in the own network: the operator's choice, never a tenant's or a
// person's. No redirect is followed and no proxy used: the archive is meant for the address that was given.
func RegisterTransmissions(r worker.ActivityRegistry, desk *casework.Desk, local bool) {
	may := reach.Public
	if local {
		may = nil
	}
	t := &Transmissions{desk: desk, client: &http.Client{
		Transport: &http.Transport{
			DialContext: reach.Dialer(10*time.Second, may).DialContext, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
			DisableKeepAlives: true, ResponseHeaderTimeout: 5 * time.Minute, MaxResponseHeaderBytes: 32 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	r.RegisterActivityWithOptions(t.Transmit, activity.RegisterOptions{Name: contract.ActivityTransmit})
	r.RegisterActivityWithOptions(t.Failed, activity.RegisterOptions{Name: contract.ActivityTransmissionFailed})
}

// Transmit sends a package. A try that follows another sends the same bytes to the same address.
func (t *Transmissions) Transmit(ctx context.Context, in contract.TransmissionInput) error {
	defer beat(ctx)()
	one, open, err := t.desk.Transmitting(ctx, in)
	switch {
	case errors.Is(err, casework.ErrLinkDead):
		return notTaken(casework.ReasonPackageGone, 0, false)
	case err != nil:
		return named(err)
	case one.State != storage.TransmissionOpen:
		return nil
	}
	sum, size, err := measured(ctx, open)
	if err != nil {
		return err
	}
	began, ok, err := t.desk.SendingBegins(ctx, in)
	if err != nil || !ok {
		return named(err)
	}
	sent := t.put(ctx, one.Address, open, sum, size)
	if sent.err == nil {
		return named(t.desk.Transmitted(ctx, in, storage.Sent{Status: sent.status, Bytes: size, SHA256: sum}))
	}
	tried := casework.Try{Sent: storage.Sent{Reason: sent.code(), Status: sent.status, Bytes: size}, Began: began, Unconfirmed: sent.unconfirmed()}
	if ended, err := t.desk.SendingOver(context.WithoutCancel(ctx), in, tried); err != nil || ended {
		return named(err)
	}
	return sent.err
}

// Failed puts on record why a package was not sent.
func (t *Transmissions) Failed(ctx context.Context, f contract.TransmissionFailure) error {
	return named(t.desk.TransmissionFailed(ctx, f.TransmissionInput, storage.Sent{Reason: f.Code, Status: f.Status}))
}

// measured is what an archive will be: a receiver wants to know how long it is before it comes.
func measured(ctx context.Context, open packaging.Opened) (sum []byte, size int64, err error) {
	counted := &countingHash{hash: sha256.New()}
	if err := packaging.Carry(ctx, counted, open); err != nil {
		return nil, 0, fmt.Errorf("measure what is sent: %w", err)
	}
	if counted.bytes > maxTransmitted {
		return nil, 0, notTaken(tooLarge, 0, false)
	}
	return counted.hash.Sum(nil), counted.bytes, nil
}
