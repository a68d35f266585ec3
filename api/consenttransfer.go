package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/jonboulle/clockwork"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
)

const consentTransferRoute = "/v1/consent/transfers"

type consentTransferIn struct {
	Body NewConsentTransfer
}

// NewConsentTransfer is the sale of a business with which consents go over.
type NewConsentTransfer struct {
	Buyer     string       `json:"buyer" minLength:"1" maxLength:"200" doc:"The company to which the business goes."`
	Reference string       `json:"reference" minLength:"1" maxLength:"100" doc:"Of the contract: it stands in the buyer's ledger as the source of each line."`
	Day       privacy.Date `json:"day" format:"date" doc:"On which the business goes over."`
	Since     time.Time    `json:"since,omitzero" doc:"Only lines that were recorded after this moment: made_at of an earlier file, whose lines the buyer has. All when absent."`
}

func (s *server) consentTransferOperations() {
	register(s, operation{
		id: "transfer-consents", method: http.MethodPost, path: consentTransferRoute, tag: "consents",
		summary: "Write the ledger of consents out for the buyer of the business, signed, with all who have withdrawn, objected or were suppressed; this is recorded",
		describe: func(op *huma.Operation) {
			op.Responses["200"] = &huma.Response{
				Description: "NDJSON: first whose it is, then the lines of the ledger, last how many there were, with the SHA-256 of all that stands before it and a signature. Without the last line the file is not whole, and no Docket takes it.",
				Content:     map[string]*huma.MediaType{ndjsonType: {Schema: &huma.Schema{Type: huma.TypeString}}},
			}
		},
	}, s.transferConsents)
}

func (s *server) transferConsents(ctx context.Context, who *caller, in *consentTransferIn) (*huma.StreamResponse, error) {
	switch {
	case in.Body.Day.IsZero():
		return nil, invalid("body.day", "is missing: the day on which the business goes over")
	case in.Body.Since.After(s.Clock.Now()):
		return nil, invalid("body.since", "lies in the future")
	}
	sale := casework.ConsentSale{Buyer: in.Body.Buyer, Reference: in.Body.Reference, Day: in.Body.Day, Since: in.Body.Since}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", ndjsonType)
		hc.SetHeader("Content-Disposition", `attachment; filename="consents-`+who.tenant.Slug+`.ndjson"`)
		to := humagin.Unwrap(hc).Writer
		out := &transferOut{buffer: bufio.NewWriterSize(to, 256<<10), control: http.NewResponseController(to), wall: clockwork.NewRealClock(), draining: s.Draining}
		err := s.Desk.TransferConsents(ctx, who.tenant.ID, who.actor, sale, s.Signer, out.tell)
		if err = errors.Join(err, out.flush()); err != nil {
			s.Log.Error("a transfer of consents broke off", zap.String("correlation", correlation(ctx)), zap.Stringer("tenant", who.tenant.ID), zap.Error(err))
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// transferOut sends lines as long as they are taken.
type transferOut struct {
	buffer   *bufio.Writer
	control  *http.ResponseController
	wall     clockwork.Clock
	draining <-chan struct{}
}

func (o *transferOut) tell(line []byte) error {
	if o.buffer.Available() <= len(line) {
		if err := o.until(); err != nil {
			return err
		}
	}
	_, err := o.buffer.Write(line)
	return err //nolint:wrapcheck // it is said where it breaks off
}

func (o *transferOut) flush() error {
	if err := o.until(); err != nil {
		return err
	}
	return o.buffer.Flush() //nolint:wrapcheck // it is said where it breaks off
}

// until bounds the time for what goes out now.
func (o *transferOut) until() error {
	select {
	case <-o.draining:
		return errStopping
	default:
	}
	if err := o.control.SetWriteDeadline(o.wall.Now().Add(streamIdle)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("bound the time for a transfer: %w", err)
	}
	return nil
}
