package opendsr

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/privacy-docket/docket/api/partner"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify/webhook"
	"github.com/privacy-docket/docket/privacy"
	wire "github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// refuse makes the answer to a request that is not taken: 400 for all of them (section 7.5).
func refuse(reason, message string) *fault { return &fault{http.StatusBadRequest, message, reason} }

// file takes a request in (section 7). The same again is answered like the first time and changes nothing.
func (d *desk) file(v *visit) error {
	body, err := partner.Body(v.Context, wire.MaxBody)
	if errors.Is(err, partner.ErrTooLong) {
		return &fault{http.StatusRequestEntityTooLarge, fmt.Sprintf("The request has more than %d bytes.", wire.MaxBody), "too_long"}
	}
	if err != nil {
		return refuse("unreadable", "The request did not arrive whole. Send it again.")
	}
	asked, err := wire.Parse(body, v.version)
	if err != nil {
		return refuse("form", "The request can't be taken: "+err.Error()+".")
	}
	n, err := d.request(v, asked)
	if err != nil {
		return err
	}
	filed, err := d.accept(v, asked, n, string(body))
	if err != nil {
		return err
	}
	if filed.Fresh {
		d.Accept(contract.Ref{Tenant: v.tenant.ID, Case: filed.Case.ID}, 1, storage.ProtocolOpenDSR, n.StartedByCaller)
	}
	due := filed.Due.UTC()
	return d.answer(v, http.StatusCreated, wire.Accepted{
		ControllerID: v.who.Handle, Expected: &due, Received: filed.ReceivedAt.UTC(), Encoded: base64.StdEncoding.EncodeToString(body),
		ID: filed.RequestID, APIVersion: v.version.Number,
	})
}

// accept opens the case in one transaction.
func (d *desk) accept(v *visit, asked wire.Request, n casework.NewRequest, body string) (filed casework.Filed, err error) {
	err = d.Desk.DB().Change(v.Request.Context(), v.tenant.ID, casework.RequesterActor(v.who), func(ctx context.Context, tx *storage.Tx) (err error) {
		filed, err = d.Desk.FileFor(ctx, tx, v.who, n, storage.NewFiledRequest{
			RequestID: asked.ID, Version: v.version.Route, Unique: asked.ID.String(), Content: body, Said: storage.FiledWords{Callbacks: asked.Callbacks},
		})
		return err
	})
	refusal, byRule := casework.RefusalOf(err)
	switch {
	case errors.Is(err, storage.ErrFiledDifferently):
		return filed, refuse("duplicate", "A request with this subject_request_id was filed before and said something else. Use a new id for a new request.")
	case byRule:
		return filed, refuse("rule", "The request can't be taken: "+refusal.Message+".")
	}
	return filed, err
}

// request makes the case's request of it.
func (d *desk) request(v *visit, asked wire.Request) (casework.NewRequest, error) {
	n := casework.NewRequest{
		Person: storage.Person{Email: asked.Value(wire.Email), CustomerID: asked.Value(wire.CustomerID)}, Right: rightOf(asked.Type), Details: details(asked, d.Desk.Domain()),
		StartedByCaller: d.MayStart(),
	}
	if _, err := seal.NormalEmail(n.Person.Email); err != nil {
		return n, refuse("identity", "The request can't be taken: subject_identities must hold an identity of the type email in the format raw. People are found by it and hear of the answer.")
	}
	now := d.Clock.Now()
	if asked.Submitted.After(now.Add(24 * time.Hour)) {
		return n, refuse("form", "The request can't be taken: submitted_time lies in the future.")
	}
	for i, address := range asked.Callbacks {
		if err := d.checkCallback(v.who, address); err != nil {
			return n, refuse("callback", fmt.Sprintf("The request can't be taken: status_callback_urls[%d]: %s.", i, err))
		}
	}
	law, err := d.Desk.LawFor(v.tenant, asked.Regulation, n.Right, now)
	if errors.Is(err, casework.ErrLaw) {
		return n, refuse("law", "The request can't be taken: this tenant takes no requests of this type under the regulation "+asked.Regulation+".")
	}
	if err != nil {
		return n, err
	}
	n.Regime = law
	// A controller knows its own customers: all that it names of a person it answers for.
	casework.Vouch(v.who, &n, storage.VouchEmail, storage.VouchCustomer)
	return n, nil
}

