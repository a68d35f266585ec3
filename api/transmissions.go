package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// transmissionView is a package that is sent to another controller.
type transmissionView struct {
	ID       uuid.UUID  `json:"id" format:"uuid"`
	Receiver string     `json:"receiver" doc:"Whom it goes to, in the words of whoever asked."`
	Package  uuid.UUID  `json:"package_id" format:"uuid"`
	State    string     `json:"state" enum:"open,sent,failed,refused" doc:"open: it is tried, for about a day."`
	Reason   string     `json:"reason,omitempty" doc:"Why it failed or was refused: declined, unreachable, unread, redirected, not_public, too_large, fault, package_gone, unconfirmed or not_feasible. unconfirmed: it went out, and no answer tells whether it was taken."`
	Status   int        `json:"status,omitempty" doc:"What the receiver answered last, an HTTP status."`
	Bytes    int64      `json:"bytes,omitempty" doc:"Of the archive that was taken."`
	SHA256   string     `json:"sha256,omitempty" doc:"Of the archive that was taken."`
	AskedBy  string     `json:"asked_by" enum:"subject,person,api_key,system" doc:"subject: the person, on their page."`
	AskedAt  time.Time  `json:"asked_at"`
	Refused  *time.Time `json:"refused_at,omitempty" doc:"When staff ended it while a try was on its way: that comes to its end first, and what the receiver takes by then was sent."`
	Unsure   *time.Time `json:"unconfirmed_at,omitempty" doc:"When it first went out without an answer that tells whether it was taken."`
	EndedAt  *time.Time `json:"ended_at,omitempty"`
}

type transmitIn struct {
	CaseID
	Idempotent
	Body transmitBody
}

type transmitBody struct {
	Receiver string `json:"receiver" minLength:"1" maxLength:"200" doc:"Whom it goes to; the person reads it in the letter."`
	Address  string `json:"address" minLength:"1" maxLength:"4000" doc:"A URL that takes one upload by PUT, as the receiver gave it. It begins with https:// and is destroyed once the sending has ended."`
}

type refuseTransmissionIn struct {
	CaseID
	Idempotent
	Transmission uuid.UUID `path:"transmission" format:"uuid"`
	Body         refuseTransmissionBody
}

type refuseTransmissionBody struct {
	Explanation string `json:"explanation" minLength:"1" maxLength:"10000" doc:"Why it is not technically feasible: it is written into the letter."`
}

func (s *server) transmissionOperations() {
	errors := []int{http.StatusNotFound, http.StatusGone}
	register(s, operation{
		id: "list-transmissions", method: http.MethodGet, path: "/v1/requests/{id}/transmissions", tag: "packages", errors: errors,
		summary: "Whom a package was sent to directly, newest first, and what came of it; this is recorded",
	}, s.transmissions)
	register(s, operation{
		id: "transmit", method: http.MethodPost, path: "/v1/requests/{id}/transmissions", tag: "packages", errors: errors, status: http.StatusCreated,
		summary: "Have what a person takes along sent to another controller directly (Art. 20(2) GDPR), to an address that takes an upload",
	}, s.transmit)
	register(s, operation{
		id: "refuse-transmission", method: http.MethodPost, path: "/v1/requests/{id}/transmissions/{transmission}/refuse", tag: "packages", errors: errors,
		summary: "End what is tried in vain, because it is not technically feasible; the person is told why",
	}, s.refuseTransmission)
}

func (s *server) transmissions(ctx context.Context, who *caller, in *CaseID) (*page[transmissionView], error) {
	var all []storage.Transmission
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		_, subject, err := fileOf(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if all, err = tx.Transmissions(ctx, in.ID, subject); err != nil || len(all) == 0 {
			return err
		}
		return tx.Audit(ctx, viewed(in.ID, "transmissions", in.ID))
	})
	return newPage(each(all, func(t storage.Transmission) transmissionView {
		return transmissionView{
			ID: t.ID, Receiver: t.Name, Package: t.PackageID, State: t.State, Reason: t.Reason, Status: t.Status, Bytes: t.Bytes, SHA256: hex.EncodeToString(t.SHA256),
			AskedBy: t.AskedKind, AskedAt: t.AskedAt, Refused: t.RefusedAt, Unsure: t.UnconfirmedAt, EndedAt: t.EndedAt,
		}
	}), ""), err
}

func (s *server) transmit(ctx context.Context, who *caller, in *transmitIn) (*answered[created], error) {
	k, err := in.once(who, "transmit/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	ref := contract.Ref{Tenant: who.tenant.ID, Case: in.ID}
	var id uuid.UUID // stays zero where the answer is one that was given before
	out, err := transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		who.caseID = in.ID.String()
		var err error
		id, err = s.Desk.Transmit(ctx, tx, ref, k.command(), casework.NewTransmission{
			Receiver: storage.Receiver{Name: in.Body.Receiver, Address: in.Body.Address}, Local: s.WebhooksLocal,
		})
		return http.StatusCreated, created{ID: id}, err
	})
	if err != nil || id == uuid.Nil {
		return out, err
	}
	if err := s.engine.Transmit(context.WithoutCancel(ctx), contract.TransmissionInput{Ref: ref, Transmission: id}); err != nil {
		s.Log.Warn("a transmission was not started at once; the relay will", zap.Error(err))
	}
	return out, nil
}

func (s *server) refuseTransmission(ctx context.Context, who *caller, in *refuseTransmissionIn) (*answered[created], error) {
	k, err := in.once(who, "refuse-transmission/"+in.ID.String()+"/"+in.Transmission.String(), in.Body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		who.caseID = in.ID.String()
		err := s.Desk.RefuseTransmission(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command(), in.Transmission, in.Body.Explanation)
		return http.StatusOK, created{ID: in.Transmission}, err
	})
}
