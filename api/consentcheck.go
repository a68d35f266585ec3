package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// ConsentAsk is the message of which somebody wants to know to whom it may be sent.
type ConsentAsk struct {
	Purpose   string       `json:"purpose" minLength:"1" maxLength:"62" doc:"The key of the purpose."`
	Channel   string       `json:"channel,omitempty" enum:"email,sms,phone,post,push" doc:"email when absent. Of email the addresses are e-mail addresses, of sms and phone numbers, of post and push customers' ids."`
	Class     string       `json:"class,omitempty" enum:"commercial,transactional,asking_consent,charitable,fundraising" doc:"What the message is; what the purpose says when absent. A message that asks for consent is commercial itself (CASL s.1(3))."`
	Country   string       `json:"country,omitempty" pattern:"^[A-Z]{2}$" doc:"Where the recipients live (ISO 3166-1 alpha-2). Without it, what is known of each; and where nothing is known, every law has to say yes."`
	Day       privacy.Date `json:"day,omitzero" format:"date" doc:"The day of sending; today when absent."`
	Relevant  bool         `json:"relevant_to_role,omitempty" doc:"The message concerns the person's business or official role: an address that was published or disclosed needs that (CASL s.10(9)(b), (c))."`
	Corporate bool         `json:"corporate,omitempty" doc:"The subscriber is a company and no individual (PECR reg 22(1))."`
	Tracking  bool         `json:"tracking,omitempty" doc:"Ask, too, whether it may be seen what is opened and followed."`
}

func (a ConsentAsk) question() casework.MessageQuestion {
	return casework.MessageQuestion{
		Purpose: a.Purpose, Channel: casework.ChannelOf(a.Channel), Class: privacy.MessageClass(a.Class), Country: a.Country, Day: a.Day,
		Relevant: a.Relevant, Corporate: a.Corporate, Tracking: a.Tracking,
	}
}

type consentCheckIn struct {
	Body struct {
		Address string    `json:"address" minLength:"1" maxLength:"320" doc:"The address that the message would go to."`
		AsOf    time.Time `json:"as_of,omitzero" doc:"Ask whether it was allowed at this moment, by what was known then, what stood against it then, and the rules of today; now when absent."`
		ConsentAsk
	}
}

// consentAnswer says whether one address may be written to, and why.
type consentAnswer struct {
	ConsentVerdict
	Country string        `json:"country,omitempty" doc:"Of the laws that were applied; absent where it is not known, and every law had to say yes."`
	Laws    []lawVerdict  `json:"laws" nullable:"false" doc:"What each law that applies says. All of them have to say yes."`
	Often   string        `json:"frequency,omitempty" enum:"any,weekly,monthly" doc:"How often the person wants to hear of you at most, where they have said. It is yours to keep to."`
	Track   *trackVerdict `json:"tracking,omitempty" doc:"Whether it may be seen what is opened and followed, when that was asked."`
	At      time.Time     `json:"at" doc:"When this was so. Ask again before each sending: it may change at any moment."`
}

// ConsentVerdict is the decision itself.
type ConsentVerdict struct {
	Allowed  bool         `json:"allowed"`
	Reason   string       `json:"reason" enum:"express,confirmed,implied,relation_in_force,published,disclosed,soft_opt_in,opt_out_model,exempt,barred,withdrawn,unconfirmed,window_over,no_solicitation,not_relevant,not_similar,not_refusable,no_consent,no_law,paused"`
	Law      string       `json:"law,omitempty" doc:"The id of the law that decided, and the edition of its rules." example:"casl@2026.1"`
	Citation string       `json:"citation,omitempty"`
	Until    privacy.Date `json:"until,omitzero" format:"date" doc:"The last day on which a yes holds that ends by itself."`
	Paused   privacy.Date `json:"paused_until,omitzero" format:"date" doc:"The person wants nothing before this day."`
	Bar      string       `json:"bar,omitempty" doc:"The kind of limit that stands against it, or suppression."`
	Remedies []string     `json:"remedies,omitempty" doc:"What would make it a yes: express (the person consents by themselves), confirm (they confirm from their mailbox), end_bar, relevant, similar, renew_relation, await_end (the pause is over). Any one is enough."`
}

type lawVerdict struct {
	Allowed  bool         `json:"allowed"`
	Reason   string       `json:"reason"`
	Law      string       `json:"law"`
	Citation string       `json:"citation"`
	Until    privacy.Date `json:"until,omitzero" format:"date"`
}

type trackVerdict struct {
	Allowed  bool   `json:"allowed"`
	Reason   string `json:"reason"`
	Citation string `json:"citation,omitempty"`
}

type consentBatchIn struct {
	Body struct {
		Addresses []string `json:"addresses" nullable:"false" minItems:"1" maxItems:"10000" doc:"Each of them may be asked about twice: the answers stand in the same places."`
		ConsentAsk
	}
}

// consentBatch answers for many addresses: each in its place.
type consentBatch struct {
	Answers []batchAnswer `json:"answers" nullable:"false" doc:"In the order of the addresses."`
	Allowed int           `json:"allowed" doc:"How many may be written to."`
	At      time.Time     `json:"at" doc:"When this was so. Ask again before each sending."`
}

