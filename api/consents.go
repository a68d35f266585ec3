package api

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// NewConsentEvent is something that happened to a consent.
type NewConsentEvent struct {
	Address        string        `json:"address" minLength:"1" maxLength:"320" doc:"An e-mail address for email, a telephone number for sms and phone, a customer's id for post and push."`
	Purpose        string        `json:"purpose" minLength:"1" maxLength:"62" doc:"The key of a purpose; * in a withdrawal from every purpose."`
	Channel        string        `json:"channel,omitempty" enum:"email,sms,phone,post,push" doc:"email when absent."`
	Kind           string        `json:"kind" enum:"given,confirmed,refreshed,began,ended,published,disclosed,withdrawn" doc:"given: express consent. confirmed: the mailbox confirmed it elsewhere, of which you have the proof. refreshed: something happened on which consent is implied, such as a purchase. began, ended: a relation that lasts, such as a membership. published, disclosed: how the address came to be known."`
	At             *time.Time    `json:"at,omitempty" doc:"When it happened; now when absent."`
	Zone           string        `json:"zone,omitempty" maxLength:"60" doc:"The zone of the clock that it was read from (IANA); yours when absent." example:"America/Toronto"`
	Relation       string        `json:"relation,omitempty" maxLength:"60" doc:"What a refreshed, began or ended is about." example:"purchase"`
	NoSolicitation bool          `json:"no_solicitation,omitempty" doc:"Of published and disclosed: a statement against unsolicited messages came with it."`
	Refusable      bool          `json:"refusable,omitempty" doc:"Of a relation: a simple way to refuse was offered when the address was taken."`
	Source         string        `json:"source,omitempty" maxLength:"200" doc:"Where it came from: the name of a form, a shop, a system. Nothing about the person."`
	Text           *consentWords `json:"text,omitempty" doc:"The words that were shown."`
	Country        string        `json:"country,omitempty" pattern:"^[A-Z]{2}$" doc:"Where the person lives, when that is known."`
	Language       string        `json:"language,omitempty" pattern:"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$" maxLength:"35" doc:"The language that they read."`
	Evidence       *evidenceBody `json:"evidence,omitempty" doc:"What else shows it. It is sealed."`
}

type consentWords struct {
	Language string `json:"language" maxLength:"35"`
	Version  int32  `json:"version" minimum:"1"`
}

type evidenceBody struct {
	IP        string            `json:"ip,omitempty" maxLength:"45" doc:"Kept only where the tenant has chosen so."`
	UserAgent string            `json:"user_agent,omitempty" maxLength:"500"`
	URL       string            `json:"url,omitempty" maxLength:"2000" doc:"Of the page on which it happened."`
	Note      string            `json:"note,omitempty" maxLength:"4000"`
	Fields    map[string]string `json:"fields,omitempty" maxProperties:"50" doc:"Whatever else is proof: the id of a confirmation mail, an order's number."`
}

type recordConsentsIn struct {
	Idempotent
	Body recordConsentsBody
}

type recordConsentsBody struct {
	Events []NewConsentEvent `json:"events" nullable:"false" minItems:"1" maxItems:"1000" doc:"All of them are written, or none."`
}

type recordedConsents struct {
	Events []recordedConsent `json:"events" nullable:"false" doc:"In the order of what was sent."`
}

type recordedConsent struct {
	ID uuid.UUID `json:"id" format:"uuid" doc:"Of the line in the ledger."`
}

type consentPersonIn struct {
	Body struct {
		Address string    `json:"address" minLength:"1" maxLength:"320"`
		Channel string    `json:"channel,omitempty" enum:"email,sms,phone,post,push" doc:"email when absent: it says what kind of address it is."`
		At      time.Time `json:"at,omitzero" doc:"Show what stood at this moment; now when absent."`
		Known   time.Time `json:"known,omitzero" doc:"Count only what was known at this moment: what came to be known later is left out."`
	}
}

// consentPerson is everything that the ledger says of an address.
type consentPerson struct {
	Person   uuid.UUID         `json:"person" format:"uuid" doc:"Stands for the address in the ledger, and names nobody."`
	Address  string            `json:"address"`
	Country  string            `json:"country,omitempty"`
	Language string            `json:"language,omitempty"`
	Since    time.Time         `json:"since"`
	Consents []consentStanding `json:"consents" nullable:"false" doc:"What stands, or stood at the moment that was asked for."`
	Chosen   []chosenView      `json:"preferences" nullable:"false" doc:"What the person chose beside it, newest first: each holds until the next."`
	SignUps  []signUpView      `json:"sign_ups" nullable:"false" doc:"What was entered into forms with this address, newest first; those that ended half a year ago are gone."`
	Events   []consentEvent    `json:"events" nullable:"false" doc:"The ledger, newest first."`
}

