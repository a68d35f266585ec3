package opendsr

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// send sends a request once. It follows no redirects: the transport itself does not.
func (p *Processor) send(ctx context.Context, method string, at *url.URL, sent []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, at.String(), bytes.NewReader(sent))
	if err != nil {
		return nil, answerFault("the processor named an address that is none")
	}
	if sent == nil {
		req.Body, req.ContentLength, req.GetBody = nil, 0, nil
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("User-Agent", "Docket")
	if strings.EqualFold(at.Scheme, p.base.Scheme) && strings.EqualFold(at.Host, p.base.Host) {
		p.show(req)
	}
	res, err := p.transport.RoundTrip(req)
	if err != nil {
		return nil, connectors.Unanswered("", noun, at, err)
	}
	return res, nil
}

// show lets a request say who asks.
func (p *Processor) show(req *http.Request) {
	switch auth := p.asked.Auth; auth.Kind {
	case dataset.AuthBearer:
		req.Header.Set("Authorization", "Bearer "+p.secrets["token"])
	case dataset.AuthBasic:
		req.SetBasicAuth(p.secrets["user"], p.secrets["password"])
	case dataset.AuthHeader:
		req.Header.Set(auth.Name, auth.Prefix+p.secrets["token"])
	case dataset.AuthNone, dataset.AuthQuery, dataset.AuthOAuth2: // the last two are refused with the document
	}
}

// answerFault is the error for an answer that the protocol does not know.
func answerFault(what string) *connectors.Error {
	return &connectors.Error{Code: connectors.ErrAnswer, What: what, Do: "ask whoever runs the processor; until then enter what they say by hand"}
}

// refused explains an answer that says no, by its status alone: what the processor says may quote the person.
func (p *Processor) refused(status int) *connectors.Error {
	fault := func(code connectors.Code, what, do string) *connectors.Error {
		return &connectors.Error{Code: code, What: fmt.Sprintf("%s (status %d)", what, status), Do: do}
	}
	switch {
	case status == http.StatusTooManyRequests:
		return fault(connectors.ErrBusy, "the processor asks to be left alone for a while", "try again later")
	case status >= 500:
		return fault(connectors.ErrServer, "the processor failed", "try again; if it goes on, ask whoever runs it")
	case status >= 300 && status < 400:
		return fault(connectors.ErrAnswer, "the processor leads elsewhere, where credentials are not taken", "write the address it leads to into the document, if it is the processor's")
	case status == http.StatusUnauthorized:
		return fault(connectors.ErrCredentials, "the processor refuses the secrets", "renew them at the processor and set them here")
	case status == http.StatusForbidden:
		return fault(connectors.ErrPrivilege, "the processor does not let the secrets do this", "give them the right to it at the processor")
	case status == http.StatusNotFound, status == http.StatusGone, status == http.StatusMethodNotAllowed:
		return fault(connectors.ErrTable, "the processor knows nothing under this address, or no request of this name", "correct url in the document; if it is right, ask the processor what became of the request")
	default:
		return fault(connectors.ErrAnswer, "the processor refuses the request", "ask it why, and enter what it says by hand")
	}
}
