// Package opendsr has a processor that speaks OpenDSR 2.0 do its part of a person's request: it is sent the request, says how that stands, and lets
// the results be fetched. What it is sent and what it answers is the package protocol/opendsr's to know.
package opendsr

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	wire "github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/reach"
)

const (
	connectTimeout = 10 * time.Second
	callTimeout    = 30 * time.Second
	// fetchTimeout bounds how long results may come.
	fetchTimeout = 10 * time.Minute
)

// Config is how a processor is reached.
type Config struct {
	// Asked is the system's document, Secrets what its auth wants: name=value, one per line.
	Asked   *dataset.Asked
	Secrets string
	Ways    reach.Ways
	// Clock tells by what day a certificate is judged. Default: the machine's.
	Clock clockwork.Clock
}

// Processor is one that is asked.
type Processor struct {
	asked     *dataset.Asked
	base      *url.URL
	secrets   map[string]string
	transport *http.Transport
	clock     clockwork.Clock
}

// New checks the configuration without connecting. Secrets that can't be used are an ErrDSN error, a document an ErrDocument error.
func New(cfg Config) (*Processor, error) {
	secrets, err := cfg.Asked.Auth.ReadSecrets(cfg.Secrets)
	if err != nil {
		return nil, &connectors.Error{Code: connectors.ErrDSN, What: "the secrets of the processor can't be used: " + err.Error(), Do: cfg.Asked.Auth.SecretsForm()}
	}
	base, err := url.Parse(cfg.Asked.URL)
	if err != nil || base.Host == "" {
		return nil, &connectors.Error{Code: connectors.ErrDocument, What: "the processor's url is no address", Do: "correct it"}
	}
	if cfg.Ways.Connect == 0 {
		cfg.Ways.Connect = connectTimeout
	}
	if cfg.Clock == nil {
		cfg.Clock = clockwork.NewRealClock()
	}
	return &Processor{asked: cfg.Asked, base: base, secrets: secrets, transport: cfg.Ways.Transport(), clock: cfg.Clock}, nil
}

// Close lets go of the connections that were kept.
func (p *Processor) Close() { p.transport.CloseIdleConnections() }

// Test asks the processor what it takes, and compares it with what it is to be asked: whatever is wrong, as Findings. A certificate that is over, or soon will be,
// is among them.
func (p *Processor) Test(ctx context.Context, kinds ...string) error {
	found := p.certified()
	err := p.discovered(ctx, kinds)
	var one *connectors.Error
	var more connectors.Findings
	switch {
	case errors.As(err, &more):
		return append(found, more...)
	case errors.As(err, &one) && ctx.Err() == nil:
		return append(found, one)
	case err != nil:
		return err
	case len(found) > 0:
		return found
	}
	return nil
}