type consentStanding struct {
	Purpose      string            `json:"purpose" doc:"* is every purpose."`
	Channel      string            `json:"channel"`
	State        string            `json:"state" enum:"confirmed,given,implied,requested,withdrawn,none" doc:"The strongest of what stands."`
	Requested    *time.Time        `json:"requested_at,omitempty"`
	Given        *time.Time        `json:"given_at,omitempty"`
	Confirmed    *time.Time        `json:"confirmed_at,omitempty"`
	Withdrawn    *time.Time        `json:"withdrawn_at,omitempty"`
	Relations    []consentRelation `json:"relations" nullable:"false"`
	Address      string            `json:"address_found,omitempty" enum:"published,disclosed"`
	ImpliedUntil privacy.Date      `json:"implied_until,omitzero" format:"date" doc:"The last day on which implied consent alone holds, as things stand now."`
}

type consentRelation struct {
	Kind      string       `json:"kind"`
	Day       privacy.Date `json:"day" format:"date"`
	InForce   bool         `json:"in_force,omitempty"`
	Refusable bool         `json:"refusable,omitempty"`
}

type consentEvent struct {
	ID             uuid.UUID     `json:"id" format:"uuid"`
	Purpose        string        `json:"purpose"`
	Channel        string        `json:"channel"`
	Kind           string        `json:"kind"`
	At             time.Time     `json:"at"`
	Zone           string        `json:"zone"`
	Recorded       time.Time     `json:"recorded_at"`
	Relation       string        `json:"relation,omitempty"`
	NoSolicitation bool          `json:"no_solicitation,omitempty"`
	Refusable      bool          `json:"refusable,omitempty"`
	How            string        `json:"how" enum:"form,import,staff,api,confirmation,one_click,page,system,timer"`
	Source         string        `json:"source,omitempty"`
	Text           *textView     `json:"text,omitempty"`
	Evidence       *evidenceBody `json:"evidence,omitempty"`
	Batch          uuid.UUID     `json:"batch" format:"uuid" doc:"The events that were written together; the audit log has the root of the tree over their hashes."`
	Position       int32         `json:"position"`
	Hash           string        `json:"hash"`
}

func (s *server) consentOperations() {
	s.purposeOperations()
	s.consentCheckOperations()
	s.consentStreamOperations()
	s.consentTransferOperations()
	s.consentLinkOperations()
	s.consentImportOperations()
	s.consentRecordOperations()
	s.consentForecastOperations()
	s.signUpOperations()
	s.consentReceiverOperations()
	s.consentFunnelOperations()
	register(s, operation{
		id: "record-consents", method: http.MethodPost, path: "/v1/consent/events", tag: "consents", status: http.StatusCreated, maxBody: 8 << 20,
		summary: "Write to the ledger of consents what happened: given, confirmed, refreshed by a purchase, withdrawn",
	}, s.recordConsents)
	register(s, operation{
		id: "get-consents", method: http.MethodPost, path: "/v1/consent/person", tag: "consents", errors: []int{http.StatusNotFound},
		summary: "Everything that the ledger says of an address, now or as it stood at a moment; that it was read is recorded",
	}, s.consentsOf)
}

func (s *server) recordConsents(ctx context.Context, who *caller, in *recordConsentsIn) (*answered[recordedConsents], error) {
	k, err := in.once(who, "record-consents", in.Body)
	if err != nil {
		return nil, err
	}
	how := "api"
	if who.actor.Kind == audit.Person {
		how = "staff"
	}
	news := each(in.Body.Events, func(e NewConsentEvent) casework.NewConsent { return e.entry(how) })
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, recordedConsents, error) {
		recorded, err := s.Desk.RecordConsents(ctx, tx, news)
		if err != nil {
			return 0, recordedConsents{}, consentFault(err)
		}
		return http.StatusCreated, recordedConsents{Events: each(recorded, func(r storage.ConsentRecorded) recordedConsent { return recordedConsent{ID: r.ID} })}, nil
	})
}

// consentFault names the field of what can't be written.
func consentFault(err error) error {
	var fault *casework.ConsentFault
	if errors.As(err, &fault) {
		return invalid(fmt.Sprintf("body.events[%d].%s", fault.Place, fault.Field), fault.Problem)
	}
	return notAnAddress(err, func(i int) string { return fmt.Sprintf("body.events[%d].address", i) })
}

func (e NewConsentEvent) entry(how string) casework.NewConsent {
	n := casework.NewConsent{
		Purpose: e.Purpose, Channel: casework.ChannelOf(e.Channel), Kind: consent.Kind(e.Kind), Zone: e.Zone, Relation: privacy.ConsentEvent(e.Relation),
		NoSolicitation: e.NoSolicitation, Refusable: e.Refusable, How: how, Source: e.Source,
	}
	n.Address = storage.ConsentAddress{Kind: casework.AddressKind(n.Channel), Value: e.Address, Country: e.Country, Language: e.Language}
	if e.At != nil {
		n.At = *e.At
	}
	if e.Text != nil {
		n.Text, n.TextLanguage = e.Text.Version, e.Text.Language
	}
	if e.Evidence != nil {
		n.Evidence = storage.ConsentEvidence(*e.Evidence)
	}
	return n
}

