package casework

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/privacy/consent/record"
	"github.com/privacy-docket/docket/storage"
)

// ConsentRecords are what is on record of an address, for each purpose on each channel, in the form from which others' documents are made. What the person said
// of everything is part of each.
func (d *Desk) ConsentRecords(ctx context.Context, tx *storage.Tx, a storage.ConsentAddress) ([]record.Consent, error) {
	h, err := tx.ConsentHistory(ctx, a)
	if err != nil {
		return nil, err
	}
	texts, err := tx.NewestConsentTexts(ctx)
	if err != nil {
		return nil, err
	}
	x := &exporting{desk: d, tenant: tx.Tenant(), history: h, texts: texts, now: tx.Now()}
	var out []record.Consent
	for _, s := range h.Standings {
		if s.Purpose != storage.Everything {
			out = append(out, x.record(s))
		}
	}
	return out, nil
}

// exporting is the history of an address on its way into documents.
type exporting struct {
	desk    *Desk
	tenant  storage.Tenant
	history storage.ConsentHistory
	texts   []storage.ConsentText
	now     time.Time
}

func (x *exporting) record(s storage.ConsentStanding) record.Consent {
	at := slices.IndexFunc(x.tenant.Purposes, func(p storage.ConsentPurpose) bool { return p.Number == s.Purpose })
	purpose := x.tenant.Purposes[at]
	laws := x.desk.laws.reaching(&x.tenant, x.history.Country, s.Channel)
	standing := s.Standing.Under(x.history.StoodAt(storage.Everything, s.Channel, x.now, x.now))
	ask := consent.Ask{Day: privacy.DateIn(x.now, x.tenant.Zone), Class: privacy.MessageClass(purpose.Class), Similar: purpose.SimilarGoods}
	decision := consent.Decide(ask, &standing, nil, laws)
	out := record.Consent{
		ID: x.id(purpose, s.Channel), Issued: x.now, Person: x.history.Person.String(), Controller: x.controller(), Purpose: x.purpose(purpose), Channel: s.Channel,
		Status: record.StatusOf(&standing, &decision),
	}
	if x.tenant.Profile.DPO != "" {
		out.Officer = &record.Party{Name: x.tenant.Profile.DPO}
	}
	receiptsOf(x.tenant, purpose.Key).complete(&out, x.desk.links.Public+"/"+x.tenant.Slug+"/request")
	out.Countries = []string{orElse(x.history.Country, x.tenant.Country)}
	for i := range laws {
		law := &laws[i]
		out.Laws = append(out.Laws, record.Law{
			ID: law.ID, Version: law.Version, Name: law.Name, Citation: law.Citation, Implies: len(law.Windows) > 0 || law.InForce != nil,
		})
	}
	for _, l := range x.history.Lines {
		if l.Channel == s.Channel && (l.Purpose == s.Purpose || l.Purpose == storage.Everything) {
			out.Events = append(out.Events, x.event(l, laws))
		}
	}
	return out
}

// id is that of a record: the same whenever it is written.
func (x *exporting) id(p storage.ConsentPurpose, by privacy.MessageChannel) string {
	return uuid.NewSHA1(x.history.Person, []byte("consent-record/"+strconv.Itoa(int(p.Number))+"/"+string(by))).String()
}

func (x *exporting) controller() record.Party {
	p := record.Party{ID: x.tenant.ID.String(), Name: x.tenant.Name, Address: record.Address{Street: x.tenant.Profile.Address, Country: x.tenant.Country}}
	if contact := x.tenant.Profile.Contact; strings.Contains(contact, "@") {
		p.Email = contact
	} else {
		p.Contact = contact
	}
	return p
}

// purpose has the words of its newest text, in the person's language where there is one, else in the tenant's.
func (x *exporting) purpose(p storage.ConsentPurpose) record.Purpose {
	out := record.Purpose{ID: p.Key, Title: p.Key}
	if p.Class == string(privacy.Commercial) {
		out.Use = privacy.UseMarketing
	}
	for _, language := range []string{"", x.tenant.Language, x.history.Language} { // the best is the last
		for _, t := range x.texts {
			if t.Purpose == p.Number && (language == "" && out.Description == "" || language != "" && t.Language == language) {
				out.Title, out.Description = t.Title, t.Body
			}
		}
	}
	return out
}

func (x *exporting) event(l storage.ConsentLine, laws []privacy.MessageRule) record.Event {
	e := record.Event{
		Kind: l.Event.Kind, At: l.Event.At, Recorded: l.Event.Recorded, How: record.How(l.How), Source: l.Source, Relation: l.Event.Relation, NoSolicitation: l.Event.NoSolicitation,
	}
	if zone, err := time.LoadLocation(l.Zone); err == nil {
		e.Zone = zone
	}
	if l.Text != nil {
		sum := storage.TextHash(l.Text.Title, l.Text.Body)
		e.Text = &record.Text{
			ID: l.Text.ID.String(), Version: fmt.Sprint(l.Text.Version), Language: l.Text.Language, SHA256: hex.EncodeToString(sum[:]),
			Shown: privacy.DateIn(l.Text.CreatedAt, x.tenant.Zone),
		}
	}
	one := consent.Standing{}.With([]consent.Event{l.Event})
	if l.Event.Kind.Relates() {
		e.Until, _ = consent.ImpliedUntil(&one, laws)
	}
	return e
}
