package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// feedTag is that of reading and confirming the feed: its scope is held by no key that was made for anything else.
const feedTag = "consent-feed"

type readChanges struct {
	ReceiverID
	After string `query:"after" maxLength:"80" doc:"The cursor of the page before, as this receiver was given it; where the receiver has confirmed when absent."`
	Limit int32  `query:"limit" minimum:"1" maximum:"1000" default:"300"`
}

// changeView is a line of the ledger as a receiver hears of it.
type changeView struct {
	ID          uuid.UUID `json:"id" format:"uuid" doc:"The same however often it is told."`
	Person      uuid.UUID `json:"person" format:"uuid" doc:"Means nothing outside the ledger."`
	Address     string    `json:"address,omitempty" doc:"Absent where the person was forgotten."`
	AddressKind string    `json:"address_kind" enum:"email,phone,customer_id"`
	Forgotten   bool      `json:"forgotten,omitempty"`
	Purpose     string    `json:"purpose" doc:"* is every purpose."`
	Channel     string    `json:"channel" enum:"email,sms,phone,post,push"`
	Kind        string    `json:"kind" enum:"withdrawn,given,confirmed,objected,restricted,suppressed,stop_ended" doc:"What happened. objected, restricted and suppressed stop whatever advertises, stop_ended says that one of them has ended."`
	Change      string    `json:"change" enum:"withdrawn,resumed" doc:"What stands since: write no more, or the person has agreed again."`
	AllClear    bool      `json:"all_clear" doc:"Nothing that the receiver writes for stands withdrawn on this channel."`
	At          time.Time `json:"at"`
	Recorded    time.Time `json:"recorded_at"`
	How         string    `json:"how"`
	Batch       uuid.UUID `json:"batch" format:"uuid"`
}

// changesView is a page of the feed.
type changesView struct {
	Changes []changeView `json:"changes" nullable:"false" doc:"In the order of the log. Do each again without harm: what was not confirmed comes again."`
	Cursor  string       `json:"cursor" doc:"Behind these, and good for this receiver alone. Give it as after to read on, and confirm it once all of them are done."`
	More    bool         `json:"more"`
}

type confirmChanges struct {
	ReceiverID
	Body struct {
		Cursor string `json:"cursor" minLength:"1" maxLength:"80" doc:"Of a page that this receiver was given: everything before it is done."`
	}
}

// confirmedView is what was confirmed.
type confirmedView struct {
	Confirmed int `json:"confirmed" doc:"How many withdrawals that were not confirmed before."`
	Late      int `json:"late" doc:"How many of them came after their time."`
}