func (s *server) consentsOf(ctx context.Context, who *caller, in *consentPersonIn) (*shown[consentPerson], error) {
	out := &shown[consentPerson]{}
	kind := casework.AddressKind(casework.ChannelOf(in.Body.Channel))
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		h, err := tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: kind, Value: in.Body.Address})
		if err != nil {
			return err
		}
		chosen, err := tx.ConsentPreferencesOf(ctx, h.Person)
		if err != nil {
			return err
		}
		keys := purposeKeys(tx.Tenant())
		out.Body = newConsentPerson(h, keys)
		out.Body.Chosen = newChosen(chosen)
		ups, err := tx.SignUpsOf(ctx, h.Person, time.Time{})
		if err != nil {
			return err
		}
		slices.Reverse(ups)
		out.Body.SignUps = each(ups, func(up storage.SignUp) signUpView { return newSignUp(up, keys) })
		if !in.Body.At.IsZero() || !in.Body.Known.IsZero() {
			out.Body.Consents = stoodAt(h, keys, orNow(in.Body.At, tx.Now()), orNow(in.Body.Known, tx.Now()))
		}
		return tx.Audit(ctx, audit.Event{Action: audit.ConsentViewed, Object: audit.Object{Kind: "consent_person", ID: h.Person.String()}})
	})
}

func orNow(t, now time.Time) time.Time {
	if t.IsZero() {
		return now
	}
	return t
}

// purposeKeys are the keys of purposes by their numbers.
func purposeKeys(t storage.Tenant) map[int32]string { return casework.PurposeKeys(t) }

func newConsentPerson(h storage.ConsentHistory, keys map[int32]string) consentPerson {
	out := consentPerson{
		Person: h.Person, Address: h.Address, Country: h.Country, Language: h.Language, Since: h.Since,
		Consents: each(h.Standings, func(s storage.ConsentStanding) consentStanding { return newStanding(s, keys) }),
		Events:   make([]consentEvent, len(h.Lines)),
	}
	for i, l := range h.Lines {
		out.Events[len(h.Lines)-1-i] = newConsentLine(l, keys)
	}
	return out
}

func newStanding(s storage.ConsentStanding, keys map[int32]string) consentStanding {
	return consentStanding{
		Purpose: keys[s.Purpose], Channel: string(s.Channel), State: stateOf(s.Standing), ImpliedUntil: s.ImpliedUntil, Address: string(s.Standing.Address.Found),
		Requested: notZero(s.Standing.Requested), Given: notZero(s.Standing.Given), Confirmed: notZero(s.Standing.Confirmed), Withdrawn: notZero(s.Standing.Withdrawn),
		Relations: each(s.Standing.Relations, func(r consent.Relation) consentRelation {
			return consentRelation{Kind: string(r.Kind), Day: r.Day, InForce: r.InForce, Refusable: r.Refusable}
		}),
	}
}

// stateOf is the strongest of what stands.
func stateOf(s consent.Standing) string {
	switch {
	case !s.Withdrawn.IsZero():
		return "withdrawn"
	case !s.Confirmed.IsZero():
		return "confirmed"
	case !s.Given.IsZero():
		return "given"
	case len(s.Relations) > 0 || s.Address.Found != "":
		return "implied"
	case !s.Requested.IsZero():
		return "requested"
	default:
		return "none"
	}
}

func notZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func newConsentLine(l storage.ConsentLine, keys map[int32]string) consentEvent {
	e := consentEvent{
		ID: l.ID, Purpose: keys[l.Purpose], Channel: string(l.Channel), Kind: string(l.Event.Kind), At: l.Event.At, Zone: l.Zone, Recorded: l.Event.Recorded,
		Relation: string(l.Event.Relation), NoSolicitation: l.Event.NoSolicitation, Refusable: l.Event.Refusable, How: l.How, Source: l.Source,
		Batch: l.Batch, Position: l.Position, Hash: hex.EncodeToString(l.Hash),
	}
	if l.Text != nil {
		words := newText(*l.Text)
		e.Text = &words
	}
	if !l.Evidence.Empty() {
		evidence := evidenceBody(l.Evidence)
		e.Evidence = &evidence
	}
	return e
}

// stoodAt is what stood at a moment, as far as it was known at another.
func stoodAt(h storage.ConsentHistory, keys map[int32]string, at, known time.Time) []consentStanding {
	return each(h.Standings, func(s storage.ConsentStanding) consentStanding {
		return newStanding(storage.ConsentStanding{Purpose: s.Purpose, Channel: s.Channel, Standing: h.StoodAt(s.Purpose, s.Channel, at, known)}, keys)
	})
}
