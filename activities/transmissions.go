package activities

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/reach"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// maxTransmitted is the largest archive that is sent, in bytes: what S3 takes in one upload.
const maxTransmitted = 5 << 30

// Why a receiver did not take an archive.
const (
	notPublic   = "not_public"  // the address is none of the open network
	redirected  = "redirected"  // it sends elsewhere, which is not followed
	declined    = "declined"    // it said no
	unreachable = "unreachable" // it did not answer, or said that it can't now
	tooLarge    = "too_large"   // more than maxTransmitted
)

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
	status, err := t.put(ctx, one.Address, open, sum, size)
	if err != nil {
		return err
	}
	return named(t.desk.Transmitted(ctx, in, storage.Sent{Status: status, Bytes: size, SHA256: sum}))
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

// put sends the archive and gives what the receiver answered.
func (t *Transmissions) put(ctx context.Context, address string, open packaging.Opened, sum []byte, size int64) (status int, err error) {
	reader, writer := io.Pipe()
	written := make(chan struct{})
	go func() {
		defer close(written)
		writer.CloseWithError(packaging.Carry(ctx, writer, open))
	}()
	defer func() {
		_ = reader.Close() // the writer must not wait for a receiver that gave up
		<-written
	}()
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, address, reader)
	if err != nil {
		return 0, notTaken(declined, 0, false) // the error would repeat the address
	}
	request.ContentLength = size
	request.Header.Set("Content-Type", "application/zip")
	request.Header.Set("Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum)+":") // RFC 9530
	response, err := t.client.Do(request)
	if err != nil {
		return 0, unanswered(ctx, err)
	}
	_ = response.Body.Close() // what it says beside the status is of no use, and may say anything
	return response.StatusCode, answered(response.StatusCode)
}

// unanswered is a try without an answer. The error of net/http repeats the address, so only its kind is kept.
func unanswered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, reach.ErrOff) {
		return notTaken(notPublic, 0, false)
	}
	return notTaken(unreachable, 0, true)
}

// answered says what an answer means.
func answered(status int) error {
	switch {
	case status == http.StatusOK, status == http.StatusCreated, status == http.StatusAccepted, status == http.StatusNoContent:
		return nil
	case status >= http.StatusMultipleChoices && status < http.StatusBadRequest:
		return notTaken(redirected, status, false)
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= http.StatusInternalServerError:
		return notTaken(unreachable, status, true)
	default:
		return notTaken(declined, status, false)
	}
}

func notTaken(code string, status int, again bool) error {
	const what = "the receiver did not take the package"
	if again {
		return temporal.NewApplicationError(what, contract.ErrorReceiver, code, status)
	}
	return temporal.NewNonRetryableApplicationError(what, contract.ErrorReceiver, nil, code, status)
}
