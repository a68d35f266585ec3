package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// MessageQuestion is a message of which somebody wants to know to whom it may be sent.
type MessageQuestion struct {
	// Purpose is the key of a purpose of the tenant.
	Purpose string
	Channel privacy.MessageChannel
	// Class is that of the purpose when empty.
	Class privacy.MessageClass
	// Country is where the recipients live (ISO 3166-1 alpha-2); empty takes what is known of each, and every law where nothing is.
	Country string
	// Day is the day of sending; today when zero.
	Day                 privacy.Date
	Relevant, Corporate bool
	// Tracking asks whether opening and clicking may be seen, too.
	Tracking bool
	// AsOf asks as it was at a moment, by what was known then; now when zero.
	AsOf time.Time
}

// MessageAnswer is whether one address may be written to.
type MessageAnswer struct {
	consent.Decision
	// Tracking is whether it may be seen what they open and follow; nil where that was not asked.
	Tracking *consent.Decision
	// Frequency is how often the person wants to hear of the sender at most; empty where they have not said.
	Frequency consent.Frequency
	// Country is that of the laws that were applied; empty where it is not known.
	Country string
}

// MayMessage says whether addresses may be written to, each in turn. Errors are *privacy.RuleError for a purpose that is not there, and
// *storage.AddressError for an address that can't be one.
func (d *Desk) MayMessage(ctx context.Context, tx *storage.Tx, q MessageQuestion, addresses []string) ([]MessageAnswer, error) {
	m, err := d.message(tx.Tenant(), tx, q)
	if err != nil {
		return nil, err
	}
	known, err := tx.ConsentsFor(ctx, m.register, addresses)
	if err != nil {
		return nil, err
	}
	return m.answers(ctx, tx, known, addresses)
}

// MayMessageEach is MayMessage of a list in which addresses may be wrong: what is wrong with each stands in its place, and its answer counts for nothing.
func (d *Desk) MayMessageEach(ctx context.Context, tx *storage.Tx, q MessageQuestion, addresses []string) (answers []MessageAnswer, faults []error, err error) {
	m, err := d.message(tx.Tenant(), tx, q)
	if err != nil {
		return nil, nil, err
	}
	known, faults, err := tx.ConsentsForEach(ctx, m.register, addresses)
	if err != nil {
		return nil, nil, err
	}
	answers, err = m.answers(ctx, tx, known, addresses)
	return answers, faults, err
}

// answers decides about addresses of which it is known what stands.
func (m *message) answers(ctx context.Context, tx *storage.Tx, known []storage.ConsentKnown, addresses []string) ([]MessageAnswer, error) {
	bars, err := m.bars(ctx, tx, known, addresses)
	if err != nil {
		return nil, err
	}
	out := make([]MessageAnswer, len(addresses))
	for i := range known {
		out[i] = m.answer(&known[i], bars[i])
	}
	return out, nil
}

// ExplainMessage says of one address what each law that applies says, now or as it was at a moment.
func (d *Desk) ExplainMessage(ctx context.Context, tx *storage.Tx, q MessageQuestion, address string) (MessageAnswer, []consent.Decision, error) {
	m, err := d.message(tx.Tenant(), tx, q)
	if err != nil {
		return MessageAnswer{}, nil, err
	}
	known, err := m.known(ctx, tx, address)
	if err != nil {
		return MessageAnswer{}, nil, err
	}
	bars, err := m.bars(ctx, tx, []storage.ConsentKnown{known}, []string{address})
	if err != nil {
		return MessageAnswer{}, nil, err
	}
	answer := m.answer(&known, bars[0])
	return answer, consent.Explain(m.ask, &known.Standing, bars[0], m.laws(answer.Country)), nil
}

// message is a question as it is put to the register and the laws.
type message struct {
	desk     *Desk
	tenant   storage.Tenant
	country  string
	ask      consent.Ask
	register storage.ConsentQuestion
	tracking bool
	// at is the moment of which is asked, and past says that it is not now.
	at   time.Time
	past bool
	// last are the laws that were asked for last: people on a list often live in the same country.
	last struct {
		country string
		laws    []privacy.MessageRule
	}
}

func (d *Desk) message(tenant storage.Tenant, tx *storage.Tx, q MessageQuestion) (*message, error) {
	purpose, err := PurposeOf(tenant, q.Purpose)
	if err != nil {
		return nil, err
	}
	m := &message{desk: d, tenant: tenant, country: q.Country, tracking: q.Tracking, at: q.AsOf, past: !q.AsOf.IsZero()}
	if !m.past {
		m.at = tx.Now()
	}
	m.ask = consent.Ask{Day: q.Day, Class: q.Class, Similar: purpose.SimilarGoods, Relevant: q.Relevant, Corporate: q.Corporate}
	if m.ask.Day.IsZero() {
		m.ask.Day = privacy.DateIn(m.at, tenant.Zone)
	}
	if m.ask.Class == "" {
		m.ask.Class = privacy.MessageClass(purpose.Class)
	}
	m.register = storage.ConsentQuestion{Kind: AddressKind(q.Channel), Channel: q.Channel, Purpose: purpose.Number}
	if q.Tracking {
		m.register.Tracking = trackingNumber(tenant)
	}
	return m, nil
}

