package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

type funnelIn struct {
	From    string `query:"from" maxLength:"10" doc:"A day of the first week, as 2006-01-02; weeks begin on Mondays. Twelve weeks up to the last when absent."`
	To      string `query:"to" maxLength:"10" doc:"The last day; today when absent. A year lies between them at most."`
	Purpose string `query:"purpose" maxLength:"62" doc:"The key of one purpose; all when absent."`
}

// consentFunnel is what became of sign-ups, by the week in which they came. Nobody is named.
type consentFunnel struct {
	From  privacy.Date `json:"from" format:"date" doc:"The Monday of the first week."`
	To    privacy.Date `json:"to" format:"date" doc:"The last day that was counted."`
	Weeks []funnelWeek `json:"weeks" nullable:"false" doc:"In their order, also those in which nobody signed up."`
}

type funnelWeek struct {
	From privacy.Date `json:"from" format:"date" doc:"Its Monday."`
	FunnelCount
	Parts []funnelPart `json:"parts" nullable:"false" doc:"By purpose and by the words that people saw, in that order; those of which there were none are left out."`
}

type funnelPart struct {
	Purpose  string `json:"purpose"`
	Language string `json:"language,omitempty" doc:"Of the words that people saw; absent where it is not known which they were."`
	Version  int32  `json:"version,omitempty"`
	FunnelCount
}

// FunnelCount is how far those who signed up have come.
type FunnelCount struct {
	Requested int64 `json:"requested" doc:"Sign-ups: each channel of an address counts as one, and asking again without having confirmed not once more."`
	Confirmed int64 `json:"confirmed" doc:"Those of them that were confirmed from the mailbox, whenever that was."`
	Standing  int64 `json:"standing" doc:"Those of the confirmed that stand now. Of somebody who signed up again after a withdrawal that belongs to the last sign-up."`
}

func (c *FunnelCount) add(o FunnelCount) {
	c.Requested, c.Confirmed, c.Standing = c.Requested+o.Requested, c.Confirmed+o.Confirmed, c.Standing+o.Standing
}

func (s *server) consentFunnelOperations() {
	register(s, operation{
		id: "get-consent-funnel", method: http.MethodGet, path: "/v1/consent/funnel", tag: "consents",
		summary: "How many signed up in each week, how many of them confirmed it, and of how many it still stands; nobody is named",
	}, s.consentFunnel)
}

// Weeks of a funnel.
const (
	funnelWeeks    = 12
	mostFunnelDays = 53 * 7
)

func (s *server) consentFunnel(ctx context.Context, who *caller, in *funnelIn) (*shown[consentFunnel], error) {
	from, to, err := s.funnelDays(who, in)
	if err != nil {
		return nil, err
	}
	out := &shown[consentFunnel]{}
	return out, s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		purpose, err := purposeOfQuery(tx.Tenant(), in.Purpose)
		if err != nil {
			return err
		}
		counted, err := tx.ConsentSignUps(ctx, from, to.AddDays(1), purpose)
		if err != nil {
			return err
		}
		texts, err := tx.ConsentTexts(ctx)
		out.Body = newFunnel(from, to, counted, purposeKeys(tx.Tenant()), texts)
		return err
	})
}

// funnelDays are the Monday from which is counted, and the last day.
func (s *server) funnelDays(who *caller, in *funnelIn) (from, to privacy.Date, err error) {
	to = privacy.DateIn(s.Clock.Now(), who.tenant.Zone)
	if in.To != "" {
		if to, err = readDay("query.to", in.To); err != nil {
			return from, to, err
		}
	}
	from = to.AddDays(-7 * (funnelWeeks - 1))
	if in.From != "" {
		if from, err = readDay("query.from", in.From); err != nil {
			return from, to, err
		}
	}
	if from.After(to) {
		return from, to, invalid("query.from", "lies behind the last day")
	}
	from = mondayOf(from)
	if from.DaysUntil(to) >= mostFunnelDays {
		return from, to, invalid("query.from", "lies more than a year before the last day: ask year by year")
	}
	return from, to, nil
}

func mondayOf(d privacy.Date) privacy.Date {
	return d.AddDays(-int((d.Weekday() - time.Monday + 7) % 7))
}

// purposeOfQuery is the number of a purpose, also of one that is retired; nil where none is named.
func purposeOfQuery(t storage.Tenant, key string) (*int32, error) {
	if key == "" {
		return nil, nil //nolint:nilnil // a question about all of them
	}
	for _, p := range t.Purposes {
		if p.Key == key {
			return &p.Number, nil
		}
	}
	return nil, invalid("query.purpose", "is the key of no purpose")
}

// newFunnel puts days together to weeks.
func newFunnel(from, to privacy.Date, counted []storage.ConsentSignUps, keys map[int32]string, texts []storage.ConsentText) consentFunnel {
	words := map[uuid.UUID]storage.ConsentText{}
	for _, t := range texts {
		words[t.ID] = t
	}
	out := consentFunnel{From: from, To: to}
	for monday := from; !monday.After(to); monday = monday.AddDays(7) {
		out.Weeks = append(out.Weeks, funnelWeek{From: monday, Parts: []funnelPart{}})
	}
	for _, c := range counted {
		week, text := &out.Weeks[from.DaysUntil(c.Day)/7], words[c.Text]
		part := funnelPart{
			Purpose: keys[c.Purpose], Language: text.Language, Version: text.Version,
			FunnelCount: FunnelCount{Requested: c.Requested, Confirmed: c.Confirmed, Standing: c.Standing},
		}
		week.add(part.FunnelCount)
		week.addPart(part)
	}
	for i := range out.Weeks {
		slices.SortFunc(out.Weeks[i].Parts, func(a, b funnelPart) int {
			return cmp.Or(cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.Language, b.Language), cmp.Compare(a.Version, b.Version))
		})
	}
	return out
}

func (w *funnelWeek) addPart(p funnelPart) {
	for i := range w.Parts {
		if o := &w.Parts[i]; o.Purpose == p.Purpose && o.Language == p.Language && o.Version == p.Version {
			o.add(p.FunnelCount)
			return
		}
	}
	w.Parts = append(w.Parts, p)
}
