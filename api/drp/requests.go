package drp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/partner"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify/webhook"
	wire "github.com/privacy-docket/docket/protocol/drp"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// exercise takes a request in (section 2.01): the six checks in their order, then what it says.
func (d *desk) exercise(v *visit) error {
	body, message, err := d.message(v)
	if err != nil {
		return err
	}
	envelope, err := wire.ReadEnvelope(message)
	if err != nil {
		return err
	}
	expires, err := envelope.Pass(v.who.Handle, v.tenant.Settings.DRPBusinessID, d.Clock.Now())
	if err != nil {
		return err
	}
	asked, err := wire.ReadExercise(message)
	if err != nil {
		return err
	}
	n, err := d.request(v, asked)
	if err != nil {
		return err
	}
	var filed casework.Filed
	err = d.Desk.DB().Change(v.Request.Context(), v.tenant.ID, casework.RequesterActor(v.who), func(ctx context.Context, tx *storage.Tx) error {
		if err := once(ctx, tx, v.who.ID, body, expires); err != nil {
			return err
		}
		filed, err = d.Desk.FileFor(ctx, tx, v.who, n, filing(asked, body))
		return err
	})
	if err != nil {
		return notTaken(err)
	}
	if filed.Fresh {
		d.Accept(contract.Ref{Tenant: v.tenant.ID, Case: filed.Case.ID}, 1, storage.ProtocolDRP, n.StartedByCaller)
	}
	return d.tell(v, filed.FiledRequest)
}

// filing is what makes the request one of its kind: the agent's own name for it where it gives one, else the message itself.
func filing(asked wire.Exercise, body []byte) storage.NewFiledRequest {
	f := storage.NewFiledRequest{RequestID: uuid.New(), Version: asked.Version, Unique: "message/" + string(body), Content: asked.Content()}
	if asked.RequestName != "" {
		f.Unique = "name/" + asked.RequestName
	}
	f.Said.Name = asked.RequestName
	if asked.Callback != "" {
		f.Said.Callbacks = []string{asked.Callback}
	}
	return f
}

// notTaken gives the refusals of a filing their words.
func notTaken(err error) error {
	refusal, byRule := casework.RefusalOf(err)
	switch {
	case errors.Is(err, storage.ErrFiledDifferently):
		return &wire.Fault{Check: "name_taken", Status: http.StatusConflict, Message: "A request with this agent-request-id was filed before and said something else.", Fatal: true}
	case byRule:
		return &wire.Fault{Check: "rule", Status: http.StatusBadRequest, Message: "The request can't be taken: " + refusal.Message + ".", Fatal: true}
	}
	return err
}

// request makes the case's request of it.
func (d *desk) request(v *visit, asked wire.Exercise) (casework.NewRequest, error) {
	right, ask := asked.Right()
	n := casework.NewRequest{
		Person: storage.Person{Name: asked.Name, Email: asked.Email, Phone: asked.Phone}, Right: right, Ask: ask, Details: details(asked),
		Agent: &casework.Agent{Representative: storage.Representative{Name: v.who.Name, Standing: standing(v.who)}}, StartedByCaller: d.MayStart(),
	}
	form := func(problem string) error {
		return &wire.Fault{Check: wire.FaultForm, Status: http.StatusBadRequest, Message: problem, Fatal: true}
	}
	if _, err := seal.NormalEmail(asked.Email); err != nil {
		return n, form("email is no address of a mailbox.")
	}
	if _, err := seal.NormalPhone(asked.Phone, v.tenant.Settings.PhoneCountry); asked.Phone != "" && err != nil {
		return n, form("phone_number is no telephone number in E.164, such as +14155550100.")
	}
	if asked.Callback != "" {
		if err := webhook.CheckAddress(asked.Callback, d.Local); err != nil {
			return n, form("status_callback can't be called: " + err.Error() + ".")
		}
	}
	law, err := d.Desk.LawFor(v.tenant, asked.Regime, right, d.Clock.Now())
	if errors.Is(err, casework.ErrLaw) {
		return n, &wire.Fault{Check: wire.FaultRegime, Status: http.StatusBadRequest, Message: "This business takes no such request under the regime that is named.", Fatal: true}
	}
	if err != nil {
		return n, err
	}
	n.Regime = law
	var offered []string
	if asked.EmailVerified {
		offered = append(offered, storage.VouchEmail)
	}
	if asked.PhoneVerified {
		offered = append(offered, storage.VouchPhone)
	}
	casework.Vouch(v.who, &n, offered...)
	return n, nil
}

