package pages

import (
	"context"
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// transmitted is what was sent to another controller, or tried, as the page shows it.
type transmitted struct{ When, Receiver, State string }

// showTransmit shows what was sent, and where the person says whom what they take along is to go to; in is what they entered.
func (s *site) showTransmit(v *visit, status int, at standing, in casework.NewTransmission, faults []fault) error {
	page := s.roomView(v, "transmit", at)
	page.Faults = faults
	err := s.Desk.DB().Read(v.Request.Context(), at.ref.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		may, all, err := s.Desk.Transmittable(ctx, tx, at.row)
		if err != nil {
			return err
		}
		page.MayTransmit = may
		for _, one := range all {
			when := notify.FormatMoment(notify.Language(v.language), one.AskedAt.In(v.tenant.Zone))
			page.Transmitted = append(page.Transmitted, transmitted{When: when, Receiver: one.Name, State: v.say("transmit.state." + one.State)})
		}
		return nil
	})
	if err != nil {
		return linkDead(err)
	}
	page.Fields = v.described([]field{
		{Name: "transmit_receiver", Type: "text", Value: in.Name, Complete: "off"}, {Name: "transmit_address", Type: "url", Value: in.Address, Complete: "off"},
	}, false, page)
	if page.Pass, err = newPass(v.tenant, at.row.ID, s.Clock.Now()); err != nil {
		return err
	}
	v.show(status, "transmit", page)
	return nil
}

// transmit has what the person takes along sent.
func (s *site) transmit(v *visit) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	in := casework.NewTransmission{Receiver: storage.Receiver{Name: v.entered("transmit_receiver"), Address: v.entered("transmit_address")}, Local: s.Local}
	key, err := checkPass(v.tenant, at.row.ID, v.sent.values.Get("pass"), in.Name+"\n"+in.Address, s.Clock.Now())
	switch {
	case v.sent.unread != nil:
		status, said := v.unread()
		return s.showTransmit(v, status, at, in, []fault{said})
	case errors.Is(err, errStale):
		s.askForCode(v, "transmit", http.StatusForbidden, at, false, "", []fault{{Text: v.say("transmit.stale")}})
		return nil
	case err != nil:
		return err
	case v.wait > 0:
		return s.showTransmit(v, http.StatusTooManyRequests, at, in, []fault{v.busyFault(v.wait)})
	}
	if faults := v.transmitFaults(in); len(faults) > 0 {
		return s.showTransmit(v, http.StatusUnprocessableEntity, at, in, faults)
	}
	id, err := s.askToTransmit(v.Request.Context(), at, key, in)
	if refusal, refused := casework.RefusalOf(err); refused {
		s.Log.Debug("a transmission was refused", zap.String("code", refusal.Code))
		return s.showTransmit(v, http.StatusConflict, at, in, []fault{{Field: "transmit_address", Text: v.say("error.transmit_address")}})
	}
	if err != nil {
		return linkDead(err)
	}
	s.startTransmission(v.Request.Context(), at, id)
	return s.statusAfter(v, "transmit.done", func(*standing) {})
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
