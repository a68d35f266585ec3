package pages

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

// linked is a link by which another controller fetches, as the page of the person shows it.
type linked struct {
	ID, Receiver, State, Fetched string
	// Open says that it can be taken back.
	Open bool
}

// madeLink is a link that was made just now, and is shown this once.
type madeLink struct{ Receiver, URL, Until string }

func (v *visit) moment(at time.Time) string {
	return notify.FormatMoment(notify.Language(v.language), at.In(v.tenant.Zone))
}

// linkedAs tells of a link: how it stands, and each time that somebody fetched all of it.
func (v *visit) linkedAs(link storage.TransmissionLink) linked {
	out := linked{ID: link.ID.String(), Receiver: link.Receiver, Open: link.EndedAt == nil}
	if out.Open {
		out.State = v.say("link.state.open", "date", v.moment(link.ExpiresAt))
	} else {
		out.State = v.say("link.state."+link.Reason, "date", v.moment(*link.EndedAt))
	}
	var times []string
	for _, f := range link.Fetches {
		if f.Whole {
			times = append(times, v.moment(*f.EndedAt))
		}
	}
	out.Fetched = v.say("link.never")
	if len(times) > 0 {
		out.Fetched = v.say("link.fetched", "count", strconv.Itoa(len(times)), "times", strings.Join(times, "; "))
	}
	return out
}

// makeLink makes a link by which another controller fetches, and shows it. The same form sent twice shows the same link.
func (s *site) makeLink(v *visit) error {
	receiver := v.entered("link_receiver")
	at, key, done, err := s.acting(v, "link\n"+receiver)
	if err != nil || done {
		return err
	}
	if said := v.linkFault(receiver); said != nil {
		return s.showTransmit(v, http.StatusUnprocessableEntity, at, transmitPage{receiver: receiver, faults: []fault{*said}})
	}
	var made casework.MadeLink
	err = s.Desk.DB().Change(v.Request.Context(), at.ref.Tenant, subject(at.row.ID), func(ctx context.Context, tx *storage.Tx) (err error) {
		made, err = s.Desk.MakeTransmissionLink(ctx, tx, at.ref, key, receiver)
		return err
	})
	if refusal, refused := casework.RefusalOf(err); refused {
		s.Log.Debug("a link for another controller was refused", zap.String("code", refusal.Code))
		return s.showTransmit(v, http.StatusConflict, at, transmitPage{receiver: receiver, faults: []fault{{Text: v.say("link.none")}}})
	}
	if err != nil {
		return linkDead(err)
	}
	return s.showTransmit(v, http.StatusOK, at, transmitPage{notice: v.say("link.made"), made: &madeLink{Receiver: made.Receiver, URL: made.URL, Until: v.moment(made.Expires)}})
}

func (v *visit) linkFault(receiver string) *fault {
	switch {
	case receiver == "":
		return &fault{Field: "link_receiver", Text: v.say("error.transmit_receiver")}
	case utf8.RuneCountInString(receiver) > longest()["link_receiver"]:
		return &fault{Field: "link_receiver", Text: v.say("error.long")}
	}
	return nil
}

// endLink takes a link back.
func (s *site) endLink(v *visit) error {
	at, key, done, err := s.acting(v, "end\n"+v.entered("link"))
	if err != nil || done {
		return err
	}
	id, err := uuid.Parse(v.entered("link"))
	if err == nil {
		err = s.Desk.DB().Change(v.Request.Context(), at.ref.Tenant, subject(at.row.ID), func(ctx context.Context, tx *storage.Tx) error {
			return s.Desk.EndTransmissionLink(ctx, tx, at.ref, key, id)
		})
	} else {
		err = storage.ErrNotFound
	}
	if _, refused := casework.RefusalOf(err); refused || errors.Is(err, storage.ErrNotFound) { // it has ended already: the page shows how
		return s.showTransmit(v, http.StatusOK, at, transmitPage{})
	}
	if err != nil {
		return linkDead(err)
	}
	return s.showTransmit(v, http.StatusOK, at, transmitPage{notice: v.say("link.ended")})
}