// PurposeOf finds a purpose of the tenant by its key; a *privacy.RuleError where there is none, or none any more.
func PurposeOf(tenant storage.Tenant, key string) (storage.ConsentPurpose, error) {
	at := slices.IndexFunc(tenant.Purposes, func(p storage.ConsentPurpose) bool { return p.Key == key })
	if at < 0 {
		return storage.ConsentPurpose{}, &privacy.RuleError{Code: "purpose_unknown", Message: fmt.Sprintf("there is no purpose %q: add it first, or name one of those that are there", key)}
	}
	if tenant.Purposes[at].RetiredAt != nil {
		return storage.ConsentPurpose{}, &privacy.RuleError{Code: "purpose_retired", Message: fmt.Sprintf("the purpose %q is used no more", key)}
	}
	return tenant.Purposes[at], nil
}

func trackingNumber(tenant storage.Tenant) int32 {
	for _, p := range tenant.Purposes {
		if p.Tracking && p.RetiredAt == nil {
			return p.Number
		}
	}
	return 0
}

// AddressKind is the kind of address that somebody is reached by on a channel.
func AddressKind(by privacy.MessageChannel) string {
	switch by {
	case privacy.BySMS, privacy.ByPhone:
		return storage.AddressPhone
	case privacy.ByPost, privacy.ByPush:
		return storage.AddressCustomer
	case privacy.ByEmail:
	}
	return storage.AddressEmail
}

// bars are what stands against messages to each address: nearly nobody has any, and only of those that have is asked what.
func (m *message) bars(ctx context.Context, tx *storage.Tx, known []storage.ConsentKnown, addresses []string) ([][]consent.Bar, error) {
	out := make([][]consent.Bar, len(known))
	var places []int
	var people []storage.Person
	for i := range known {
		if known[i].Barred {
			places, people = append(places, i), append(people, personAt(m.register.Kind, addresses[i]))
		}
	}
	if len(places) == 0 {
		return out, nil
	}
	limits, err := tx.LimitsAt(ctx, m.at, people...)
	if err != nil {
		return nil, err
	}
	suppressed, err := tx.SuppressionsAt(ctx, m.at, people...)
	if err != nil {
		return nil, err
	}
	for i, place := range places {
		out[place] = consent.Bars(m.ask.Class, standingOn(limits[i], suppressed[i]))
	}
	return out, nil
}

// known is what is known of one address, or was at the moment of which is asked.
func (m *message) known(ctx context.Context, tx *storage.Tx, address string) (storage.ConsentKnown, error) {
	if !m.past {
		all, err := tx.ConsentsFor(ctx, m.register, []string{address})
		if err != nil {
			return storage.ConsentKnown{}, err
		}
		return all[0], nil
	}
	known := storage.ConsentKnown{Barred: true} // what stood against it then is looked for in any case
	h, err := tx.ConsentHistory(ctx, storage.ConsentAddress{Kind: m.register.Kind, Value: address})
	if errors.Is(err, storage.ErrNotFound) {
		return known, nil
	}
	if err != nil {
		return known, err
	}
	stood := func(purpose int32) consent.Standing { return h.StoodAt(purpose, m.register.Channel, m.at, m.at) }
	known.Country = h.Country
	chosen, err := tx.ConsentPreferencesAt(ctx, h.Person, m.at)
	if err != nil {
		return known, err
	}
	known.Frequency, known.PausedUntil = chosen.Frequency, chosen.PausedUntil
	known.Standing = stood(m.register.Purpose).Under(stood(storage.Everything))
	if m.register.Tracking > 0 {
		known.Tracking = stood(m.register.Tracking).Under(stood(storage.Everything))
	}
	return known, nil
}

func personAt(kind, address string) storage.Person {
	switch kind {
	case storage.AddressPhone:
		return storage.Person{Phone: address}
	case storage.AddressCustomer:
		return storage.Person{CustomerID: address}
	default:
		return storage.Person{Email: address}
	}
}

func (m *message) laws(country string) []privacy.MessageRule {
	if m.last.laws == nil || m.last.country != country {
		m.last.country, m.last.laws = country, m.desk.laws.reaching(&m.tenant, country, m.register.Channel)
	}
	return m.last.laws
}

func (m *message) answer(known *storage.ConsentKnown, bars []consent.Bar) MessageAnswer {
	out := MessageAnswer{Country: m.country, Frequency: known.Frequency}
	if out.Country == "" {
		out.Country = known.Country
	}
	laws := m.laws(out.Country)
	out.Decision = consent.Paused(consent.Decide(m.ask, &known.Standing, bars, laws), m.ask, known.PausedUntil)
	if m.tracking {
		track := consent.Track(&known.Tracking, laws)
		out.Tracking = &track
	}
	return out
}