// checkCallback wants an address of the controller's own, so that nobody has others called from here.
func (d *desk) checkCallback(who storage.Requester, address string) error {
	if err := webhook.CheckAddress(address, d.Local); err != nil {
		return err
	}
	u, err := url.Parse(address)
	if err != nil || who.Domain == nil {
		return errors.New("the address is not a plain URL")
	}
	host := strings.ToLower(u.Hostname())
	if host != *who.Domain && !strings.HasSuffix(host, "."+*who.Domain) {
		return errors.New("the address must be on the domain that this controller is registered with")
	}
	return nil
}

func rightOf(kind string) privacy.Right {
	switch kind {
	case wire.Access:
		return privacy.Access
	case wire.Portability:
		return privacy.Portability
	default:
		return privacy.Erasure
	}
}

// details keeps what the case has no place of its own for, so that nothing that was sent is dropped in silence. It is sealed with the case.
func details(asked wire.Request, domain string) string {
	lines := []string{"Submitted to the controller on " + asked.Submitted.UTC().Format(time.RFC3339) + "."}
	for _, i := range asked.Identities {
		if i.Format != wire.Raw || i.Type != wire.Email && i.Type != wire.CustomerID {
			lines = append(lines, "Not searched by: "+i.Type+" ("+i.Format+") "+i.Value)
		}
	}
	if len(asked.Extensions) > 0 {
		lines = append(lines, "Extensions for "+domain+" and others: "+string(asked.Extensions))
	}
	text := strings.Join(lines, "\n")
	return strings.ToValidUTF8(text[:min(len(text), maxDetails)], "")
}

// maxDetails is what the words of a request may have here, as everywhere.
const maxDetails = 20000

// find reads a request of the controller's own. Another's does not exist for it.
func (d *desk) find(v *visit) (t casework.Telling, err error) {
	missing := &fault{http.StatusNotFound, "This controller has filed no request with this id.", ""}
	id, err := wire.ParseID(v.Param("id"))
	if err != nil {
		return t, missing
	}
	err = d.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		filed, err := tx.FiledRequestByName(ctx, v.who.ID, id)
		if err != nil {
			return err
		}
		t, err = casework.TellingOf(ctx, tx, v.who, filed)
		return err
	})
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return t, missing
	case errors.Is(err, seal.ErrNoKey):
		return t, &fault{http.StatusGone, "What was held of this request is forgotten, as the law wants it.", ""}
	}
	return t, err
}

// status tells how a request stands (section 8).
func (d *desk) status(v *visit) error {
	t, err := d.find(v)
	if err != nil {
		return err
	}
	var status wire.Status
	err = d.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		status, err = d.Desk.OpenDSR(ctx, tx, t)
		return err
	})
	if err != nil {
		return err
	}
	return d.answer(v, http.StatusOK, status)
}

// cancel takes a request back (section 9), as long as it may be: until what it asks for is carried out.
func (d *desk) cancel(v *visit) error {
	t, err := d.find(v)
	if err != nil {
		return err
	}
	err = d.Withdraw(v.Request.Context(), v.who, t.Case)
	if errors.Is(err, partner.ErrTooLate) {
		return refuse("too_late", "The request can't be cancelled any more: it is being carried out, or has ended. GET it to see how it stands.")
	}
	if err != nil {
		return err
	}
	return d.answer(v, http.StatusAccepted, wire.Accepted{
		ControllerID: v.who.Handle, Received: d.Clock.Now().UTC(), ID: t.Filed.RequestID, APIVersion: v.version.Number,
	})
}

// results hands the answer over, where the tenant lets this controller have it.
func (d *desk) results(v *visit) error {
	t, err := d.find(v)
	if err != nil {
		return err
	}
	var answer casework.Answer
	err = d.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		answer, err = casework.AnswerTo(ctx, tx, v.who, t.Case)
		return err
	})
	switch {
	case err != nil:
		return err
	case answer.Gone:
		return &fault{http.StatusGone, "The time in which the results could be fetched is over.", ""}
	case !answer.There:
		return &fault{http.StatusNotFound, "There are no results to fetch.", ""}
	}
	err = d.HandOver(v.Context, v.tenant, v.who, t.Case)
	if errors.Is(err, casework.ErrNoPackage) {
		return &fault{http.StatusGone, "The time in which the results could be fetched is over.", ""}
	}
	return err
}
