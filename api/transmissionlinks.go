package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// transmissionLinkView is a link by which another controller fetches a package. The link itself is shown to whoever makes it, and to nobody later.
type transmissionLinkView struct {
	ID        uuid.UUID   `json:"id" format:"uuid"`
	Receiver  string      `json:"receiver" doc:"Whom it was made for, in the words of whoever made it."`
	Package   uuid.UUID   `json:"package_id" format:"uuid"`
	State     string      `json:"state" enum:"open,ended" doc:"open: it works."`
	Reason    string      `json:"reason,omitempty" enum:"taken_back,used_up,expired,package_gone,restored" doc:"Why it ended. restored: the register was brought back from a backup, which ends all links."`
	ExpiresAt time.Time   `json:"expires_at" doc:"Until when it works at the longest."`
	MadeBy    string      `json:"made_by" enum:"subject,person,api_key,system" doc:"subject: the person, on their page."`
	MadeAt    time.Time   `json:"made_at"`
	Fetches   []fetchView `json:"fetches" nullable:"false" doc:"Each time that somebody began to fetch, oldest first."`
	EndedAt   *time.Time  `json:"ended_at,omitempty"`
}

// fetchView is one fetch by a link.
type fetchView struct {
	BegunAt time.Time  `json:"begun_at"`
	EndedAt *time.Time `json:"ended_at,omitempty" doc:"Missing while it is under way."`
	Bytes   int64      `json:"bytes,omitempty" doc:"How many went out."`
	Whole   bool       `json:"whole" doc:"All of the archive went out. Five of these end the link."`
}

type transmissionLinkIn struct {
	CaseID
	Idempotent
	Body transmissionLinkBody
}

type transmissionLinkBody struct {
	Receiver string `json:"receiver" minLength:"1" maxLength:"200" doc:"Whom it is for; the person reads it in the letter."`
}

// madeLinkView is a link that was made. The same Idempotency-Key shows it again for as long as it works; the register has only a hash of it.
type madeLinkView struct {
	ID        uuid.UUID `json:"id" format:"uuid"`
	URL       string    `json:"url" doc:"Whoever has it gets the data by GET, with nothing else: give it to the receiver alone."`
	ExpiresAt time.Time `json:"expires_at"`
}

type madeLinkOut struct {
	Status   int
	Replayed string `header:"Idempotency-Replayed" doc:"true when this is the answer of an earlier request with the same key"`
	Body     madeLinkView
}

type endTransmissionLinkIn struct {
	CaseID
	Idempotent
	Link uuid.UUID `path:"link" format:"uuid"`
}

func (s *server) transmissionLinkOperations() {
	errors := []int{http.StatusNotFound, http.StatusGone}
	register(s, operation{
		id: "list-transmission-links", method: http.MethodGet, path: "/v1/requests/{id}/transmission-links", tag: "packages", errors: errors,
		summary: "Links by which other controllers fetch a package, newest first, and what was fetched by them; this is recorded",
	}, s.transmissionLinks)
	register(s, operation{
		id: "make-transmission-link", method: http.MethodPost, path: "/v1/requests/{id}/transmission-links", tag: "packages", errors: errors, status: http.StatusCreated,
		summary: "Make a link by which another controller fetches what a person takes along (Art. 20(2) GDPR): for a week and five fetches at the most",
	}, s.makeTransmissionLink)
	register(s, operation{
		id: "end-transmission-link", method: http.MethodPost, path: "/v1/requests/{id}/transmission-links/{link}/end", tag: "packages", errors: errors,
		summary: "Take a link back; a fetch that is under way breaks off",
	}, s.endTransmissionLink)
}

func (s *server) transmissionLinks(ctx context.Context, who *caller, in *CaseID) (*page[transmissionLinkView], error) {
	var all []storage.TransmissionLink
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		_, subject, err := fileOf(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if all, err = tx.TransmissionLinks(ctx, in.ID, subject); err != nil || len(all) == 0 {
			return err
		}
		return tx.Audit(ctx, viewed(in.ID, "transmission_links", in.ID))
	})
	return newPage(each(all, transmissionLinkOf), ""), err
}

func transmissionLinkOf(l storage.TransmissionLink) transmissionLinkView {
	out := transmissionLinkView{
		ID: l.ID, Receiver: l.Receiver, Package: l.PackageID, State: "open", Reason: l.Reason, ExpiresAt: l.ExpiresAt, MadeBy: l.MadeKind, MadeAt: l.MadeAt, EndedAt: l.EndedAt,
		Fetches: each(l.Fetches, func(f storage.TransmissionFetch) fetchView {
			return fetchView{BegunAt: f.BegunAt, EndedAt: f.EndedAt, Bytes: f.Bytes, Whole: f.Whole}
		}),
	}
	if l.EndedAt != nil {
		out.State = "ended"
	}
	return out
}

// makeTransmissionLink keeps the id alone as its answer: the link comes out of the key again.
func (s *server) makeTransmissionLink(ctx context.Context, who *caller, in *transmissionLinkIn) (*madeLinkOut, error) {
	k, err := in.once(who, "make-transmission-link/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	ref := contract.Ref{Tenant: who.tenant.ID, Case: in.ID}
	answer, err := transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		who.caseID = in.ID.String()
		made, err := s.Desk.MakeTransmissionLink(ctx, tx, ref, k.command(), in.Body.Receiver)
		return http.StatusCreated, created{ID: made.ID}, err
	})
	if err != nil {
		return nil, err
	}
	made, err := s.Desk.MadeTransmissionLink(ctx, ref, k.command())
	return &madeLinkOut{Status: answer.Status, Replayed: answer.Replayed, Body: madeLinkView{ID: made.ID, URL: made.URL, ExpiresAt: made.Expires}}, err
}

func (s *server) endTransmissionLink(ctx context.Context, who *caller, in *endTransmissionLinkIn) (*answered[created], error) {
	k, err := in.once(who, "end-transmission-link/"+in.ID.String()+"/"+in.Link.String(), nil)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		who.caseID = in.ID.String()
		err := s.Desk.EndTransmissionLink(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command(), in.Link)
		return http.StatusOK, created{ID: in.Link}, err
	})
}
