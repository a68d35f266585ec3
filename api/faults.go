package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/workflows/contract"
)

// statusGone is what proxies log for a caller who went away; nobody is there to read it.
const statusGone = 499

// problemOf is the one place that says how an error is answered. What it does not know is an internal error, of which
// the caller learns nothing but where to find it in the log.
func problemOf(err error) *Problem {
	if p, ok := isProblem(err); ok {
		return p
	}
	for _, known := range []func(error) *Problem{ofRules, ofEngine, ofRegister, ofCasework} {
		if p := known(err); p != nil {
			p.cause = err
			return p
		}
	}
	if errors.Is(err, context.Canceled) {
		return problem(statusGone, "caller-gone", "The caller went away before this was answered.")
	}
	p := problem(http.StatusInternalServerError, "internal", "Something went wrong on our side and nothing was changed. Try again; if it stays, give the instance to the operator.")
	p.cause = err
	return p
}

// ofRules answers for what the law or the state of a case forbids.
func ofRules(err error) *Problem {
	var told *engine.Refused
	if errors.As(err, &told) {
		return ruled(told.Refusal)
	}
	if refusal, ok := casework.RefusalOf(err); ok {
		return ruled(refusal)
	}
	var wrong dataset.Problems
	if !errors.As(err, &wrong) {
		return nil
	}
	p := problem(http.StatusUnprocessableEntity, "document-invalid", "The document was not accepted and nothing was changed. Mend what is listed and send it again.")
	p.Errors = faultsOf(wrong)
	return p
}

func faultsOf(wrong dataset.Problems) []Fault {
	faults := []Fault{}
	for _, w := range wrong {
		faults = append(faults, Fault{Location: w.File + ":" + strconv.Itoa(w.Line), Message: joined(w.Path, w.What+"; "+w.Do)})
	}
	return faults
}

func joined(where, what string) string {
	if where == "" {
		return what
	}
	return where + ": " + what
}

func ruled(refusal contract.Refusal) *Problem {
	status := http.StatusConflict
	if refusal.Code == string(privacy.CodeAsk) {
		status = http.StatusUnprocessableEntity // nothing is in its way but what it says
	}
	p := refused(status, refusal.Code, refusal.Message)
	p.Citation = refusal.Citation
	return p
}

// busy is how long to wait before asking again for something that is under way.
const busy = 2 * time.Second

func ofEngine(err error) *Problem {
	switch {
	case errors.Is(err, engine.ErrUnreachable):
		p := problem(http.StatusServiceUnavailable, "temporal-unavailable", "The workflow engine cannot be reached. Nothing was changed; try again in a while.")
		p.retryAfter = 10 * time.Second
		return p
	case errors.Is(err, engine.ErrPending):
		p := problem(http.StatusGatewayTimeout, "command-pending", "No answer came in time; the command may still be carried out. Send it again with the same Idempotency-Key to hear how it ended.")
		p.retryAfter = busy
		return p
	case errors.Is(err, engine.ErrNotRunning):
		return refused(http.StatusConflict, "not-running", "The request has no running process, so the command was not carried out. Look at its state; reopen it if it is closed.")
	case errors.Is(err, engine.ErrGone):
		return problem(http.StatusGone, "gone", "The request's personal data was destroyed on schedule; it cannot be worked on any more.")
	}
	return nil
}

func ofRegister(err error) *Problem {
	switch {
	case errors.Is(err, storage.ErrUnavailable):
		p := problem(http.StatusServiceUnavailable, "register-unavailable", "The register cannot be reached or has no room. Send it again in a while, with the same Idempotency-Key if it had one: nothing happens twice.")
		p.retryAfter = 10 * time.Second
		return p
	case errors.Is(err, storage.ErrKeyReused):
		return refused(http.StatusUnprocessableEntity, "idempotency-key-reused", "This Idempotency-Key came with a different request before. Use a new key for a new request.")
	case errors.Is(err, storage.ErrInFlight):
		p := refused(http.StatusConflict, "idempotency-key-in-flight", "A request with this Idempotency-Key is still being worked on. Send it again in a moment to get its answer.")
		p.retryAfter = busy
		return p
	case errors.Is(err, storage.ErrExists):
		return refused(http.StatusConflict, "exists", "There is one with this name or address already. Change that one, or use another name.")
	case errors.Is(err, storage.ErrConflict):
		return refused(http.StatusConflict, "changed-meanwhile", "It was changed by someone else meanwhile. Read it again and decide again.")
	case errors.Is(err, seal.ErrNoKey):
		return problem(http.StatusGone, "gone", "The personal data was destroyed on schedule; only the record of what was done is left.")
	case errors.Is(err, seal.ErrNotIndexable):
		return problem(http.StatusUnprocessableEntity, "invalid", "A value cannot be searched for or reached: check the e-mail address and the telephone number. A number without a country code needs the tenant's phone_country.")
	case errors.Is(err, storage.ErrNotFound):
		return problem(http.StatusNotFound, "not-found", "There is nothing under this address that your key may see.")
	}
	return nil
}

func ofCasework(err error) *Problem {
	switch {
	case errors.Is(err, casework.ErrBackdated):
		return refused(http.StatusUnprocessableEntity, "backdating", casework.ErrBackdated.Error()+".")
	case errors.Is(err, casework.ErrNoEmail):
		return invalid("body.person.email", casework.ErrNoEmail.Error())
	case errors.Is(err, casework.ErrAssertion):
		return refused(http.StatusUnprocessableEntity, "assertion", err.Error()+". Get a fresh assertion, or leave it out: the person is then asked to prove who they are.")
	case errors.Is(err, casework.ErrInquiryFile):
		return refused(http.StatusUnprocessableEntity, "document", "The file is not taken: "+casework.ErrInquiryFile.Error()+".")
	case errors.Is(err, casework.ErrDocument):
		return refused(http.StatusUnprocessableEntity, "document", err.Error()+".")
	case errors.Is(err, casework.ErrTaskEnded):
		return taskEnded()
	case errors.Is(err, casework.ErrNoPackage):
		return refused(http.StatusConflict, "no-package", casework.ErrNoPackage.Error()+".")
	case errors.Is(err, objects.ErrUnavailable):
		p := problem(http.StatusServiceUnavailable, "objects-unavailable", "The object store cannot be reached or has no room. Send it again in a while, with the same Idempotency-Key if it had one: nothing happens twice.")
		p.retryAfter = 10 * time.Second
		return p
	case errors.Is(err, audit.ErrAltered):
		return problem(http.StatusInternalServerError, "audit-log-altered", "The audit log can't be given out. "+err.Error()+".")
	case errors.Is(err, audit.ErrNoCheckpoint):
		return problem(http.StatusConflict, "no-checkpoint", "The audit log has no signed checkpoint yet. The worker signs one with the events that it places, within seconds; try again then.")
	case errors.Is(err, context.DeadlineExceeded):
		return problem(http.StatusServiceUnavailable, "timeout", "The answer took too long. What you sent may have been kept: send it again with the same Idempotency-Key, or look.")
	}
	return nil
}
