package pages

import (
	"context"
	"net/http"
	"unicode/utf8"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// transmitted is what was sent to another controller, or tried, as the page shows it.
type transmitted struct{ When, Receiver, State string }

// transmitPage is what the page about other controllers has beside what stands in the register.
type transmitPage struct {
	// sending and receiver are what the person entered, to have it sent and to make a link.
	sending  casework.NewTransmission
	receiver string
	notice   string
	faults   []fault
	// made is a link that was made just now.
	made *madeLink
}

// showTransmit shows where what the person takes along went, and where they say whom it is to go to.
func (s *site) showTransmit(v *visit, status int, at standing, with transmitPage) error {
	page := s.roomView(v, "transmit", at)
	page.Notice, page.Faults, page.Made = with.notice, with.faults, with.made
	var along casework.PassingAlong
	err := s.Desk.DB().Read(v.Request.Context(), at.ref.Tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		along, err = s.Desk.Transmittable(ctx, tx, at.row)
		return err
	})
	if err != nil {
		return linkDead(err)
	}
	page.MayTransmit, page.MayLink = along.MaySend, along.MayLink
	for _, one := range along.Sent {
		page.Transmitted = append(page.Transmitted, transmitted{When: v.moment(one.AskedAt), Receiver: one.Name, State: v.say("transmit.state." + one.State)})
	}
	for _, link := range along.Links {
		page.Linked = append(page.Linked, v.linkedAs(link))
	}
	page.Fields = v.described([]field{
		{Name: "transmit_receiver", Type: "text", Value: with.sending.Name, Complete: "off"}, {Name: "transmit_address", Type: "url", Value: with.sending.Address, Complete: "off"},
	}, false, page)
	page.LinkFields = v.described([]field{{Name: "link_receiver", Type: "text", Value: with.receiver, Complete: "off"}}, false, page)
	if page.Pass, err = newPass(v.tenant, at.row.ID, s.Clock.Now()); err != nil {
		return err
	}
	v.show(status, "transmit", page)
	return nil
}

// transmit has what the person takes along sent.
func (s *site) transmit(v *visit) error {
	in := casework.NewTransmission{Receiver: storage.Receiver{Name: v.entered("transmit_receiver"), Address: v.entered("transmit_address")}, Local: s.Local}
	at, key, done, err := s.acting(v, in.Name+"\n"+in.Address)
	if err != nil || done {
		return err
	}
	if faults := v.transmitFaults(in); len(faults) > 0 {
		return s.showTransmit(v, http.StatusUnprocessableEntity, at, transmitPage{sending: in, faults: faults})
	}
	id, err := s.askToTransmit(v.Request.Context(), at, key, in)
	if refusal, refused := casework.RefusalOf(err); refused {
		s.Log.Debug("a transmission was refused", zap.String("code", refusal.Code))
		return s.showTransmit(v, http.StatusConflict, at, transmitPage{sending: in, faults: []fault{{Field: "transmit_address", Text: v.say("error.transmit_address")}}})
	}
	if err != nil {
		return linkDead(err)
	}
	s.startTransmission(v.Request.Context(), at, id)
	return s.statusAfter(v, "transmit.done", func(*standing) {})
}

// acting is the case and the key of a form of the page about other controllers, which was opened with a code; done says that the visit has been answered.
func (s *site) acting(v *visit, text string) (at standing, key string, done bool, err error) {
	if at, err = s.lookUp(v); err != nil {
		return at, "", false, err
	}
	if key, done, err = s.within(v, "transmit", at, text); err != nil || done {
		return at, "", done, err
	}
	if v.sent.unread != nil {
		status, said := v.unread()
		return at, "", true, s.showTransmit(v, status, at, transmitPage{faults: []fault{said}})
	}
	return at, key, false, nil
}

func (v *visit) transmitFaults(in casework.NewTransmission) (faults []fault) {
	for name, value := range map[string]string{"transmit_receiver": in.Name, "transmit_address": in.Address} {
		switch {
		case value == "":
			faults = append(faults, fault{Field: name, Text: v.say("error." + name)})
		case utf8.RuneCountInString(value) > longest()[name]:
			faults = append(faults, fault{Field: name, Text: v.say("error.long")})
		}
	}
	return faults
}

func (s *site) askToTransmit(ctx context.Context, at standing, key string, in casework.NewTransmission) (id uuid.UUID, err error) {
	err = s.Desk.DB().Change(ctx, at.ref.Tenant, subject(at.row.ID), func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = s.Desk.Transmit(ctx, tx, at.ref, key, in)
		return err
	})
	return id, err
}

// startTransmission has it begin at once. Sent twice it has no id the second time: it has begun, or a relay begins it.
func (s *site) startTransmission(ctx context.Context, at standing, id uuid.UUID) {
	if id == uuid.Nil {
		return
	}
	if err := s.Engine.Transmit(context.WithoutCancel(ctx), contract.TransmissionInput{Ref: at.ref, Transmission: id}); err != nil {
		s.Log.Warn("a transmission was not started at once; the relay will", zap.Error(err))
	}
}
