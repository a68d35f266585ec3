package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

const (
	// recheckAfter is how old an answer of DNS about a domain may be before a message that comes from it is checked.
	recheckAfter = 24 * time.Hour
	// checksAtOnce is how many messages one server takes apart at a time; others wait.
	checksAtOnce = 4
	// mailBody leaves room for one byte beyond the limit, so that the check can say what to do about it.
	mailBody = preflight.MaxMessage + 1
)

// MailQuestion is what is asked about a message.
type MailQuestion struct {
	Class           string   `query:"class" enum:"commercial,transactional,asking_consent" default:"commercial" doc:"What the message is for."`
	Countries       []string `query:"country,explode" maxItems:"50" doc:"Of the recipients, by two letters: several times, or with commas between them. None means all."`
	Consent         string   `query:"consent" enum:"unknown,express,implied,none" default:"unknown" doc:"Whether the recipients have agreed to commercial messages."`
	TrackingConsent string   `query:"tracking_consent" enum:"unknown,yes,no" default:"unknown" doc:"Whether they have agreed to being followed."`
	Sender          string   `query:"sender" maxLength:"200" doc:"The name under which the sender does business, to be found in the message."`
	Address         string   `query:"address" maxLength:"500" doc:"The sender's postal address, to be found in the message; without it, that of the tenant's profile."`
	AuthServers     []string `query:"authserv_id,explode" maxItems:"10" doc:"The servers whose Authentication-Results are believed: several times, or with commas between them."`
	BeforeSigning   bool     `query:"before_signing" doc:"The message is a draft that is signed later."`
}

type checkMail struct {
	MailQuestion
	RawBody []byte `contentType:"message/rfc822"`
}

func (s *server) mailCheckOperations() {
	register(s, operation{
		id: "check-mail", method: http.MethodPost, path: "/v1/mail/check", tag: "mail", takes: "message/rfc822", maxBody: mailBody,
		errors:  []int{http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType},
		summary: "Check a message before it goes out: what is wrong with it, by which law, and what to do. Nothing of it is kept",
	}, s.checkMail)
}

func (s *server) checkMail(ctx context.Context, who *caller, in *checkMail) (*shown[preflight.Report], error) {
	q := preflight.Question{
		Class: privacy.MailClass(in.Class), Countries: parted(in.Countries), Consent: preflight.Consent(in.Consent), TrackingConsent: preflight.TrackingConsent(in.TrackingConsent),
		Name: in.Sender, Address: in.Address, AuthServers: parted(in.AuthServers), BeforeSigning: in.BeforeSigning,
	}
	if q.Address == "" {
		q.Address = who.tenant.Profile.Address
	}
	senders, err := preflight.SenderDomains(in.RawBody)
	if err != nil {
		return nil, ofPreflight(err)
	}
	if q.Domains, q.Lapsed, err = s.ownDomains(ctx, who, senders); err != nil {
		return nil, err
	}
	select {
	case s.checks <- struct{}{}:
		defer func() { <-s.checks }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	report, err := s.preflight.Check(ctx, in.RawBody, q)
	if err != nil {
		return nil, ofPreflight(err)
	}
	return &shown[preflight.Report]{Body: report}, nil
}

// parted takes lists apart that were given with commas, so that however somebody writes a list nothing of it is lost.
func parted(values []string) []string {
	return strings.FieldsFunc(strings.Join(values, ","), func(r rune) bool { return r == ',' || r == ' ' })
}

func ofPreflight(err error) error {
	var refused *preflight.RefusedError
	switch {
	case !errors.As(err, &refused):
		return err
	case refused.Asked:
		return invalid("query.country", refused.Reason)
	}
	return invalid("body", refused.Reason)
}

// ownDomains gives the domains that are verified, and those that no longer are. Those that the message comes from are looked
// for anew when the last answer is a day old.
func (s *server) ownDomains(ctx context.Context, who *caller, senders []string) (verified, lapsed []string, err error) {
	var all []storage.SendingDomain
	var now time.Time
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = tx.SendingDomains(ctx)
		now = tx.Now()
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	for _, d := range all {
		state := d.State(now)
		if state != storage.DomainPending && !d.CheckedAt.After(now.Add(-recheckAfter)) && slices.ContainsFunc(senders, func(sender string) bool { return preflight.Covers(d.Domain, sender) }) {
			switch checked, err := s.lookForRecord(ctx, who, d); {
			case err == nil:
				state = checked.State
			case !errors.Is(err, preflight.ErrUnknown) && !errors.Is(err, storage.ErrNotFound):
				return nil, nil, err
			}
		}
		switch state {
		case storage.DomainVerified:
			verified = append(verified, d.Domain)
		case storage.DomainLapsed:
			lapsed = append(lapsed, d.Domain)
		}
	}
	return verified, lapsed, nil
}
