package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// deferralLine is what an erasure left to its time. It names nobody.
type deferralLine struct {
	DeferredPlace
	Looks  int32          `json:"looks" doc:"How often it was looked at."`
	Kept   []deferredKept `json:"kept" doc:"What it kept at the last look, system by system; of what is done, what it kept to the end."`
	Holds  []deferredHold `json:"holds" doc:"Legal holds that stand on the person: what they cover is not erased before they are lifted."`
	Asked  []string       `json:"asked" doc:"Systems, by key, in which people are asked to erase and have not said that they did."`
	ToTell int64          `json:"to_tell" doc:"Recipients whom the staff have to tell of what was erased, because the request is forgotten; it waits for them."`
}

type deferredKept struct {
	System   string           `json:"system" doc:"By key."`
	Name     string           `json:"name" doc:"What the system is called; the key where it is no more."`
	Stopped  bool             `json:"stopped,omitempty" doc:"It was stopped in an emergency: nothing is erased there before it goes on."`
	Ground   string           `json:"ground" enum:"legal_duty,legal_claims,security,legal_hold,recourse"`
	Citation privacy.Citation `json:"citation,omitzero"`
	Rows     int64            `json:"rows"`
	Until    privacy.Date     `json:"until,omitzero" doc:"The last day of the longest duty; missing while nobody can say."`
}

type deferredHold struct {
	ID      uuid.UUID `json:"id" format:"uuid"`
	Matter  string    `json:"matter"`
	Systems []string  `json:"systems" doc:"By key; empty means everywhere."`
}

type listDeferrals struct {
	Paging
	Done    bool      `query:"done" doc:"Also those that are done, behind the others."`
	Request uuid.UUID `query:"request" format:"uuid" doc:"Only what the erasure of this request left."`
}

// The lists that cursors are of: what waits, and what is done.
const (
	deferralList = "deferred-erasures"
	deferredList = "deferred-erasures/done"
)

func deferralOf(d storage.DeferralLine, systems map[string]storage.System) deferralLine {
	v := deferralLine{
		DeferredPlace: DeferredPlace{ID: d.ID, Request: d.CaseID, Reference: d.Reference, State: "waiting", Due: d.Due, MadeAt: d.Made, EndedAt: d.Ended},
		Looks:         d.Rounds, Kept: []deferredKept{}, Asked: orNone(d.Asked),
		ToTell: d.ToTell,
		Holds:  each(d.Holds, func(h storage.HoldOn) deferredHold { return deferredHold(h) }),
	}
	if d.Done {
		v.State = "done"
	}
	for _, l := range d.Left {
		one := deferredKept{System: l.System, Name: l.System, Ground: string(l.Ground), Citation: l.Citation, Rows: l.Rows, Until: l.Until}
		if l.System == erasure.LedgerSystem {
			one.Name = casework.LedgerName()
		}
		if s, there := systems[l.System]; there {
			one.Name, one.Stopped = s.Name, s.Stop != nil && !d.Done
		}
		v.Kept = append(v.Kept, one)
	}
	return v
}

func orNone(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}

// deferralCursor says where the next page begins, in which of the two lists.
func deferralCursor(who *caller, in *listDeferrals) (f storage.DeferralFilter, err error) {
	if f.Done, f.Limit = in.Done, in.Limit; in.Request != uuid.Nil {
		f.Request = &in.Request
	}
	if f.After, err = readCursor(who, deferralList, in.Cursor); err == nil {
		return f, nil
	}
	f.AfterDone = true
	f.After, err = readCursor(who, deferredList, in.Cursor)
	return f, err
}

func (s *server) deferrals(ctx context.Context, who *caller, in *listDeferrals) (*page[deferralLine], error) {
	filter, err := deferralCursor(who, in)
	if err != nil {
		return nil, err
	}
	var rows []storage.DeferralLine
	systems := map[string]storage.System{}
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		if rows, err = tx.Deferrals(ctx, filter); err != nil {
			return err
		}
		all, err := tx.Systems(ctx)
		for _, one := range all {
			systems[one.Key] = one
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	list := deferralList
	if len(rows) > 0 && rows[len(rows)-1].Done {
		list = deferredList
	}
	next, err := nextCursor(who, list, in.Limit, rows, func(d storage.DeferralLine) (time.Time, uuid.UUID) { return d.Due, d.ID })
	return newPage(each(rows, func(d storage.DeferralLine) deferralLine { return deferralOf(d, systems) }), next), err
}