// discovered compares what the processor says that it takes with what it is to be asked.
func (p *Processor) discovered(ctx context.Context, kinds []string) error {
	status, body, err := p.call(ctx, http.MethodGet, "/discovery", nil)
	if err == nil && status != http.StatusOK {
		err = p.refused(status)
	}
	if err != nil {
		return err
	}
	d, err := wire.ParseDiscovery(body)
	if err != nil {
		return answerFault("what the processor says it takes can't be read: " + err.Error())
	}
	var found connectors.Findings
	for _, kind := range kinds {
		if takes, _ := d.Takes(kind, ""); !takes {
			found = append(found, &connectors.Error{Code: connectors.ErrDocument, What: "the processor takes no requests of the type " + kind, Do: "take the right out of rights in the document, and ask by e-mail or by hand"})
		}
	}
	known := false
	for _, identity := range p.asked.Identities {
		_, knows := d.Takes("", IdentityType(identity))
		known = known || knows
	}
	if !known {
		found = append(found, &connectors.Error{Code: connectors.ErrDocument, What: "the processor finds nobody by any of the identities of the document", Do: "name one that it supports: email or customer_id"})
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

// IdentityType is the protocol's name of an identity.
func IdentityType(identity string) string {
	if identity == "customer_id" {
		return wire.CustomerID
	}
	return identity
}

// Send files a request. One that is there already is filed: whether it was taken at the first try can be unknown.
func (p *Processor) Send(ctx context.Context, request wire.Request) error {
	body, err := request.Write()
	if err != nil {
		return err
	}
	status, _, err := p.call(ctx, http.MethodPost, "/requests", body)
	switch {
	case err != nil:
		return err
	case status == http.StatusCreated, status == http.StatusOK, status == http.StatusAccepted:
		return nil
	case status == http.StatusBadRequest, status == http.StatusConflict:
		if _, missing := p.Progress(ctx, request.ID); missing == nil {
			return nil
		}
	}
	return p.refused(status)
}

// Progress asks how a request stands. The answer's signature holds, where the document has the processor's certificate.
func (p *Processor) Progress(ctx context.Context, id uuid.UUID) (wire.Progress, error) {
	status, body, err := p.call(ctx, http.MethodGet, "/requests/"+id.String(), nil)
	if err != nil {
		return wire.Progress{}, err
	}
	if status != http.StatusOK {
		return wire.Progress{}, p.refused(status)
	}
	progress, err := wire.ParseProgress(body, id, p.asked.Domain)
	if err != nil {
		return progress, answerFault("how the request stands can't be read: " + err.Error())
	}
	return progress, nil
}

// Cancel takes a request back, as far as the processor lets it be: what it is about to do it may do.
func (p *Processor) Cancel(ctx context.Context, id uuid.UUID) error {
	status, _, err := p.call(ctx, http.MethodDelete, "/requests/"+id.String(), nil)
	if err != nil {
		return err
	}
	if status == http.StatusTooManyRequests || status >= 500 {
		return p.refused(status)
	}
	return nil
}

// Results are what a processor holds of the person. The caller closes Body.
type Results struct {
	Name string
	Body io.ReadCloser
}

// Results fetches what a request came to. The secrets go along only to where the processor itself is.
func (p *Processor) Results(ctx context.Context, address string) (Results, error) {
	at, err := url.Parse(address)
	if err != nil {
		return Results{}, answerFault("the results are at no address")
	}
	inTime, cancel := context.WithTimeout(ctx, fetchTimeout)
	res, err := p.send(inTime, http.MethodGet, at, nil)
	if err != nil {
		cancel()
		return Results{}, err
	}
	if res.StatusCode != http.StatusOK {
		defer cancel()
		defer res.Body.Close()
		return Results{}, p.refused(res.StatusCode)
	}
	return Results{Name: nameOf(res, at), Body: &body{ReadCloser: res.Body, cancel: cancel}}, nil
}

// body ends the time of its request when it is closed.
type body struct {
	io.ReadCloser
	cancel context.CancelFunc
}

// Close implements io.Closer.
func (b *body) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

// nameOf is what the results are called by whoever sends them.
func nameOf(res *http.Response, at *url.URL) string {
	if _, params, err := mime.ParseMediaType(res.Header.Get("Content-Disposition")); err == nil && params["filename"] != "" {
		return params["filename"]
	}
	if name := path.Base(at.Path); path.Ext(name) != "" {
		return name
	}
	media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	endings := map[string]string{"application/json": ".json", "text/csv": ".csv", "application/zip": ".zip", "application/pdf": ".pdf", "text/plain": ".txt"}
	if err != nil {
		return "results"
	}
	return "results" + endings[media]
}

// call sends a request to the processor and reads its answer, up to its bound and checked.
func (p *Processor) call(ctx context.Context, method, where string, sent []byte) (status int, answer []byte, err error) {
	inTime, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	at := *p.base
	at.Path = strings.TrimRight(at.Path, "/") + where
	res, err := p.send(inTime, method, &at, sent)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	if answer, err = io.ReadAll(io.LimitReader(res.Body, wire.MaxStatus+1)); err != nil {
		return 0, nil, connectors.Unanswered("", noun, &at, err)
	}
	if len(answer) > wire.MaxStatus {
		return 0, nil, answerFault(fmt.Sprintf("an answer has more than %d bytes", wire.MaxStatus))
	}
	if res.StatusCode < 300 {
		err = p.verify(res.Header, answer)
	}
	return res.StatusCode, answer, err
}

const noun = "processor"

// verify checks who signed an answer, where the document has the certificate.
func (p *Processor) verify(h http.Header, answer []byte) error {
	if p.asked.Certificate == "" {
		return nil
	}
	if !strings.EqualFold(h.Get(wire.OpenDSR.Header+"Processor-Domain"), p.asked.Domain) {
		return answerFault("an answer is not signed for the domain of the document")
	}
	if err := wire.Verify(p.asked.Certificate, answer, h.Get(wire.OpenDSR.Header+"Signature")); err != nil {
		return answerFault("the signature of an answer does not hold")
	}
	return nil
}