// standing says for the file who asks and why they may.
func standing(who storage.Requester) string {
	text := "Authorised agent of the Data Rights Protocol, registered as " + who.Handle
	if who.WebUrl != "" {
		text += ", " + who.WebUrl
	}
	return text
}

// details keeps what the case has no place of its own for. It is sealed with the case.
func details(asked wire.Exercise) string {
	var lines []string
	add := func(name, value string) {
		if value != "" && value != "null" {
			lines = append(lines, name+": "+value)
		}
	}
	verified := map[bool]string{true: " (verified by the agent)", false: " (not verified by the agent)"}
	if len(asked.Address) > 0 && json.Valid(asked.Address) {
		add("Address", string(asked.Address)+verified[asked.AddressVerified])
	}
	add("Relationships", strings.Join(asked.Relationships, ", "))
	add("Power of attorney", asked.PowerOfAttorney)
	return strings.Join(lines, "\n")
}

// tell answers with how a request stands.
func (d *desk) tell(v *visit, row storage.FiledRequest) error {
	var status wire.Status
	err := d.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		t, err := casework.TellingOf(ctx, tx, v.who, row)
		if err != nil {
			return err
		}
		status, err = d.Desk.DRP(ctx, tx, t)
		return err
	})
	if err != nil {
		return forgotten(err)
	}
	return d.answer(v, status)
}

// status tells how a request stands (section 2.02).
func (d *desk) status(v *visit) error {
	row, err := d.mine(v)
	if err != nil {
		return err
	}
	return d.tell(v, row)
}

// revoke takes a request back (section 2.04). Its message is signed; what it says of agent, business and times must hold where it says it.
func (d *desk) revoke(v *visit) error {
	body, message, err := d.message(v)
	if err != nil {
		return err
	}
	asked, err := wire.ReadRevocation(message)
	if err != nil {
		return err
	}
	expires := d.Clock.Now().Add(forGood)
	if asked.Envelope != (wire.Envelope{}) {
		if expires, err = asked.Pass(v.who.Handle, v.tenant.Settings.DRPBusinessID, d.Clock.Now()); err != nil {
			return err
		}
	}
	row, err := d.mine(v)
	if err != nil {
		return err
	}
	// A message names no request: it is good for the first that it is sent to.
	err = d.Desk.DB().Change(v.Request.Context(), v.tenant.ID, casework.RequesterActor(v.who), func(ctx context.Context, tx *storage.Tx) error {
		return once(ctx, tx, v.who.ID, body, expires)
	})
	if err != nil {
		return err
	}
	var t casework.Telling
	err = d.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		t, err = casework.TellingOf(ctx, tx, v.who, row)
		return err
	})
	if err != nil {
		return forgotten(err)
	}
	err = d.Withdraw(v.Request.Context(), v.who, t.Case)
	if errors.Is(err, partner.ErrTooLate) {
		return &wire.Fault{Check: "too_late", Status: http.StatusConflict, Message: "The request can't be revoked any more: it is being carried out, or has ended. GET it to see how it stands.", Fatal: true}
	}
	if err != nil {
		return err
	}
	return d.tell(v, row)
}

// forGood is how long a message without an envelope is remembered as used: nothing in it says when it ends.
const forGood = 100 * 365 * 24 * time.Hour

// results hands the answer over, where the tenant lets this agent have it.
func (d *desk) results(v *visit) error {
	row, err := d.mine(v)
	if err != nil {
		return err
	}
	var t casework.Telling
	var answer casework.Answer
	err = d.Desk.DB().Read(v.Request.Context(), v.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		if t, err = casework.TellingOf(ctx, tx, v.who, row); err != nil {
			return err
		}
		answer, err = casework.AnswerTo(ctx, tx, v.who, t.Case)
		return err
	})
	if err != nil {
		return forgotten(err)
	}
	gone := refuse(http.StatusGone, "The time in which the results could be fetched is over.")
	switch {
	case answer.Gone:
		return gone
	case !answer.There:
		return refuse(http.StatusNotFound, "There are no results to fetch.")
	}
	err = d.HandOver(v.Context, v.tenant, v.who, t.Case)
	if errors.Is(err, casework.ErrNoPackage) {
		return gone
	}
	return err
}