type listHandovers struct {
	State    string `query:"state" enum:"open,all" default:"open" doc:"open: those that are not confirmed."`
	Receiver string `query:"receiver" format:"uuid"`
	Limit    int32  `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

// handoverView is the withdrawals of a day that a receiver has to confirm.
type handoverView struct {
	ID          uuid.UUID    `json:"id" format:"uuid"`
	Receiver    uuid.UUID    `json:"receiver_id" format:"uuid"`
	Name        string       `json:"receiver"`
	Day         privacy.Date `json:"day" format:"date" doc:"On which they came to be known."`
	State       string       `json:"state" enum:"open,half_gone,overdue,confirmed,confirmed_late,retired"`
	Withdrawals int          `json:"withdrawals"`
	Confirmed   int          `json:"confirmed"`
	Late        int          `json:"late" doc:"Of those confirmed, how many after their time."`
	Due         time.Time    `json:"due" doc:"The earliest moment that a law sets for those that are not confirmed, or were last."`
	DueLaw      string       `json:"due_law"`
	Citation    string       `json:"citation"`
	Laws        []lawTime    `json:"laws" nullable:"false" doc:"All whose time runs, the shortest first."`
	ConfirmedAt *time.Time   `json:"confirmed_at,omitempty" doc:"When the last was."`
	Warned      *time.Time   `json:"warned_at,omitempty" doc:"When staff were told that half of the time had gone."`
	Overdue     *time.Time   `json:"overdue_at,omitempty" doc:"When they were told that all of it had."`
}

type lawTime struct {
	Law         string    `json:"law" example:"casl@2026.1"`
	Citation    string    `json:"citation"`
	Due         time.Time `json:"due" doc:"The earliest."`
	Withdrawals int       `json:"withdrawals" doc:"To how many it applies."`
}

func (s *server) handoverOperations() {
	missing := []int{http.StatusNotFound}
	register(s, operation{
		id: "read-consent-changes", method: http.MethodGet, path: "/v1/consent/receivers/{id}/changes", tag: feedTag, errors: missing,
		summary: "Whom a receiver may write to no more, and who has agreed again, with their addresses; each time it is read is recorded",
	}, s.readChanges)
	register(s, operation{
		id: "confirm-consent-changes", method: http.MethodPost, path: "/v1/consent/receivers/{id}/confirm", tag: feedTag, errors: missing,
		summary: "A receiver has done what it read, up to a cursor",
	}, s.confirmChanges)
	register(s, operation{
		id: "list-consent-handovers", method: http.MethodGet, path: "/v1/consent/handovers", tag: "consents",
		summary: "What other systems have to confirm of withdrawals: by receiver and day, with the laws whose time runs; nobody is named",
	}, s.handovers)
}

func (s *server) readChanges(ctx context.Context, who *caller, in *readChanges) (*shown[changesView], error) {
	var after *storage.StreamPlace
	if in.After != "" {
		place, err := readFeedCursor(who, in.ID, "query.after", in.After)
		if err != nil {
			return nil, err
		}
		after = &place
	}
	out := &shown[changesView]{}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		got, err := s.Desk.ReadChanges(ctx, tx, in.ID, after, in.Limit)
		if err != nil {
			return err
		}
		out.Body = changesView{Changes: each(got.Changes, changeOf), More: got.More}
		out.Body.Cursor, err = feedCursor(who, in.ID, got.Behind)
		return err
	})
}

func changeOf(c casework.ConsentChange) changeView {
	return changeView{
		ID: c.ID, Person: c.Person, Address: c.Address, AddressKind: c.AddressKind, Forgotten: c.Forgotten, Purpose: c.Purpose, Channel: string(c.Channel), Kind: string(c.Kind), Change: c.Change,
		AllClear: c.AllClear, At: c.At, Recorded: c.Recorded, How: c.How, Batch: c.Batch,
	}
}

func (s *server) confirmChanges(ctx context.Context, who *caller, in *confirmChanges) (*shown[confirmedView], error) {
	to, err := readFeedCursor(who, in.ID, "body.cursor", in.Body.Cursor)
	if err != nil {
		return nil, err
	}
	out := &shown[confirmedView]{}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Body.Confirmed, out.Body.Late, err = s.Desk.ConfirmChanges(ctx, tx, in.ID, to)
		return err
	})
}

func (s *server) handovers(ctx context.Context, who *caller, in *listHandovers) (*page[handoverView], error) {
	var of *uuid.UUID
	if in.Receiver != "" {
		id, err := uuid.Parse(in.Receiver)
		if err != nil {
			return nil, invalid("query.receiver", "is no id of a receiver")
		}
		of = &id
	}
	var out []handoverView
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.ConsentHandovers(ctx, in.State == "open", of, in.Limit)
		if err != nil {
			return err
		}
		receivers, err := tx.ConsentReceivers(ctx)
		names := map[uuid.UUID]string{}
		for _, r := range receivers {
			names[r.ID] = r.Name
		}
		out = each(all, func(h storage.ConsentHandover) handoverView { return s.handoverOf(h, names[h.Receiver], tx.Now()) })
		return err
	})
	return newPage(out, ""), err
}

func (s *server) handoverOf(h storage.ConsentHandover, name string, now time.Time) handoverView {
	v := handoverView{
		ID: h.ID, Receiver: h.Receiver, Name: name, Day: h.Day, State: string(h.State(now)), Withdrawals: h.Withdrawals, Confirmed: h.Confirmed, Late: h.Late, Due: h.Due, DueLaw: h.DueLaw,
		Citation: s.Desk.UnsubscribeCitation(h.DueLaw), ConfirmedAt: notZero(h.ConfirmedAt), Warned: notZero(h.Warned), Overdue: notZero(h.Overdue), Laws: []lawTime{},
	}
	for id, law := range h.Laws {
		v.Laws = append(v.Laws, lawTime{Law: id + "@" + law.Version, Citation: s.Desk.UnsubscribeCitation(id), Due: law.Due, Withdrawals: law.Withdrawals})
	}
	slices.SortFunc(v.Laws, func(a, b lawTime) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Law, b.Law)) })
	return v
}
