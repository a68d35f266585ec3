package activities

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"

	"go.temporal.io/sdk/temporal"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/reach"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Why a receiver did not take an archive.
const (
	notPublic   = "not_public"  // the address is none of the open network
	redirected  = "redirected"  // it sends elsewhere, which is not followed
	declined    = "declined"    // it said no
	unreachable = "unreachable" // it did not answer, or said that it can't now
	unread      = "unread"      // it said yes before it had all of it
	tooLarge    = "too_large"   // more than maxTransmitted
	ourFault    = "fault"       // it was not asked, or got no whole archive, for a reason of our own
)

// upload is what came of sending an archive once.
type upload struct {
	// status is the receiver's answer, 0 where there was none.
	status int
	// whole says that the archive went out to its end.
	whole bool
	err   error
}

// unconfirmed says whether nobody knows that it was not taken: it went out whole, and there is no answer to it, or one of a fault on the way to whom it was
// for (RFC 9110, sections 15.6.1, 15.6.3 and 15.6.5). 503 says that it was not dealt with.
func (u upload) unconfirmed() bool {
	return u.whole && u.err != nil && (u.status == 0 || u.status >= http.StatusInternalServerError && u.status != http.StatusServiceUnavailable)
}

// code says why it came to nothing.
func (u upload) code() string {
	code := ourFault
	var app *temporal.ApplicationError
	if errors.As(u.err, &app) && app.Type() == contract.ErrorReceiver && app.HasDetails() && app.Details(&code) != nil {
		return ourFault
	}
	return code
}

// outgoing is an archive on its way: written by us, read by whoever sends it.
type outgoing struct {
	*io.PipeReader
	read atomic.Int64 // bytes that went out
	over chan struct{}
	err  error // of writing it, once over
}

func outgo(ctx context.Context, open packaging.Opened) *outgoing {
	reader, writer := io.Pipe()
	out := &outgoing{PipeReader: reader, over: make(chan struct{})}
	go func() {
		defer close(out.over)
		out.err = packaging.Carry(ctx, writer, open)
		writer.CloseWithError(out.err)
	}()
	return out
}

// Read gives what goes out next.
func (o *outgoing) Read(p []byte) (int, error) {
	n, err := o.PipeReader.Read(p)
	o.read.Add(int64(n))
	return n, err
}

// end stops the writing, and says whether all of it had gone out; an error is one of our own in writing it.
func (o *outgoing) end(size int64) (whole bool, err error) {
	if o.read.Load() == size {
		_, _ = io.Copy(io.Discard, o) // nothing is left but the end of it, or the error that stands there
	}
	_ = o.Close() // the writer must not wait for a receiver that gave up
	<-o.over
	if o.err != nil && !errors.Is(o.err, io.ErrClosedPipe) {
		return false, fmt.Errorf("read what is sent: %w", o.err)
	}
	return o.err == nil && o.read.Load() == size, nil
}

// put sends the archive, and says what the receiver answered. A yes counts once all of it went out.
func (t *Transmissions) put(ctx context.Context, address string, open packaging.Opened, sum []byte, size int64) (u upload) {
	archive := outgo(ctx, open)
	response, err := t.send(ctx, address, archive, sum, size)
	if err == nil {
		u.status = response.StatusCode
		defer func() { _ = response.Body.Close() }() // what it says beside the status is of no use, and may say anything
	}
	var fault error
	u.whole, fault = archive.end(size)
	switch {
	case ctx.Err() != nil && err != nil:
		u.err = ctx.Err()
	case fault != nil:
		u.err = fault
	case err != nil:
		u.err = unanswered(err)
	default:
		u.err = answered(u.status, u.whole)
	}
	return u
}

func (t *Transmissions) send(ctx context.Context, address string, archive io.ReadCloser, sum []byte, size int64) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, address, archive)
	if err != nil {
		return nil, errNoAddress // the error would repeat the address
	}
	request.ContentLength = size
	request.Header.Set("Content-Type", "application/zip")
	request.Header.Set("Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum)+":") // RFC 9530
	return t.client.Do(request)
}

var errNoAddress = errors.New("the address is none that can be called")

// unanswered is a try without an answer. The error of net/http repeats the address, so only its kind is kept.
func unanswered(err error) error {
	switch {
	case errors.Is(err, errNoAddress):
		return notTaken(declined, 0, false)
	case errors.Is(err, reach.ErrOff):
		return notTaken(notPublic, 0, false)
	default:
		return notTaken(unreachable, 0, true)
	}
}

// answered says what an answer means to an archive that had gone out whole by then, or not.
func answered(status int, whole bool) error {
	switch {
	case status == http.StatusOK, status == http.StatusCreated, status == http.StatusAccepted, status == http.StatusNoContent:
		if !whole {
			return notTaken(unread, status, true)
		}
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
