package pages

import (
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

// said is one text of the conversation, as the page shows it.
type said struct {
	Own              bool
	Who, When, Words string
}

// draft is what the person wrote and has not sent: it goes with the pages until they have shown the code again.
func (v *visit) draft() string {
	text := []rune(v.entered("text"))
	return string(text[:min(len(text), casework.MaxEntry)])
}

// showMessages shows the conversation with a place to answer in; draft is what was written and not kept.
func (s *site) showMessages(v *visit, status int, at standing, draft, notice string, faults []fault) error {
	entries, err := s.Desk.ShowConversation(v.Request.Context(), at.ref)
	if err != nil {
		return linkDead(err)
	}
	page := s.roomView(v, "messages", at)
	page.Notice, page.Faults, page.Draft, page.MaxDraft = notice, faults, draft, casework.MaxEntry
	if page.Pass, err = newPass(v.tenant, at.row.ID, s.Clock.Now()); err != nil {
		return err
	}
	for _, e := range entries {
		line := said{Own: e.Sender == storage.FromPerson, Who: v.tenant.Name, Words: e.Body}
		line.When = notify.FormatMoment(notify.Language(v.language), e.At.In(v.tenant.Zone))
		if line.Own {
			line.Who = v.say("messages.you")
		}
		page.Said = append(page.Said, line)
	}
	v.show(status, "messages", page)
	return nil
}

// reply keeps what the person wrote. The page that was opened with the code carries a pass; when its time is over the
// person is asked for a code again, and what they wrote waits in the page.
func (s *site) reply(v *visit) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	text := v.entered("text")
	key, done, err := s.within(v, "messages", at, text)
	if err != nil || done {
		return err
	}
	if v.wait > 0 {
		return s.showMessages(v, http.StatusTooManyRequests, at, text, "", []fault{v.busyFault(v.wait)})
	}
	if v.sent.unread != nil {
		status, said := v.unread()
		said.Field = "text"
		return s.showMessages(v, status, at, text, "", []fault{said})
	}
	if wrong := v.replyFault(text); wrong != nil {
		return s.showMessages(v, http.StatusUnprocessableEntity, at, text, "", []fault{*wrong})
	}
	signal, err := s.Desk.Reply(v.Request.Context(), at.ref, key, text)
	if errors.Is(err, casework.ErrTooManyReplies) {
		return s.showMessages(v, http.StatusTooManyRequests, at, text, "", []fault{{Field: "text", Text: v.say("error.replies")}})
	}
	if err != nil {
		return linkDead(err)
	}
	if signal.WorkflowID != "" {
		s.tell(v.Request.Context(), signal)
	}
	return s.showMessages(v, http.StatusOK, at, "", v.say("messages.sent"), nil)
}

func (v *visit) replyFault(text string) *fault {
	switch {
	case text == "":
		return &fault{Field: "text", Text: v.say("error.answer")}
	case utf8.RuneCountInString(text) > casework.MaxEntry:
		return &fault{Field: "text", Text: v.say("error.long")}
	default:
		return nil
	}
}