type batchAnswer struct {
	ConsentVerdict
	Often    string `json:"frequency,omitempty" enum:"any,weekly,monthly" doc:"How often the person wants to hear of you at most, where they have said."`
	Tracking *bool  `json:"tracking,omitempty" doc:"Whether it may be seen what is opened and followed, when that was asked."`
}

func (s *server) consentCheckOperations() {
	register(s, operation{
		id: "check-consent", method: http.MethodPost, path: "/v1/consent/check", tag: "consents", together: true,
		summary: "May this message be sent to this address now? Consent, the laws of sender and recipient, objections, restrictions and suppressions are considered",
	}, s.checkConsent)
	register(s, operation{
		id: "check-consents", method: http.MethodPost, path: "/v1/consent/check/batch", tag: "consents", maxBody: 8 << 20,
		summary: "To which of up to 10,000 addresses may this message be sent now? It is on record who asked about how many, and for what",
	}, s.checkConsents)
}

func (s *server) checkConsent(ctx context.Context, who *caller, in *consentCheckIn) (*shown[consentAnswer], error) {
	out := &shown[consentAnswer]{}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		q := in.Body.question()
		if q.AsOf = in.Body.AsOf; q.AsOf.After(tx.Now()) {
			return invalid("body.as_of", "lies in the future; for a day of sending that is to come, give day")
		}
		answer, laws, err := s.Desk.ExplainMessage(ctx, tx, q, in.Body.Address)
		if err != nil {
			return notAnAddress(err, func(int) string { return "body.address" })
		}
		out.Body = consentAnswer{ConsentVerdict: newVerdict(answer.Decision), Country: answer.Country, Often: string(answer.Frequency), Laws: each(laws, newLawVerdict), At: tx.Now()}
		if t := answer.Tracking; t != nil {
			out.Body.Track = &trackVerdict{Allowed: t.Allowed, Reason: string(t.Reason), Citation: t.Citation.Text}
		}
		return nil
	})
	return out, err
}

// noAddress says what an address is.
const noAddress = "is no address of this channel: an e-mail address for email, a telephone number with its country code for sms and phone, a customer's id for post and push"

// notAnAddress says which address can't be one.
func notAnAddress(err error, where func(int) string) error {
	var bad *storage.AddressError
	if errors.As(err, &bad) {
		return invalid(where(bad.Place), noAddress)
	}
	return err
}

func newVerdict(d consent.Decision) ConsentVerdict {
	v := ConsentVerdict{
		Allowed: d.Allowed, Reason: string(d.Reason), Law: lawName(d), Citation: d.Citation.Text, Until: d.Until, Paused: d.PausedUntil,
		Remedies: each(d.Reason.Remedies(), func(r consent.Remedy) string { return string(r) }),
	}
	if d.Bar != nil {
		v.Bar = string(d.Bar.Kind)
	}
	return v
}

func newLawVerdict(d consent.Decision) lawVerdict {
	return lawVerdict{Allowed: d.Allowed, Reason: string(d.Reason), Law: lawName(d), Citation: d.Citation.Text, Until: d.Until}
}

// lawName is the id of a law with the edition of its rules.
func lawName(d consent.Decision) string {
	if d.Law == "" {
		return ""
	}
	return d.Law + "@" + d.Version
}

// checkConsents answers for many at once. Who asks about them is on record before they are told anything.
func (s *server) checkConsents(ctx context.Context, who *caller, in *consentBatchIn) (*shown[consentBatch], error) {
	if _, err := casework.PurposeOf(who.tenant, in.Body.Purpose); err != nil {
		return nil, err
	}
	if err := s.record(ctx, who, consentsChecked(len(in.Body.Addresses), in.Body.Purpose)); err != nil {
		return nil, err
	}
	out := &shown[consentBatch]{}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		answers, err := s.Desk.MayMessage(ctx, tx, in.Body.question(), in.Body.Addresses)
		if err != nil {
			return notAnAddress(err, func(i int) string { return fmt.Sprintf("body.addresses[%d]", i) })
		}
		out.Body = consentBatch{Answers: make([]batchAnswer, len(answers)), At: tx.Now()}
		for i, a := range answers {
			out.Body.Answers[i].ConsentVerdict, out.Body.Answers[i].Often = newVerdict(a.Decision), string(a.Frequency)
			if a.Tracking != nil {
				out.Body.Answers[i].Tracking = &a.Tracking.Allowed
			}
			if a.Allowed {
				out.Body.Allowed++
			}
		}
		return nil
	})
	return out, err
}

// consentsChecked is the record that somebody asked about many addresses, none of which it names.
func consentsChecked(addresses int, purpose string) audit.Event {
	return audit.Event{
		Action: audit.ConsentsChecked, Object: audit.Object{Kind: "list", ID: "consent-checks"},
		Facts: map[audit.FactKey]string{audit.FactCount: strconv.Itoa(addresses), audit.FactPurpose: purpose},
	}
}
