package pages

import (
	"errors"
	"net/http"

	"github.com/privacy-docket/docket/storage"
)

// room is a page of a request that opens with a code: the link alone shows nothing of what is in it.
type room struct {
	// name stands in the address, and before the keys of its words.
	name string
	// show shows what is in it, to whoever had the code.
	show func(v *visit, at standing) error
}

func (s *site) rooms() []room {
	all := []room{
		{name: "messages", show: func(v *visit, at standing) error { return s.showMessages(v, http.StatusOK, at, v.draft(), "", nil) }},
		{name: "transmit", show: func(v *visit, at standing) error {
			return s.showTransmit(v, http.StatusOK, at, transmitPage{})
		}},
		{name: "documents", show: func(v *visit, at standing) error { return s.showDocuments(v, http.StatusOK, at, "", nil) }},
		{name: "data", show: func(v *visit, at standing) error { return s.showData(v, http.StatusOK, at, nil) }},
	}
	for _, b := range s.letterboxes() {
		all = append(all, room{name: b.name, show: func(v *visit, at standing) error {
			return s.showLetterbox(v, b, http.StatusOK, at, v.draft(), nil)
		}})
	}
	return all
}

// door shows the way in.
func (s *site) door(r room) func(*visit) error {
	return func(v *visit) error {
		at, err := s.lookUp(v)
		if err != nil {
			return err
		}
		s.askForCode(v, r.name, http.StatusOK, at, false, "", nil)
		return nil
	}
}

// sendKey sends the code that opens a room.
func (s *site) sendKey(r room) func(*visit) error {
	return func(v *visit) error {
		at, err := s.lookUp(v)
		if err != nil {
			return err
		}
		err = s.Desk.SendCode(v.Request.Context(), at.ref, subject(at.row.ID), storage.CodeForConversation)
		if wrong := v.codeFault(err); wrong != nil {
			s.askForCode(v, r.name, http.StatusTooManyRequests, at, true, "", []fault{*wrong})
			return nil
		}
		if err != nil {
			return linkDead(err)
		}
		s.askForCode(v, r.name, http.StatusOK, at, true, v.say("download.sent"), nil)
		return nil
	}
}

// enter opens a room to whoever has the code.
func (s *site) enter(r room) func(*visit) error {
	return func(v *visit) error {
		at, err := s.lookUp(v)
		if err != nil {
			return err
		}
		err = s.Desk.AnswerConversationCode(v.Request.Context(), at.ref, v.entered("code"))
		if wrong := v.codeFault(err); wrong != nil {
			s.askForCode(v, r.name, http.StatusUnprocessableEntity, at, true, "", []fault{*wrong})
			return nil
		}
		if err != nil {
			return linkDead(err)
		}
		return r.show(v, at)
	}
}

func (s *site) askForCode(v *visit, room string, status int, at standing, sent bool, notice string, faults []fault) {
	page := s.roomView(v, room, at)
	page.AskCode, page.Notice, page.Faults, page.Draft = sent, notice, faults, v.draft()
	v.show(status, "unlock", page)
}

func (s *site) roomView(v *visit, room string, at standing) view {
	base := "/" + v.tenant.Slug + "/status/" + v.Param("token")
	return view{Title: v.say(room+".title", "reference", at.row.Reference), Here: base + "/" + room, Base: base, Room: room}
}

// within checks the pass of a page that was opened with a code, and gives the key that makes what was sent with it count once. done says that
// the visit has been answered: the pass is past its time, or not all of the form came.
func (s *site) within(v *visit, room string, at standing, text string) (key string, done bool, err error) {
	key, err = checkPass(v.tenant, at.row.ID, v.sent.values.Get("pass"), text, s.Clock.Now())
	if !errors.Is(err, errStale) {
		return key, false, err
	}
	stale := "messages.stale"
	switch room {
	case "documents": // no page can carry a file
		stale = "documents.stale"
	case "transmit":
		stale = "transmit.stale"
	}
	status, said := http.StatusForbidden, fault{Text: v.say(stale)}
	if v.sent.unread != nil {
		status, said = v.unread()
	}
	s.askForCode(v, room, status, at, false, "", []fault{said})
	return "", true, nil
}
