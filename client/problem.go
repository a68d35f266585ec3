package client

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Problem is the server's no: an RFC 9457 problem document. Nothing in it repeats what was sent.
type Problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail,omitempty"`
	Instance string `json:"instance,omitempty"`
	// Code is stable, for programs.
	Code string `json:"code"`
	// Citation is the rule that refused, where one did.
	Citation string  `json:"citation,omitempty"`
	Errors   []Fault `json:"errors,omitempty"`
	// RetryAfter is how long the server asks to wait; zero when it does not say.
	RetryAfter time.Duration `json:"-"`
}

// Fault is one thing that is wrong with what was sent.
type Fault struct {
	Location string `json:"location,omitempty"`
	Message  string `json:"message"`
}

func (p *Problem) Error() string {
	text := p.Title
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	if p.Code != "" {
		text += " [" + p.Code + "]"
	}
	return text
}

// Temporary says that the same request may succeed later, and that how it ended may be unknown: send it again with the
// same idempotency key.
func (p *Problem) Temporary() bool {
	return p.Status >= http.StatusInternalServerError || p.Status == http.StatusTooManyRequests ||
		p.Status == http.StatusRequestTimeout || p.Code == "idempotency-key-in-flight"
}

// Unanswered says that no usable answer came: whether the request was carried out is unknown.
type Unanswered struct{ cause error }

func (u *Unanswered) Error() string { return "no usable answer from the server: " + u.cause.Error() }

// Unwrap gives the cause.
func (u *Unanswered) Unwrap() error { return u.cause }

// Temporary says that the request can be sent again with the same idempotency key.
func (u *Unanswered) Temporary() bool { return true }

// maxWait bounds how long a server can ask to wait, in seconds: a day.
const maxWait = 24 * 60 * 60

// maxProblem bounds what is read of a problem, in bytes.
const maxProblem = 1 << 20

// refusal reads the server's no. One that is no problem document comes from something before the server.
func refusal(response *http.Response) error {
	p := &Problem{}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxProblem))
	if err != nil {
		return &Unanswered{cause: err}
	}
	if to := response.Header.Get("Location"); to != "" && response.StatusCode < http.StatusBadRequest {
		return fmt.Errorf("the server says that it is elsewhere (status %d): use the address that it is really at", response.StatusCode)
	}
	if json.Unmarshal(text, p) != nil || p.Code == "" {
		*p = Problem{Title: http.StatusText(response.StatusCode), Code: "not-docket", Detail: "The answer does not come from Docket but from something before it, such as a proxy. Check the server's address."}
	}
	p.Status = response.StatusCode
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
		p.RetryAfter = time.Duration(min(max(seconds, 0), maxWait)) * time.Second
	}
	return p
}
