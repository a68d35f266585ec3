package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// Problem is every error of the API: RFC 9457 with a stable code and, where a rule refused, its citation. Nothing in it
// repeats what the caller sent.
type Problem struct {
	Type   string `json:"type" doc:"A URN that names the kind of problem." example:"urn:docket:problem:already_extended"`
	Title  string `json:"title" doc:"The kind of problem in words."`
	Status int    `json:"status" doc:"The HTTP status code."`
	Detail string `json:"detail,omitempty" doc:"What happened, what was kept, what to do."`
	// Instance names this one answer; the log has it too.
	Instance string  `json:"instance,omitempty" doc:"A URN with the correlation id of this answer, which the server's log has too."`
	Code     string  `json:"code" doc:"A stable code for programs."`
	Citation string  `json:"citation,omitempty" doc:"The rule that refused, where one did."`
	Errors   []Fault `json:"errors,omitempty" doc:"Every single thing that is wrong with the input."`

	retryAfter time.Duration
	// refusal marks what goes into the audit log: somebody known was told no.
	refusal bool
	cause   error
	// replayed marks the answer of an earlier request with the same key.
	replayed bool
}

// Fault is one thing that is wrong with the input.
type Fault struct {
	Location string `json:"location,omitempty" doc:"Where: body.person.email, query.limit, or file:line for documents."`
	Message  string `json:"message" doc:"What is wrong and what to do."`
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// Unwrap gives the cause, for the log.
func (p *Problem) Unwrap() error { return p.cause }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	headers := http.Header{}
	if p.retryAfter > 0 {
		headers.Set("Retry-After", strconv.Itoa(int((p.retryAfter+time.Second-1)/time.Second)))
	}
	if p.replayed {
		headers.Set("Idempotency-Replayed", "true")
	}
	if p.Status == http.StatusUnauthorized {
		headers.Set("WWW-Authenticate", `Bearer realm="docket"`)
	}
	return headers
}

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// problem makes one.
func problem(status int, code, detail string) *Problem {
	return &Problem{Type: "urn:docket:problem:" + code, Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// refused makes one that the audit log hears of.
func refused(status int, code, detail string) *Problem {
	p := problem(status, code, detail)
	p.refusal = true
	return p
}

// invalid says what is wrong with one field.
func invalid(location, message string) *Problem {
	p := problem(http.StatusUnprocessableEntity, "invalid", "The request was not accepted and nothing was changed. Mend what is listed and send it again.")
	p.Errors = []Fault{{Location: location, Message: message}}
	return p
}

// write answers with the problem outside of huma.
func (p *Problem) write(w http.ResponseWriter) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a caller who has gone cannot be told
}

// uniform turns the errors that huma makes itself, while it reads the input, into problems like all others. What the
// caller sent is left out of them.
func uniform(_ huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := problem(model.Status, codeOf(model.Status), "The request was not accepted and nothing was changed. Mend what is listed and send it again.")
	if model.Status == http.StatusInternalServerError {
		p.Detail = "Something went wrong on our side. Try again; if it stays, give the instance to the operator."
		return p, nil
	}
	for _, e := range model.Errors[:min(len(model.Errors), maxFaults)] {
		p.Errors = append(p.Errors, faultOf(e))
	}
	if len(p.Errors) == 0 {
		p.Detail = model.Detail
	}
	return p, nil
}

// maxFaults is how many faults of one input are listed.
const maxFaults = 50

// plainPlace is a place whose names are short words, as those of misspelt fields are.
var plainPlace = regexp.MustCompile(`^[a-z_]{1,30}(\[[0-9]{1,6}\])?(\.[a-z_]{1,30}(\[[0-9]{1,6}\])?){0,6}$`)

// faultOf words a fault without what was sent: a name that is not known may be anything, and so may what a parser quotes.
func faultOf(e *huma.ErrorDetail) Fault {
	if e.Message == validation.MsgUnexpectedProperty && !plainPlace.MatchString(e.Location) {
		place, _, _ := strings.Cut(e.Location, ".")
		return Fault{Location: place, Message: "has a field that is not known; GET /openapi.json lists those that are"}
	}
	message := e.Message
	if strings.HasPrefix(message, "expected string to be ") || strings.HasPrefix(message, "expected duration") {
		message, _, _ = strings.Cut(message, ": ")
	}
	return Fault{Location: e.Location, Message: message}
}

func codeOf(status int) string {
	switch status {
	case http.StatusUnprocessableEntity:
		return "invalid"
	case http.StatusRequestEntityTooLarge:
		return "too-large"
	case http.StatusUnsupportedMediaType:
		return "media-type"
	case http.StatusRequestTimeout:
		return "timeout"
	case http.StatusInternalServerError:
		return "internal"
	default:
		return "bad-request"
	}
}

// isProblem gives the problem an error already is.
func isProblem(err error) (*Problem, bool) {
	var p *Problem
	ok := errors.As(err, &p)
	return p, ok
}
