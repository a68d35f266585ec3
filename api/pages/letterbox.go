package pages

import (
	"context"
	"net/http"
	"unicode/utf8"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

// letterbox is a room with one text to be written in it: a statement, an appeal. Its name stands before the keys of its words.
type letterbox struct {
	name string
	most int
	// take keeps the text, once per key.
	take func(ctx context.Context, at standing, key, text string) error
}

func (s *site) letterboxes() []letterbox {
	return []letterbox{
		{name: "statement", most: casework.MaxStatement, take: func(ctx context.Context, at standing, key, text string) error {
			return s.Desk.MakeStatement(ctx, at.ref, subject(at.row.ID), key, text)
		}},
		{name: "appeal", most: casework.MaxAppeal, take: func(ctx context.Context, at standing, key, text string) error {
			return s.Desk.DB().Change(ctx, at.ref.Tenant, subject(at.row.ID), func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.Desk.Appeal(ctx, tx, at.ref, key, casework.NewAppeal{Text: text, Channel: "form"})
				return err
			})
		}},
	}
}

// showLetterbox shows the place for the text; draft is what was written and not kept.
func (s *site) showLetterbox(v *visit, b letterbox, status int, at standing, draft string, faults []fault) error {
	page := s.roomView(v, b.name, at)
	page.Faults, page.Draft, page.MaxDraft = faults, draft, b.most
	var err error
	if page.Pass, err = newPass(v.tenant, at.row.ID, s.Clock.Now()); err != nil {
		return err
	}
	v.show(status, "letterbox", page)
	return nil
}

// takeLetter keeps what the person wrote.
func (s *site) takeLetter(b letterbox) func(*visit) error {
	return func(v *visit) error {
		at, err := s.lookUp(v)
		if err != nil {
			return err
		}
		words := v.entered("text")
		key, done, err := s.within(v, b.name, at, words)
		if err != nil || done {
			return err
		}
		if v.wait > 0 {
			return s.showLetterbox(v, b, http.StatusTooManyRequests, at, words, []fault{v.busyFault(v.wait)})
		}
		if v.sent.unread != nil {
			status, said := v.unread()
			said.Field = "text"
			return s.showLetterbox(v, b, status, at, words, []fault{said})
		}
		switch n := utf8.RuneCountInString(words); {
		case n == 0:
			return s.showLetterbox(v, b, http.StatusUnprocessableEntity, at, words, []fault{{Field: "text", Text: v.say("error.answer")}})
		case n > b.most:
			return s.showLetterbox(v, b, http.StatusUnprocessableEntity, at, words, []fault{{Field: "text", Text: v.say("error.long")}})
		}
		err = b.take(v.Request.Context(), at, key, words)
		if _, refused := casework.RefusalOf(err); refused {
			s.showStatus(v, http.StatusConflict, at, v.say(b.name+".none"), nil)
			return nil
		}
		if err != nil {
			return linkDead(err)
		}
		return s.statusAfter(v, b.name+".done", func(*standing) {})
	}
}
