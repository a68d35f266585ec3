package pages

import (
	"net/http"
	"unicode/utf8"

	"github.com/privacy-docket/docket/casework"
)

// showStatement shows the place for a statement; draft is what was written and not kept.
func (s *site) showStatement(v *visit, status int, at standing, draft string, faults []fault) error {
	page := s.roomView(v, "statement", at)
	page.Faults, page.Draft, page.MaxDraft = faults, draft, casework.MaxStatement
	var err error
	if page.Pass, err = newPass(v.tenant, at.row.ID, s.Clock.Now()); err != nil {
		return err
	}
	v.show(status, "statement", page)
	return nil
}

// makeStatement keeps what the person wants to stand beside data that was not corrected.
func (s *site) makeStatement(v *visit) error {
	at, err := s.lookUp(v)
	if err != nil {
		return err
	}
	words := v.entered("text")
	key, done, err := s.within(v, "statement", at, words)
	if err != nil || done {
		return err
	}
	if v.wait > 0 {
		return s.showStatement(v, http.StatusTooManyRequests, at, words, []fault{v.busyFault(v.wait)})
	}
	if v.sent.unread != nil {
		status, said := v.unread()
		said.Field = "text"
		return s.showStatement(v, status, at, words, []fault{said})
	}
	switch n := utf8.RuneCountInString(words); {
	case n == 0:
		return s.showStatement(v, http.StatusUnprocessableEntity, at, words, []fault{{Field: "text", Text: v.say("error.answer")}})
	case n > casework.MaxStatement:
		return s.showStatement(v, http.StatusUnprocessableEntity, at, words, []fault{{Field: "text", Text: v.say("error.long")}})
	}
	err = s.Desk.MakeStatement(v.Request.Context(), at.ref, subject(at.row.ID), key, words)
	if _, refused := casework.RefusalOf(err); refused {
		s.showStatus(v, http.StatusConflict, at, v.say("statement.none"), nil)
		return nil
	}
	if err != nil {
		return linkDead(err)
	}
	return s.statusAfter(v, "statement.done", func(*standing) {})
}
