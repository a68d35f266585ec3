package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/storage"
)

// mostDomains is how many domains a tenant may send from.
const mostDomains = 200

type mailDomainView struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	Domain string    `json:"domain"`
	State  string    `json:"state" enum:"pending,verified,lapsed" doc:"pending: its record was never seen. verified: it counts as the tenant's own, with all below it. lapsed: its record has been missing for three days."`
	// Record is what has to be in DNS.
	Record       dnsRecord  `json:"record"`
	AddedAt      time.Time  `json:"added_at"`
	CheckedAt    *time.Time `json:"checked_at,omitempty" doc:"When DNS last gave an answer."`
	VerifiedAt   *time.Time `json:"verified_at,omitempty" doc:"When the record was first seen."`
	SeenAt       *time.Time `json:"seen_at,omitempty" doc:"When the record was last seen."`
	MissingSince *time.Time `json:"missing_since,omitempty" doc:"Since when the record is not there any more."`
}

type dnsRecord struct {
	Type  string `json:"type" enum:"TXT"`
	Name  string `json:"name" example:"_docket.example.com"`
	Value string `json:"value" example:"docket-domain=…"`
}

type addMailDomain struct {
	Body struct {
		Domain string `json:"domain" minLength:"1" maxLength:"253" doc:"A domain that the tenant's messages come from." example:"example.com"`
	}
}

// MailDomainID is the domain in an address.
type MailDomainID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

func (s *server) mailDomainOperations() {
	missing := []int{http.StatusNotFound}
	register(s, operation{
		id: "list-mail-domains", method: http.MethodGet, path: "/v1/mail/domains", tag: "mail",
		summary: "The domains from which the tenant sends, with the record that each needs in DNS",
	}, s.mailDomains)
	register(s, operation{
		id: "add-mail-domain", method: http.MethodPost, path: "/v1/mail/domains", tag: "mail", status: http.StatusCreated,
		summary: "Add a domain from which the tenant sends; the answer says which record to put into DNS",
	}, s.addMailDomain)
	register(s, operation{
		id: "verify-mail-domain", method: http.MethodPost, path: "/v1/mail/domains/{id}/verify", tag: "mail", errors: missing,
		summary: "Look whether the record of a domain is in DNS now, and keep the answer",
	}, s.verifyMailDomain)
	register(s, operation{
		id: "remove-mail-domain", method: http.MethodDelete, path: "/v1/mail/domains/{id}", tag: "mail", errors: missing,
		summary: "Remove a domain; messages from it are found fault with from then on",
	}, s.removeMailDomain)
}

func mailDomainOf(now time.Time) func(storage.SendingDomain) mailDomainView {
	return func(d storage.SendingDomain) mailDomainView {
		v := mailDomainView{
			ID: d.ID, Domain: d.Domain, State: d.State(now), AddedAt: d.AddedAt, CheckedAt: d.CheckedAt, VerifiedAt: d.VerifiedAt, SeenAt: d.SeenAt,
			MissingSince: d.MissingSince, Record: dnsRecord{Type: "TXT"},
		}
		v.Record.Name, v.Record.Value = preflight.DomainRecord(d.Domain, d.Token)
		return v
	}
}

func (s *server) mailDomains(ctx context.Context, who *caller, _ *struct{}) (*page[mailDomainView], error) {
	var views []mailDomainView
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		domains, err := tx.SendingDomains(ctx)
		views = each(domains, mailDomainOf(tx.Now()))
		return err
	})
	return newPage(views, ""), err
}

func (s *server) addMailDomain(ctx context.Context, who *caller, in *addMailDomain) (*shown[mailDomainView], error) {
	domain, err := preflight.NormalDomain(in.Body.Domain)
	if err != nil {
		return nil, invalid("body.domain", err.Error())
	}
	out := &shown[mailDomainView]{}
	err = s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.SendingDomains(ctx)
		if err != nil {
			return err
		}
		if len(all) >= mostDomains {
			return refused(http.StatusConflict, "too-many-domains", "There are 200 domains already. Remove those from which nothing is sent.")
		}
		added, err := tx.AddSendingDomain(ctx, domain, preflight.NewDomainToken())
		out.Body = mailDomainOf(tx.Now())(added)
		return err
	})
	if errors.Is(err, storage.ErrExists) {
		return nil, refused(http.StatusConflict, "domain-exists", "The domain is there already. Its record is in the list of domains.")
	}
	return out, err
}

func (s *server) verifyMailDomain(ctx context.Context, who *caller, in *MailDomainID) (*shown[mailDomainView], error) {
	var domain storage.SendingDomain
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		domain, err = tx.SendingDomain(ctx, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	checked, err := s.lookForRecord(ctx, who, domain)
	if errors.Is(err, preflight.ErrUnknown) {
		p := problem(http.StatusServiceUnavailable, "dns-unavailable", "The domain name system gave no answer, so nothing was decided. Try again in a while.")
		p.retryAfter = time.Minute
		return nil, p
	}
	return &shown[mailDomainView]{Body: checked}, err
}

// lookForRecord asks DNS for the record of a domain and keeps the answer. That there was none keeps nothing.
func (s *server) lookForRecord(ctx context.Context, who *caller, domain storage.SendingDomain) (mailDomainView, error) {
	if s.DNS == nil {
		return mailDomainView{}, preflight.ErrUnknown
	}
	there, err := preflight.Owns(ctx, s.DNS, domain.Domain, domain.Token)
	if err != nil {
		return mailDomainView{}, err
	}
	var view mailDomainView
	err = s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		checked, err := tx.CheckedSendingDomain(ctx, domain.ID, there)
		view = mailDomainOf(tx.Now())(checked)
		return err
	})
	return view, err
}

func (s *server) removeMailDomain(ctx context.Context, who *caller, in *MailDomainID) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error { return tx.RemoveSendingDomain(ctx, in.ID) })
}
